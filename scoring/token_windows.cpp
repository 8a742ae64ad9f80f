#include "scoring/token_windows.hpp"

#include <algorithm>

namespace theriac::scoring {

std::vector<TokenWindow> centred_windows(int length, int size) {
  if (length <= size) return {{0, length, 0, length}};
  std::vector<TokenWindow> out;
  const int step = std::max(1, size / 2);
  for (int begin = 0;; begin += step) {
    begin = std::min(begin, length - size);
    const int kept = out.empty() ? 0 : (out.back().begin + begin + size) / 2;
    if (!out.empty()) out.back().kept_end = kept;
    out.push_back({begin, begin + size, kept, begin + size});
    if (begin + size == length) return out;
  }
}

std::vector<TokenWindow> windows_with_context(int length, int size) {
  std::vector<TokenWindow> out;
  const int step = std::max(1, size / 2);
  for (int begin = 0, done = 0; done < length; begin += step) {
    const int end = std::min(begin + size, length);
    out.push_back({begin, end, done, end});
    done = end;
  }
  return out;
}

}  // namespace theriac::scoring
