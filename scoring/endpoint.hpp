// What is measured of a drug in the body: the endpoints that Theriac predicts, their units and where their
// data come from.
//
// Names and files are those of the Therapeutics Data Commons ADMET group (K. Huang et al., Nat. Chem. Biol.
// 18, 1033 (2022)), followed by sets of other sources. A user's own assay is an endpoint too.
#pragma once
#include <string>
#include <vector>

#include "scoring/property_metrics.hpp"
#include "scoring/score.hpp"

namespace theriac::scoring {

enum class EndpointKind {
  value,        ///< a measured number
  probability,  ///< of the answer yes
};

struct Endpoint {
  std::string name;   ///< column name, "herg"
  std::string group;  ///< "absorption", "distribution", "metabolism", "excretion", "toxicity", "other"
  EndpointKind kind = EndpointKind::value;
  PropertyMetric metric = PropertyMetric::mae;  ///< of the benchmark
  std::string unit;
  Direction direction = Direction::neutral;
  bool logarithmic = false;  ///< learned as log10: rates and volumes span orders of magnitude
  std::string meaning;       ///< "blocks the hERG potassium channel"
  std::string file, column;  ///< of the data folder: "tdc/herg.csv.gz", "y"
  std::string source;        ///< of the measurements
  std::string licence;       ///< of the data
  std::string
      network_task;  ///< its output of the message-passing network, which learns all tables of a folder
  bool benchmarked() const { return file.rfind("tdc/", 0) == 0; }
};

/// The 22 tasks of the group first, in the order absorption to toxicity.
const std::vector<Endpoint>& known_endpoints();
/// Throws UsageError with the nearest name.
const Endpoint& known_endpoint(const std::string& name);

}  // namespace theriac::scoring
