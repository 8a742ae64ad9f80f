// Which proteins are learned and which are held out: drawn at random, and no relative of a held-out one stays
// among the learned (protein_relatives.hpp).
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "generative/protein_relatives.hpp"

namespace theriac::generative {

enum class ProteinPart : std::uint8_t {
  learned,
  held_out,
  relative,  ///< of a held-out one, or of one kept apart: in neither
};

/// `held_out` of `proteins` are drawn (at most a tenth); `apart`: further ones whose relatives are not to be
/// learned. Repeated sequences count as relatives of each other. A pure function of its arguments.
std::vector<ProteinPart> split_proteins(const std::vector<std::string_view>& proteins, std::size_t held_out,
                                        std::uint64_t seed, const std::vector<std::string_view>& apart = {},
                                        const RelativeRule& rule = {});

}  // namespace theriac::generative
