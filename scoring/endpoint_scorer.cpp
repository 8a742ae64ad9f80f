#include <fmt/format.h>
#include <fmt/ranges.h>
#include <tbb/parallel_for.h>

#include <algorithm>

#include "chem/bulk_similarity.hpp"
#include "chem/error.hpp"
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
                  e.kind == EndpointKind::value ? ", 90 % interval" : ", calibrated");
  kind->version = version;
  kind->estimated = true;
  return kind;
}

/// The molecule nearest to a query among some of a library.
struct Nearest {
  std::uint32_t place = 0;
  float similarity = -1;
};

/// Near enough that a large training set nearly always has one such molecule.
constexpr float near = 0.2f;

/// Bins of up to 64 molecules side by side.
class Block {
 public:
  explicit Block(const FeatureBins& bins)
      : bins_(bins), row_(bins.columns()), cells_(bins.columns() * lanes) {}
  void set(std::size_t lane, const chem::MolecularFeatures& features) {
    bins_.fill(features, row_.data());
    for (std::size_t c = 0; c < row_.size(); ++c) cells_[c * lanes + lane] = row_[c];
  }
  const std::uint8_t* data() const { return cells_.data(); }

 private:
  const FeatureBins& bins_;
  std::vector<std::uint8_t> row_, cells_;
};

}  // namespace

struct EndpointScorer::Implementation {
  std::shared_ptr<const EndpointSet> set;
  std::vector<const EndpointModel*> models;
  std::vector<std::shared_ptr<const ScoreKind>> kinds;
  chem::BulkSimilarity library;
  std::vector<std::size_t> network_column;  ///< per model: of the network's outputs
  bool uses_network = false;
  std::shared_ptr<const DeviceNetwork> elsewhere;  ///< null: the network computes here
  std::vector<std::vector<std::uint16_t>>
      trained_on;  ///< per molecule of the library: the models that learned from it

  explicit Implementation(std::shared_ptr<const EndpointSet> of)
      : set(std::move(of)), library(set->fingerprints()) {}

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
    const auto nearest = nearest_of(molecules, first, last);
    for (std::size_t i = first; i < last; ++i)
      for (std::size_t k = 0; k < models.size(); ++k)
        rows[i].scores.push_back(
            score_of(k, with_network(k, raw[k][i - first], network, i - first), nearest[i - first][k]));
  }

  /// For each molecule of the block and each model the nearest molecule that the model was trained on, of
  /// equals the first. Most are among the few near ones of the whole library; the others are looked for model
  /// by model.
  std::vector<std::vector<Nearest>> nearest_of(const std::vector<chem::Molecule>& molecules,
                                               std::size_t first, std::size_t last) const {
    chem::FingerprintSet asked(MoleculeLibrary::fingerprint_bits);
    for (std::size_t i = first; i < last; ++i)
      asked.add(chem::morgan_fingerprint(molecules[i], MoleculeLibrary::fingerprint_radius,
                                         MoleculeLibrary::fingerprint_bits));
    const auto found = library.at_least(asked, {0, asked.size()}, near);
    std::vector<std::vector<Nearest>> out(asked.size(), std::vector<Nearest>(models.size()));
    for (std::size_t i = 0; i < asked.size(); ++i) {
      for (const auto& one : found[i])
        for (const auto k : trained_on[one.member])
          if (one.similarity > out[i][k].similarity) out[i][k] = {one.member, one.similarity};
      for (std::size_t k = 0; k < models.size(); ++k) {
        if (out[i][k].similarity >= 0) continue;
        const auto farther = set->fingerprints().nearest_among(asked[i], models[k]->training);
        out[i][k] = {static_cast<std::uint32_t>(farther.index), static_cast<float>(farther.similarity)};
      }
    }
    return out;
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
    score.domain = domain_of(nearest.similarity);
    score.neighbour = set->smiles()[nearest.place];
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
  it.trained_on.assign(it.set->smiles().size(), {});
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
  for (std::size_t k = 0; k < it.models.size(); ++k)
    for (const auto place : it.models[k]->training)
      it.trained_on[place].push_back(static_cast<std::uint16_t>(k));
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
