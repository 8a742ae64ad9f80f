#include "cli/binder_pairs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <set>

#include "chem/error.hpp"
#include "chem/residue_scales.hpp"
#include "chem/text_file.hpp"

namespace theriac::cli {
namespace {

constexpr double relative_from = 0.25;  // shared words

std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells(1);
  for (const char c : line)
    if (c == '\t')
      cells.emplace_back();
    else
      cells.back() += c;
  return cells;
}

/// The two named columns of a table with tabs; rows whose `only` column holds another text are passed over.
std::vector<BinderPair> read_pairs(const std::string& path, const std::string& target,
                                   const std::string& peptide, const std::string& only = {},
                                   const std::string& value = {}) {
  const std::string text = chem::read_text_file(path);
  std::string_view rest = text, line;
  std::vector<std::string> header;
  std::vector<BinderPair> pairs;
  const auto column = [&](const std::string& name) {
    const auto at = std::find(header.begin(), header.end(), name);
    if (at == header.end()) throw InputError(fmt::format("no column '{}' in '{}'", name, path));
    return static_cast<std::size_t>(at - header.begin());
  };
  for (std::size_t number = 1; chem::next_line(rest, line); ++number) {
    const auto cells = cells_of(line);
    if (header.empty()) {
      header = cells;
      continue;
    }
    if (cells.size() != header.size())
      throw InputError(fmt::format("'{}' line {}: a row is cut short", path, number));
    if (!only.empty() && cells[column(only)] != value) continue;
    pairs.push_back({cells[column(target)], cells[column(peptide)]});
  }
  return pairs;
}

/// What a training run did with each of these pairs: "learned", "held_out" or "relative".
std::vector<std::string> read_split(const std::string& path, const std::vector<BinderPair>& pairs) {
  const std::string text = chem::read_text_file(path);
  std::string_view rest = text, line;
  std::vector<std::string> parts;
  for (std::size_t number = 1; chem::next_line(rest, line); ++number) {
    if (line.empty() || line.front() == '#') continue;
    const auto cells = cells_of(line);
    const std::size_t row = parts.size();
    if (cells.size() != 2 || row >= pairs.size() || cells[0] != pairs[row].peptide)
      throw InputError(
          fmt::format("'{}' line {}: '{}' is not pair {} of the table", path, number, cells[0], row + 1),
          "the split of a model that learned other pairs cannot be used here");
    parts.push_back(cells[1]);
  }
  if (parts.size() != pairs.size())
    throw InputError(fmt::format("'{}' has {} of {} pairs", path, parts.size(), pairs.size()));
  return parts;
}

using Words = std::vector<int>;  ///< three residues each, every one once, rising

Words words_of(const std::string& residues) {
  std::set<int> words;
  for (std::size_t i = 0; i + 3 <= residues.size(); ++i)
    words.insert((residues[i] * 128 + residues[i + 1]) * 128 + residues[i + 2]);
  return {words.begin(), words.end()};
}

/// The shorter one has a quarter of its words in common with the other.
bool related(const Words& a, const Words& b) {
  Words both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return static_cast<double>(both.size()) >=
         relative_from * static_cast<double>(std::max<std::size_t>(1, std::min(a.size(), b.size())));
}

/// Numbers of families, joined through any member.
std::size_t find_families(std::vector<BinderPair>& pairs, const std::vector<Words>& words) {
  std::vector<std::size_t> family(pairs.size());
  std::iota(family.begin(), family.end(), std::size_t{0});
  for (std::size_t i = 0; i < pairs.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (family[i] != family[j] && related(words[i], words[j]))
        std::replace(family.begin(), family.end(), std::max(family[i], family[j]),
                     std::min(family[i], family[j]));
  std::set<std::size_t> numbers(family.begin(), family.end());
  for (std::size_t i = 0; i < pairs.size(); ++i)
    pairs[i].family = static_cast<std::size_t>(std::distance(numbers.begin(), numbers.find(family[i])));
  return numbers.size();
}

bool usual_letters(const std::string& peptide) {
  return peptide.size() >= 2 && peptide.find_first_not_of(chem::standard_residues) == std::string::npos;
}

}  // namespace

BinderTest binder_test(const std::string& folder, const std::string& split) {
  const auto training =
      read_pairs(folder + "/pepnn_pdb_pairs.tsv.gz", "receptor_seq", "peptide_seq", "split", "train");
  auto offered = read_pairs(folder + "/pepmlm_test203.tsv.gz", "target_seq", "native_peptide");
  const auto parts =
      split.empty() ? std::vector<std::string>(training.size(), "learned") : read_split(split, training);
  std::set<std::string> learned_targets;
  BinderTest out;
  for (std::size_t i = 0; i < training.size(); ++i) {
    if (parts[i] == "learned") out.learned.push_back(training[i]), learned_targets.insert(training[i].target);
    if (parts[i] != "held_out") continue;
    offered.push_back(training[i]);
    offered.back().source = BinderSource::held_out;
  }
  std::vector<Words> learned, kept;
  for (const auto& target : learned_targets) learned.push_back(words_of(target));
  out.offered = offered.size();
  for (auto& pair : offered) {
    auto words = words_of(pair.target);
    if (!usual_letters(pair.peptide)) {
      ++out.odd_letters;
    } else if (std::any_of(learned.begin(), learned.end(),
                           [&](const Words& other) { return related(words, other); })) {
      ++out.related;
    } else {
      out.pairs.push_back(std::move(pair));
      kept.push_back(std::move(words));
    }
  }
  out.families = find_families(out.pairs, kept);
  return out;
}

}  // namespace theriac::cli
