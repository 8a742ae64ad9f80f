// Which metric stands in which line of the table, and which published figure beside it.
#include <functional>
#include <limits>

#include "cli/distribution_report.hpp"
#include "cli/published_moses.hpp"

namespace theriac::cli {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

/// Reads one figure of a sample.
using Figure = std::function<double(const MeasuredSample&)>;
/// Reads the same figure of a published model.
using PublishedFigure = std::function<double(const PublishedModel&)>;

/// 0 for MOSES' random test set, 1 for its scaffold test set, -1 for any other.
int moses_set(const MeasuredReference& reference) {
  if (reference.records == moses_test_size) return 0;
  return reference.records == moses_scaffold_test_size ? 1 : -1;
}

class LineMaker {
 public:
  explicit LineMaker(const DistributionReportInput& input) : input_(input) {}

  void add(const std::string& key, const std::string& label, const std::string& reference, bool higher,
           const Figure& figure, const PublishedFigure& published) {
    MetricLine line{key,       label, reference, higher, figure(input_.generated), figure(input_.ceiling),
                    undefined, {}};
    if (input_.floor) line.floor = figure(*input_.floor);
    for (const auto& model : published_moses_models())
      line.published.push_back(published ? published(model) : undefined);
    lines_.push_back(std::move(line));
  }
  std::vector<MetricLine> take() { return std::move(lines_); }

 private:
  const DistributionReportInput& input_;
  std::vector<MetricLine> lines_;
};

void add_plain_lines(LineMaker& lines, bool moses) {
  using S = MeasuredSample;
  using P = PublishedModel;
  const auto beside = [moses](PublishedFigure figure) {
    return moses ? std::move(figure) : PublishedFigure();
  };
  lines.add(
      "valid", "valid", "", true, [](const S& s) { return s.figures.valid; },
      beside([](const P& p) { return p.valid; }));
  lines.add(
      "unique_1k", "unique@1k", "", true, [](const S& s) { return s.figures.unique_1k; },
      beside([](const P& p) { return p.unique_1k; }));
  lines.add(
      "unique_10k", "unique@10k", "", true, [](const S& s) { return s.figures.unique_10k; },
      beside([](const P& p) { return p.unique_10k; }));
  lines.add(
      "novelty", "novelty", "", true, [](const S& s) { return s.novelty; },
      beside([](const P& p) { return p.novelty; }));
  lines.add(
      "int_div", "IntDiv", "", true, [](const S& s) { return s.figures.diversity.first; },
      beside([](const P& p) { return p.diversity; }));
  lines.add(
      "int_div_2", "IntDiv2", "", true, [](const S& s) { return s.figures.diversity.second; },
      beside([](const P& p) { return p.diversity_2; }));
  lines.add(
      "filters", "filters", "", true, [](const S& s) { return s.figures.filters; },
      beside([](const P& p) { return p.filters; }));
  lines.add("kl_score", "KL score", "", true, [](const S& s) { return s.kl_score; }, {});
}

void add_reference_lines(LineMaker& lines, const MeasuredReference& reference, std::size_t at, bool chemnet) {
  using S = MeasuredSample;
  using P = PublishedModel;
  const int set = moses_set(reference);
  const auto published = [set](const double(P::*figure)[2]) {
    return set < 0 ? PublishedFigure() : [figure, set](const P& p) { return (p.*figure)[set]; };
  };
  const auto& name = reference.label;
  if (chemnet)
    lines.add(
        "fcd", "FCD", name, false, [at](const S& s) { return s.figures.references[at].frechet; },
        published(&P::fcd));
  lines.add(
      "snn", "SNN", name, true, [at](const S& s) { return s.figures.references[at].snn; },
      published(&P::snn));
  lines.add(
      "frag", "Frag", name, true, [at](const S& s) { return s.figures.references[at].fragments; },
      published(&P::frag));
  lines.add(
      "scaf", "Scaf", name, true, [at](const S& s) { return s.figures.references[at].scaffolds; },
      published(&P::scaf));
}

void add_property_lines(LineMaker& lines, const std::string& name, bool moses) {
  using S = MeasuredSample;
  using P = PublishedModel;
  const auto beside = [moses](PublishedFigure figure) {
    return moses ? std::move(figure) : PublishedFigure();
  };
  lines.add(
      "log_p", "W1 logP", name, false, [](const S& s) { return s.figures.log_p; },
      beside([](const P& p) { return p.log_p; }));
  lines.add(
      "sa", "W1 SA", name, false, [](const S& s) { return s.figures.sa; },
      beside([](const P& p) { return p.sa; }));
  lines.add(
      "qed", "W1 QED", name, false, [](const S& s) { return s.figures.qed; },
      beside([](const P& p) { return p.qed; }));
  lines.add(
      "weight", "W1 weight (Da)", name, false, [](const S& s) { return s.figures.weight; },
      beside([](const P& p) { return p.weight; }));
}

}  // namespace

std::vector<MetricLine> metric_lines(const DistributionReportInput& input) {
  const bool moses = moses_set(input.references.at(0)) == 0;
  LineMaker lines(input);
  add_plain_lines(lines, moses);
  for (std::size_t i = 0; i < input.references.size(); ++i)
    add_reference_lines(lines, input.references[i], i, !input.chemnet_file.empty());
  add_property_lines(lines, input.references[0].label, moses);
  return lines.take();
}

}  // namespace theriac::cli
