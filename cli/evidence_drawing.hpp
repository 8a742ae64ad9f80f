// Evidence paths as a small graph: the drug at the left, the disease at the right, what lies between in
// columns. SVG without script or fonts of its own; equal input gives equal bytes.
#pragma once
#include <string>
#include <vector>

#include "datasets/store.hpp"
#include "repurpose/evidence.hpp"

namespace theriac::cli {

/// The strongest paths of all lines, at most `most` of them; the thicker a link, the more it carries. Empty
/// when there are no paths.
std::string evidence_drawing(const datasets::Store& store, const std::vector<repurpose::Evidence>& evidence,
                             std::size_t most = 8);

/// "binds", "linked", "treats": a link as words between its two ends.
std::string link_words(const repurpose::PathLink& link);

/// A path as one line: "tofacitinib - binds JAK1 - linked to rheumatoid arthritis".
std::string path_words(const datasets::Store& store, const repurpose::EvidencePath& path);

}  // namespace theriac::cli
