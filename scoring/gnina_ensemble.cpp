#include "scoring/gnina_ensemble.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chem/error.hpp"

namespace theriac::scoring {

GninaVerdict gnina_verdict(const std::vector<GninaOutput>& outputs) {
  if (outputs.empty()) throw UsageError("an ensemble without networks says nothing");
  GninaVerdict verdict;
  const auto n = static_cast<double>(outputs.size());
  for (const auto& output : outputs) {
    verdict.score += output.score / n;
    verdict.affinity += output.affinity / n;
  }
  for (const auto& output : outputs) {
    const double off = output.affinity - verdict.affinity;
    verdict.affinity_variance += off * off / n;
  }
  return verdict;
}

std::vector<std::string> gnina_model_names(const std::string& choice, const std::vector<std::string>& known) {
  if (choice == "fast") return {"all_default_to_default_1_3_1"};
  if (choice == "default") return {"dense_1_3", "dense_1_3_PT_KD_3", "crossdock_default2018_KD_4"};
  if (choice == "default1.0")
    return {"dense", "general_default2018_3", "dense_3", "crossdock_default2018", "redock_default2018_2"};
  std::string name = choice;
  std::replace(name.begin(), name.end(), '.', '_');
  const std::string suffix = "_ensemble";
  if (name.size() <= suffix.size() || name.compare(name.size() - suffix.size(), suffix.size(), suffix) != 0)
    return {name};
  const std::string prefix = name.substr(0, name.size() - suffix.size());
  std::vector<std::string> names;
  for (const auto& each : known)
    if (each.compare(0, prefix.size(), prefix) == 0) names.push_back(each);
  return names;
}

GninaEnsemble::GninaEnsemble(std::string label, std::vector<GninaNetwork> networks)
    : label_(std::move(label)), networks_(std::move(networks)) {
  if (networks_.empty()) throw ModelError(fmt::format("'{}' names no network of gnina", label_));
}

bool GninaEnsemble::reads_mean() const {
  return std::any_of(networks_.begin(), networks_.end(),
                     [](const GninaNetwork& n) { return n.reads_mean(); });
}

bool GninaEnsemble::reads_maximum() const {
  return std::any_of(networks_.begin(), networks_.end(),
                     [](const GninaNetwork& n) { return n.reads_maximum(); });
}

GninaVerdict GninaEnsemble::verdict(const DensityVolume& volume) const {
  std::vector<GninaOutput> outputs;
  for (const auto& network : networks_) outputs.push_back(network.output(volume));
  return gnina_verdict(outputs);
}

}  // namespace theriac::scoring
