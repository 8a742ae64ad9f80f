// Trained endpoints in one file: their trees, what calibrates them, and the molecules they know.
//
// All models share one way to bin features and one library of training molecules, so a molecule is described
// and compared once for all of them. The file is safetensors (datasets/model_file.hpp); what each endpoint
// is, what it was trained on and how well it did stand in its metadata. Where models mix in a message-passing
// network, its file (scoring/message_network.hpp) lies beside this one and is named in the metadata.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "scoring/endpoint_model.hpp"
#include "scoring/message_network.hpp"
#include "scoring/scorer.hpp"

namespace theriac::scoring {

class DeviceNetwork;

class EndpointSet {
 public:
  /// Facts about a model for its card and for `theriac model info`: "rows", "cv_auroc", "trained_on" ...
  using Facts = std::map<std::string, std::string>;

  EndpointSet(FeatureBins bins, std::vector<EndpointModel> models, const MoleculeLibrary& library);
  /// Several sets as one. Throws ModelError when they bin features differently or share an endpoint.
  static EndpointSet joined(const std::vector<EndpointSet>& sets);
  /// Throws InputError and ModelError: no such file, not such a file, made with other features,
  /// contradictions.
  static EndpointSet load(const std::string& path);
  /// Leaves are rounded to float16. Throws StorageError.
  void save(const std::string& path, const std::map<std::string, std::string>& metadata) const;

  const FeatureBins& bins() const { return bins_; }
  const std::vector<EndpointModel>& models() const { return models_; }
  void set_facts(const std::string& endpoint, Facts facts) { facts_[endpoint] = std::move(facts); }
  /// Another calibration and share of the network for an endpoint of the set. Throws UsageError without it.
  void recalibrate(const std::string& endpoint, const EndpointCalibration& calibration,
                   double network_weight);
  /// Empty when there are none.
  const Facts& facts(const std::string& endpoint) const;
  const std::map<std::string, std::string>& metadata() const { return metadata_; }
  /// The network that the models mix in; null when none does. Throws ModelError when it lacks an output that
  /// a model needs.
  void set_network(std::shared_ptr<const MessageNetwork> network, const std::string& file_name);
  const MessageNetwork* network() const { return network_.get(); }
  /// The molecules that any model was trained on.
  const std::vector<std::string>& smiles() const { return smiles_; }
  const chem::FingerprintSet& fingerprints() const { return fingerprints_; }

 private:
  EndpointSet() = default;
  FeatureBins bins_{std::vector<const chem::MolecularFeatures*>{}};
  std::vector<EndpointModel> models_;
  std::map<std::string, Facts> facts_;
  std::map<std::string, std::string> metadata_;
  std::shared_ptr<const MessageNetwork> network_;
  std::string network_file_;
  std::vector<std::string> smiles_;
  chem::FingerprintSet fingerprints_{MoleculeLibrary::fingerprint_bits};
};

/// The network of a set on a device of prediction_device(); null for "cpu" and for a set without a network.
/// Throws what DeviceNetwork throws.
std::shared_ptr<const DeviceNetwork> network_on_device(const EndpointSet& set, const std::string& device);

/// The endpoints of a set as scores.
///
/// `low` and `high` are a 90 % interval (values), `classes` a 90 % set (probabilities). The domain goes by
/// the similarity to the nearest training molecule: `in` from Tanimoto 0.45, `out` below what the endpoint
/// was tested on (EndpointCalibration::known_from). The value stands there whatever the domain.
class EndpointScorer : public Scorer {
 public:
  /// `wanted`: names of endpoints; empty: all. `elsewhere`: the set's network on a device; null: it computes
  /// on the processor, without LibTorch. Throws UsageError for an endpoint that the set lacks.
  explicit EndpointScorer(std::shared_ptr<const EndpointSet> set, const std::vector<std::string>& wanted = {},
                          std::shared_ptr<const DeviceNetwork> elsewhere = nullptr);
  ~EndpointScorer() override;

  const std::vector<std::shared_ptr<const ScoreKind>>& kinds() const override;
  std::vector<ScoreRow> score(const std::vector<chem::Molecule>& molecules) const override;

  /// How much each heavy atom of the molecule moves the trees' prediction of the k-th kind: that on the
  /// model's scale (log odds, or the value or its log10) minus that with the atom overlooked. In the graph's
  /// order.
  std::vector<double> atom_contributions(const chem::Molecule& molecule, std::size_t k) const;
  /// The same of several kinds, for about the work of one.
  std::vector<std::vector<double>> atom_contributions(const chem::Molecule& molecule,
                                                      const std::vector<std::size_t>& kinds) const;
  /// Behind the k-th kind; lives as long as the set.
  const EndpointModel& model(std::size_t k) const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace theriac::scoring
