// config.json of a published protein language model: its shape, with defaults where the reference has them.
#pragma once
#include <string>
#include <vector>

#include "scoring/protein_weights.hpp"

namespace theriac::scoring {

struct ProteinConfig {
  ProteinShape shape;
  int position_rows = 0;  ///< of a learned table
  int head_columns = 0;
  bool tied_head = true;
  std::vector<std::string> warnings;
};

/// `source` stands for the file in messages. Throws ModelError naming the key and its value.
ProteinConfig parse_protein_config(const std::string& text, const std::string& source);

}  // namespace theriac::scoring
