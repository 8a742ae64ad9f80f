// What `theriac train properties-network` left in its folder: the network, and what it said of molecules
// while they were held out.
#pragma once
#include <map>
#include <memory>
#include <string>

#include "scoring/endpoint_model.hpp"
#include "scoring/message_network.hpp"

namespace theriac::cli {

class NetworkRun {
 public:
  /// Throws InputError and ModelError when the folder lacks hold-out.csv or properties-network.safetensors,
  /// or these cannot be read.
  explicit NetworkRun(const std::string& folder);

  const std::string& file() const { return file_; }
  std::shared_ptr<const scoring::MessageNetwork> network() const { return network_; }
  /// Per row of the set: what the network without the row's scaffold said; NaN for rows that it learned from.
  scoring::NetworkEvidence evidence(const scoring::Endpoint& endpoint,
                                    const scoring::MoleculeLibrary& library,
                                    const scoring::MeasuredSet& measured) const;
  /// What the network says of molecules of the library, on the model's scale.
  scoring::Values raw(const scoring::Endpoint& endpoint, const scoring::MoleculeLibrary& library,
                      const std::vector<std::uint32_t>& molecules) const;

 private:
  std::string file_;
  std::shared_ptr<const scoring::MessageNetwork> network_;
  std::map<std::string, std::map<std::string, double>> held_out_;  ///< task, canonical SMILES, prediction
};

}  // namespace theriac::cli
