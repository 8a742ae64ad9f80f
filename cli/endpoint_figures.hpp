// The figures of an endpoint's model card as SVG.
#pragma once
#include <string>

#include "cli/endpoint_card.hpp"

namespace theriac::cli {

/// Numbers: observed against predicted, the diagonal, and the band of the prediction intervals. At most 2,000
/// molecules are drawn, evenly chosen.
std::string observed_figure(const EndpointCard& card, const CardSplit& split);
/// Classes: how often a said probability came true, in ten bins of equal mass with 95 % intervals, and how
/// the probabilities are spread.
std::string reliability_figure(const EndpointCard& card, const CardSplit& split);
/// By similarity to the nearest training molecule: coverage of the intervals; of classes the said and the
/// true share of class 1.
std::string similarity_figure(const EndpointCard& card, const CardSplit& split);

}  // namespace theriac::cli
