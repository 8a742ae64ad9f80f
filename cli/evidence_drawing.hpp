// Evidence paths as a small graph: the drug at the left, the disease at the right, what lies between in
// columns. SVG without script or fonts of its own; equal input gives equal bytes.
#pragma once
#include <string>
#include <vector>

#include "datasets/store.hpp"
#include "repurpose/evidence.hpp"

namespace theriac::cli {

/// A path with what it adds to the logit: its share of the contribution of its line, of all lines that it
/// belongs to.
struct WeighedPath {
  const repurpose::EvidencePath* path = nullptr;
  std::size_t line = 0;  ///< index into Ranking::lines: the one it adds most to
  double logit = 0;
};

/// Of the lines that speak for the drug, the paths that add most, each once; at most `most`. They point into
/// `evidence`.
std::vector<WeighedPath> strongest_paths(const datasets::Store& store,
                                         const std::vector<repurpose::Evidence>& evidence, std::size_t most);

/// The strongest paths of all lines, at most `most` of them; the thicker a link, the more it carries. Empty
/// when there are no paths.
std::string evidence_drawing(const datasets::Store& store, const std::vector<repurpose::Evidence>& evidence,
                             std::size_t most = 8);

/// "binds", "linked", "treats": a link as words between its two ends.
std::string link_words(const repurpose::PathLink& link);

/// A path as one line: "tofacitinib - binds JAK1 - linked to rheumatoid arthritis".
std::string path_words(const datasets::Store& store, const repurpose::EvidencePath& path);

}  // namespace theriac::cli
