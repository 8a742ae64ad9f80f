#include "chem/protein_families.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "chem/amino_acid.hpp"

namespace theriac::chem {
namespace {

constexpr std::size_t word_length = 4;
constexpr double shared_share = 0.08;

std::set<std::string> words(const std::string& sequence) {
  std::set<std::string> out;
  for (std::size_t i = 0; i + word_length <= sequence.size(); ++i)
    out.insert(sequence.substr(i, word_length));
  return out;
}

bool contains(const std::string& sequence, const char* motif) {
  return sequence.find(motif) != std::string::npos;
}

bool is_trypsin_like(const std::string& s) {
  return contains(s, "GDSGGP");
}

bool is_kinase(const std::string& s) {
  const bool loop = contains(s, "HRDL") || contains(s, "HRDI") || contains(s, "HCDL") || contains(s, "YRDL");
  return loop && (contains(s, "DFG") || contains(s, "DLG"));
}

bool share_words(const std::set<std::string>& a, const std::set<std::string>& b) {
  const auto& small = a.size() < b.size() ? a : b;
  const auto& large = a.size() < b.size() ? b : a;
  if (small.empty()) return false;
  const auto shared =
      std::count_if(small.begin(), small.end(), [&](const auto& w) { return large.count(w) > 0; });
  return static_cast<double>(shared) > shared_share * static_cast<double>(small.size());
}

}  // namespace

std::string receptor_sequence(const Receptor& receptor) {
  std::string out;
  for (const auto& atom : receptor.atoms) {
    if (atom.name != "CA" || atom.element != 6) continue;
    const AminoAcid* plan = amino_acid(atom.residue_name);
    if (!plan) plan = amino_acid(parent_amino_acid(atom.residue_name));
    if (plan) out += plan->letter;
  }
  return out;
}

std::vector<int> related_proteins(const std::vector<std::string>& sequences) {
  std::vector<std::set<std::string>> of;
  for (const auto& s : sequences) of.push_back(words(s));
  std::vector<int> group(sequences.size());
  std::iota(group.begin(), group.end(), 0);
  for (std::size_t i = 0; i < sequences.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      if (group[i] == group[j]) continue;
      const bool related = sequences[i] == sequences[j] ||
                           (is_trypsin_like(sequences[i]) && is_trypsin_like(sequences[j])) ||
                           (is_kinase(sequences[i]) && is_kinase(sequences[j])) || share_words(of[i], of[j]);
      if (!related) continue;
      const int kept = std::min(group[i], group[j]), gone = std::max(group[i], group[j]);
      std::replace(group.begin(), group.end(), gone, kept);
    }
  return group;
}

}  // namespace theriac::chem
