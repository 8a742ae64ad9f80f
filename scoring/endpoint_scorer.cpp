#include <fmt/format.h>
#include <fmt/ranges.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <optional>

#include "chem/error.hpp"
#include "chem/nearest_in_groups.hpp"
#include "chem/nearest_name.hpp"
#include "scoring/device_network.hpp"
#include "scoring/endpoint_set.hpp"

namespace theriac::scoring {
namespace {

constexpr std::size_t lanes = BoostedTrees::lanes;

std::shared_ptr<const ScoreKind> kind_of(const EndpointModel& model, const std::string& version) {
  const Endpoint& e = model.endpoint;
  auto kind = std::make_shared<ScoreKind>();
  kind->name = e.name;
  kind->unit = e.unit;
  kind->direction = e.direction;
  kind->method =
      fmt::format("{}; boosted trees{} on {} molecules{}", e.meaning,
                  model.network_weight > 0 ? " and a message-passing network" : "", model.training.size(),
                  e.kind == EndpointKind::value ? ", 90 % interval" : ", calibrated, 90 % class set");
  kind->version = version;
  kind->estimated = true;
  kind->of_class = e.kind == EndpointKind::probability;
  return kind;
}

using Nearest = chem::NearestInGroups::Found;

/// Bins of up to 64 molecules side by side.
class Block {
 public:
  explicit Block(const FeatureBins& bins) : bins_(bins), cells_(bins.columns() * lanes) {}
  /// Once for each lane.
  void set(std::size_t lane, const chem::MolecularFeatures& features) {
    bins_.fill_zeros(features, cells_.data() + lane, lanes);
  }
  const std::uint8_t* data() const { return cells_.data(); }

 private:
  const FeatureBins& bins_;
  std::vector<std::uint8_t> cells_;
};

}  // namespace

struct EndpointScorer::Implementation {
  std::shared_ptr<const EndpointSet> set;
  std::vector<const EndpointModel*> models;
  std::vector<std::shared_ptr<const ScoreKind>> kinds;
  std::vector<std::size_t> network_column;  ///< per model: of the network's outputs
  bool uses_network = false;
  std::shared_ptr<const DeviceNetwork> elsewhere;  ///< null: the network computes here
  std::optional<chem::NearestInGroups> training;   ///< molecules, a group per model

  explicit Implementation(std::shared_ptr<const EndpointSet> of) : set(std::move(of)) {}

  /// Rows first to last - 1, at most 64 of them. `computed`: outputs of the network for all molecules, where
  /// a device computed them; else empty.
  void score_block(const std::vector<chem::Molecule>& molecules, std::size_t first, std::size_t last,
                   const std::vector<double>& computed, std::vector<ScoreRow>& rows) const {
    Block block(set->bins());
    for (std::size_t i = first; i < last; ++i) block.set(i - first, chem::molecular_features(molecules[i]));
    std::vector<std::array<float, lanes>> raw(models.size());
    for (std::size_t k = 0; k < models.size(); ++k) models[k]->predict_raw(block.data(), raw[k].data());
    const auto network =
        computed.empty() ? network_outputs(molecules, first, last) : part_of(computed, first, last);
    for (std::size_t i = first; i < last; ++i) {
      const auto nearest = nearest_of(molecules[i]);
      rows[i].scores.reserve(models.size());
      for (std::size_t k = 0; k < models.size(); ++k)
        rows[i].scores.push_back(
            score_of(k, with_network(k, raw[k][i - first], network, i - first), nearest[k]));
    }
  }

  /// For each model the nearest molecule that it was trained on, of equals the first.
  std::vector<Nearest> nearest_of(const chem::Molecule& molecule) const {
    return training->nearest(chem::morgan_fingerprint(molecule, MoleculeLibrary::fingerprint_radius,
                                                      MoleculeLibrary::fingerprint_bits));
  }

  std::vector<double> part_of(const std::vector<double>& computed, std::size_t first,
                              std::size_t last) const {
    const std::size_t width = set->network()->tasks().size();
    return {computed.begin() + static_cast<std::ptrdiff_t>(first * width),
            computed.begin() + static_cast<std::ptrdiff_t>(last * width)};
  }

  std::vector<double> network_outputs(const std::vector<chem::Molecule>& molecules, std::size_t first,
                                      std::size_t last) const {
    if (!uses_network) return {};
    const auto begin = molecules.begin();
    return set->network()->predict(
        {begin + static_cast<std::ptrdiff_t>(first), begin + static_cast<std::ptrdiff_t>(last)});
  }

  /// Trees and network together for the m-th molecule of the block.
  double with_network(std::size_t k, double trees, const std::vector<double>& network, std::size_t m) const {
    if (models[k]->network_weight <= 0) return trees;
    const double said = network[m * set->network()->tasks().size() + network_column[k]];
    return models[k]->mixed(trees, raw_scale(models[k]->endpoint, said));
  }

  Score score_of(std::size_t k, double raw, const Nearest& nearest) const {
    const auto prediction = models[k]->finished(raw, nearest.similarity);
    Score score;
    score.kind = kinds[k];
    score.value = prediction.value;
    score.low = prediction.low;
    score.high = prediction.high;
    score.classes = prediction.classes;
    score.domain = models[k]->calibration.domain(nearest.similarity);
    score.neighbour = set->smiles()[nearest.member];
    score.neighbour_similarity = nearest.similarity;
    return score;
  }
};

std::shared_ptr<const DeviceNetwork> network_on_device(const EndpointSet& set, const std::string& device) {
  if (device == "cpu" || !set.network()) return nullptr;
  return std::make_shared<const DeviceNetwork>(*set.network(), device);
}

EndpointScorer::EndpointScorer(std::shared_ptr<const EndpointSet> set, const std::vector<std::string>& wanted,
                               std::shared_ptr<const DeviceNetwork> elsewhere)
    : implementation_(std::make_unique<Implementation>(std::move(set))) {
  auto& it = *implementation_;
  it.elsewhere = std::move(elsewhere);
  const auto& meta = it.set->metadata();
  const std::string version = meta.count("version") ? meta.at("version") : "unpublished";
  std::vector<std::string> names;
  for (const auto& model : it.set->models()) names.push_back(model.endpoint.name);
  for (const std::string& name : wanted.empty() ? names : wanted) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      const std::string near = chem::nearest_name(name, names);
      throw UsageError(fmt::format("there is no trained endpoint '{}'{}", name,
                                   near.empty() ? "" : fmt::format(", did you mean '{}'?", near)),
                       fmt::format("known: {}", fmt::join(names, ", ")));
    }
    it.models.push_back(&it.set->models()[static_cast<std::size_t>(found - names.begin())]);
    it.kinds.push_back(kind_of(*it.models.back(), version));
    it.network_column.push_back(0);
    if (it.models.back()->network_weight <= 0) continue;
    it.uses_network = true;
    if (!it.set->network())
      throw ModelError(fmt::format("'{}' needs a network that its set does not have", name));
    const auto& tasks = it.set->network()->tasks();
    while (tasks[it.network_column.back()].name != it.models.back()->endpoint.network_task)
      ++it.network_column.back();
  }
  std::vector<const std::vector<std::uint32_t>*> groups;
  for (const auto* model : it.models) groups.push_back(&model->training);
  it.training.emplace(it.set->fingerprints(), std::move(groups));
}

EndpointScorer::~EndpointScorer() = default;

const std::vector<std::shared_ptr<const ScoreKind>>& EndpointScorer::kinds() const {
  return implementation_->kinds;
}

std::vector<ScoreRow> EndpointScorer::score(const std::vector<chem::Molecule>& molecules) const {
  std::vector<ScoreRow> rows(molecules.size());
  // a device wants all molecules at once, the processor's caches few
  const bool away = implementation_->elsewhere && implementation_->uses_network;
  const auto computed = away ? implementation_->elsewhere->predict(molecules) : std::vector<double>{};
  const std::size_t blocks = (molecules.size() + lanes - 1) / lanes;
  tbb::parallel_for(std::size_t{0}, blocks, [&](std::size_t block) {
    const std::size_t first = block * lanes;
    implementation_->score_block(molecules, first, std::min(first + lanes, molecules.size()), computed, rows);
  });
  return rows;
}

const EndpointModel& EndpointScorer::model(std::size_t k) const {
  return *implementation_->models.at(k);
}

std::vector<std::vector<double>> EndpointScorer::atom_contributions(
    const chem::Molecule& molecule, const std::vector<std::size_t>& kinds) const {
  const auto features = chem::features_without_each_atom(molecule);  // the whole molecule first
  std::vector<std::vector<double>> out(kinds.size());
  std::vector<double> whole(kinds.size());
  for (std::size_t first = 0; first < features.size(); first += lanes) {
    Block block(implementation_->set->bins());
    const std::size_t n = std::min(lanes, features.size() - first);
    for (std::size_t i = 0; i < n; ++i) block.set(i, features[first + i]);
    float raw[lanes];
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      implementation_->models.at(kinds[k])->predict_raw(block.data(), raw);
      if (first == 0) whole[k] = raw[0];
      for (std::size_t i = first == 0 ? 1 : 0; i < n; ++i) out[k].push_back(whole[k] - raw[i]);
    }
  }
  return out;
}

std::vector<double> EndpointScorer::atom_contributions(const chem::Molecule& molecule, std::size_t k) const {
  return atom_contributions(molecule, std::vector<std::size_t>{k}).front();
}

}  // namespace theriac::scoring
