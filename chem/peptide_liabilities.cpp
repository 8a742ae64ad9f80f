#include "chem/peptide_liabilities.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "chem/peptide_properties.hpp"

namespace theriac::chem {
namespace {

using Matches = std::function<bool(std::size_t)>;

bool one_of(char letter, std::string_view kinds) {
  return letter != '\0' && kinds.find(letter) != std::string_view::npos;
}

/// Letters with nothing beyond the ends.
class Letters {
 public:
  explicit Letters(std::string_view residues) : residues_(residues) {}
  char operator[](std::size_t i) const { return i < residues_.size() ? residues_[i] : '\0'; }
  std::size_t size() const { return residues_.size(); }
  int count(std::string_view kinds) const {
    return static_cast<int>(
        std::count_if(residues_.begin(), residues_.end(), [&](char c) { return one_of(c, kinds); }));
  }
  bool starts(std::size_t at, std::string_view text) const {
    return at <= size() && residues_.substr(at, text.size()) == text;
  }

 private:
  std::string_view residues_;
};

/// Every place where `matches` says yes.
void find(const Letters& s, const char* name, const Matches& matches, std::vector<PeptidePlace>& out,
          int shift = 1) {
  for (std::size_t i = 0; i < s.size(); ++i)
    if (matches(i)) out.push_back({name, static_cast<int>(i) + shift});
}

}  // namespace

std::vector<PeptidePlace> liabilities(std::string_view residues) {
  check_residues(residues);
  const Letters s(residues);
  std::vector<PeptidePlace> out;
  find(
      s, "deamidation", [&](std::size_t i) { return s[i] == 'N' && one_of(s[i + 1], "GS"); }, out);
  find(
      s, "isomerisation", [&](std::size_t i) { return s[i] == 'D' && one_of(s[i + 1], "GS"); }, out);
  find(
      s, "acid_cleavage", [&](std::size_t i) { return s[i] == 'D' && s[i + 1] == 'P'; }, out);
  find(
      s, "oxidation", [&](std::size_t i) { return one_of(s[i], "MW"); }, out);
  if (s.count("C") % 2 == 1) out.push_back({"odd_cysteine", static_cast<int>(residues.rfind('C')) + 1});
  if (one_of(s[0], "QE")) out.push_back({"pyroglutamate", 1});
  find(
      s, "glycosylation",
      [&](std::size_t i) {
        return s[i] == 'N' && s[i + 1] != 'P' && one_of(s[i + 2], "ST") && s[i + 3] != 'P';
      },
      out);
  find(
      s, "run",
      [&](std::size_t i) {
        return s[i] == s[i + 1] && s[i] == s[i + 2] && s[i] == s[i + 3] && (i == 0 || s[i - 1] != s[i]);
      },
      out);
  return out;
}

std::vector<PeptidePlace> protease_sites(std::string_view residues) {
  check_residues(residues);
  const Letters s(residues);
  std::vector<PeptidePlace> out;
  const auto bond = [&](std::size_t i) { return s[i + 1] != '\0' && s[i + 1] != 'P'; };
  const auto after = [&](const char* name, std::string_view kinds) {
    find(
        s, name, [&](std::size_t i) { return one_of(s[i], kinds) && bond(i); }, out);
  };
  after("trypsin", "KR");
  after("chymotrypsin", "FYW");
  after("elastase", "AVSG");
  after("pepsin", "FL");
  if (s.size() > 2 && one_of(s[1], "PA")) out.push_back({"dpp4", 2});
  find(
      s, "furin",
      [&](std::size_t i) { return s[i] == 'R' && one_of(s[i + 2], "KR") && s[i + 3] == 'R' && bond(i + 3); },
      out, 4);
  find(
      s, "thrombin", [&](std::size_t i) { return s.starts(i, "LVPRG"); }, out, 4);
  find(
      s, "caspase3", [&](std::size_t i) { return s.starts(i, "DEVD") && bond(i + 3); }, out, 4);
  return out;
}

std::vector<PeptidePlace> synthesis_difficulties(std::string_view residues) {
  check_residues(residues);
  const Letters s(residues);
  std::vector<PeptidePlace> out;
  const int n = static_cast<int>(s.size());
  const auto rule = [&](const char* name, bool applies, int position = 1) {
    if (applies) out.push_back({name, position});
  };
  const auto first = [&](const char* name, const Matches& matches) {
    std::vector<PeptidePlace> all;
    find(s, name, matches, all);
    if (!all.empty()) out.push_back(all.front());
  };
  rule("long", n > 30, 31);
  rule("hydrophobic", 2 * s.count("AFILMVWY") > n);
  first("beta_branched",
        [&](std::size_t i) { return i + 5 <= s.size() && Letters(residues.substr(i, 5)).count("ITV") >= 4; });
  rule("poor_solubility", n >= 5 && 5 * s.count("DEKRH") < n);
  first("aspartimide", [&](std::size_t i) { return s[i] == 'D' && one_of(s[i + 1], "GNSA"); });
  rule("diketopiperazine", n >= 2 && s[s.size() - 2] == 'P', n - 1);
  rule("n_terminal_gln", s[0] == 'Q');
  rule("cysteines", s.count("C") > 2, static_cast<int>(residues.find('C')) + 1);
  first("arginines", [&](std::size_t i) { return s.starts(i, "RRR"); });
  rule("tryptophan_methionine", s.count("WM") > 2, static_cast<int>(residues.find_first_of("WM")) + 1);
  return out;
}

std::string places_text(const std::vector<PeptidePlace>& places) {
  std::string text;
  for (const auto& place : places)
    text += fmt::format("{}{}@{}", text.empty() ? "" : ";", place.name, place.position);
  return text;
}

}  // namespace theriac::chem
