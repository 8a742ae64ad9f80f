#include "datasets/action_direction.hpp"

#include <algorithm>
#include <cctype>

namespace theriac::datasets {

const std::vector<std::pair<std::string, int>>& action_terms() {
  static const std::vector<std::pair<std::string, int>> terms = {
      {"agonist", 1},
      {"activator", 1},
      {"opener", 1},
      {"potentiator", 1},
      {"stimulator", 1},
      {"stimulant", 1},
      {"inducer", 1},
      {"positive modulator", 1},
      {"positive allosteric modulator", 1},
      {"sensitizer", 1},
      {"inverse agonist", -1},
      {"antagonist", -1},
      {"partial antagonist", -1},
      {"allosteric antagonist", -1},
      {"inhibitor", -1},
      {"inhibitory allosteric modulator", -1},
      {"blocker", -1},
      {"suppressor", -1},
      {"inactivator", -1},
      {"degrader", -1},
      {"desensitize", -1},
      {"neutralizer", -1},
      {"negative modulator", -1},
      {"negative allosteric modulator", -1},
      {"antisense", -1},
      {"sirna", -1},
      {"rna interference", -1},
      {"gene silencing", -1},
      {"binder", 0},
      {"binding", 0},
      {"ligand", 0},
      {"modulator", 0},
      {"allosteric modulator", 0},
      {"substrate", 0},
      {"releasing agent", 0},
      {"inhibitor of degradation", 0},
      {"reactivator", 0},
  };
  return terms;
}

int action_direction(std::string_view actions) {
  int direction = 0;
  for (std::size_t at = 0; at <= actions.size();) {
    const std::size_t end = std::min(actions.find_first_of("|;,", at), actions.size());
    std::string action(actions.substr(at, end - at));
    at = end + 1;
    for (char& c : action) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    std::size_t longest = 0;
    int said = 0;
    for (const auto& [term, sense] : action_terms())
      if (term.size() > longest && action.find(term) != std::string::npos)
        longest = term.size(), said = sense;
    if (said != 0 && direction != 0 && said != direction) return 0;
    if (said != 0) direction = said;
  }
  return direction;
}

}  // namespace theriac::datasets
