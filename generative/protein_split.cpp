#include "generative/protein_split.hpp"

#include <algorithm>
#include <numeric>

#include "chem/counter_random.hpp"

namespace theriac::generative {

std::vector<ProteinPart> split_proteins(const std::vector<std::string_view>& proteins, std::size_t held_out,
                                        std::uint64_t seed, const std::vector<std::string_view>& apart,
                                        const RelativeRule& rule) {
  std::vector<std::size_t> order(proteins.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  chem::CounterRandom random(seed, "proteins", "held out");
  const std::size_t n = std::min(held_out, proteins.size() / 10);
  std::vector<ProteinPart> out(proteins.size(), ProteinPart::learned);
  std::vector<std::string_view> references = apart, others;
  for (std::size_t i = 0; i < n; ++i) {
    std::swap(order[i], order[i + random.below(static_cast<std::uint32_t>(order.size() - i))]);
    out[order[i]] = ProteinPart::held_out;
    references.push_back(proteins[order[i]]);
  }
  for (std::size_t i = n; i < order.size(); ++i) others.push_back(proteins[order[i]]);
  if (references.empty()) return out;
  const auto found = relatives(references, others, rule);
  for (std::size_t i = n; i < order.size(); ++i)
    if (found[i - n] >= 0) out[order[i]] = ProteinPart::relative;
  return out;
}

}  // namespace theriac::generative
