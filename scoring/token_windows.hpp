// How a sequence longer than a model reads is cut into windows that overlap by half.
#pragma once
#include <vector>

namespace theriac::scoring {

/// A stretch of a long sequence that is read at once, and the part of it whose numbers count.
struct TokenWindow {
  int begin, end;
  int kept_begin, kept_end;
};

/// What counts of each window is what lies nearer to its middle than to another's.
std::vector<TokenWindow> centred_windows(int length, int size);
/// Of each window the half that has context before it counts, and of the first one all.
std::vector<TokenWindow> windows_with_context(int length, int size);

}  // namespace theriac::scoring
