#include "repurpose/drug_filter.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <set>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"

namespace theriac::repurpose {
namespace {

using datasets::comparable_name;
using datasets::EntityKind;
using datasets::LinkKind;
using datasets::Store;

/// The entries of a cell: "US|EU" -> "us", "eu".
std::vector<std::string> entries(std::string_view cell) {
  std::vector<std::string> out;
  while (!cell.empty()) {
    const std::size_t end = std::min(cell.find('|'), cell.size());
    if (end > 0) out.push_back(comparable_name(cell.substr(0, end)));
    cell.remove_prefix(std::min(end + 1, cell.size()));
  }
  return out;
}

class Filter {
 public:
  explicit Filter(const Store& store)
      : store_(store), drugs_(store.entities(EntityKind::drug)), passing_(drugs_.size(), true) {}

  /// Keeps drugs whose column holds one of the words.
  void keep_by_column(const std::string& column, const std::vector<std::string>& wanted) {
    if (wanted.empty()) return;
    const auto& cells = drugs_.text(column);
    std::set<std::string> known;
    std::vector<std::vector<std::string>> of_drug(drugs_.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
      of_drug[i] = entries(cells[i]);
      known.insert(of_drug[i].begin(), of_drug[i].end());
    }
    std::set<std::string> words;
    for (const auto& word : wanted) words.insert(checked(comparable_name(word), column, known));
    keep([&](std::size_t drug) {
      return std::any_of(of_drug[drug].begin(), of_drug[drug].end(),
                         [&](const std::string& entry) { return words.count(entry) > 0; });
    });
  }

  void keep_by_class(const std::vector<std::string>& wanted) {
    if (wanted.empty()) return;
    std::vector<bool> member(drugs_.size());
    for (const auto& word : wanted)
      if (!mark_class(comparable_name(word), member)) refuse_class(word, "class");
    keep([&](std::size_t drug) { return member[drug]; });
  }

  void drop_by_mechanism(const std::vector<std::string>& unwanted) {
    std::vector<bool> member(drugs_.size());
    for (const auto& word : unwanted) {
      const bool gene = mark_binders(comparable_name(word), member);
      const bool of_class = mark_class(comparable_name(word), member);
      if (!gene && !of_class) refuse_class(word, "gene or class");
    }
    keep([&](std::size_t drug) { return !member[drug]; });
  }

  void drop(const std::vector<std::uint32_t>& drugs) {
    for (const auto drug : drugs) passing_[drug] = false;
  }

  void keep_structures() {
    const auto& smiles = drugs_.text("smiles");
    keep([&](std::size_t drug) { return drug < smiles.size() && !smiles[drug].empty(); });
  }

  std::vector<bool> take() { return std::move(passing_); }

 private:
  void keep(const std::function<bool(std::size_t)>& wanted) {
    for (std::size_t i = 0; i < passing_.size(); ++i) passing_[i] = passing_[i] && wanted(i);
  }

  std::string checked(const std::string& word, const std::string& column,
                      const std::set<std::string>& known) const {
    if (known.count(word)) return word;
    throw UsageError(fmt::format("no drug of '{}' has the {} '{}'", store_.path(), column, word),
                     known.empty() ? fmt::format("this store says nothing of {}", column)
                                   : fmt::format("known: {}", fmt::join(known, ", ")));
  }

  /// Marks drugs of every class whose name holds the word, or whose ATC code begins with it.
  bool mark_class(const std::string& word, std::vector<bool>& member) const {
    bool any = false;
    const auto& classes = store_.entities(EntityKind::drug_class);
    const auto& members = store_.links(LinkKind::member_of);
    for (std::size_t i = 0; i < classes.size(); ++i) {
      if (comparable_name(classes.name[i]).find(word) == std::string::npos) continue;
      any = true;
      for (auto k = members.to_offsets[i]; k < members.to_offsets[i + 1]; ++k)
        member[members.from[members.by_to[k]]] = true;
    }
    const auto& atc = drugs_.text("atc");
    for (std::size_t drug = 0; drug < atc.size(); ++drug)
      for (const auto& code : entries(atc[drug]))
        if (code.rfind(word, 0) == 0) any = member[drug] = true;
    return any;
  }

  bool mark_binders(const std::string& symbol, std::vector<bool>& member) const {
    const auto& targets = store_.entities(EntityKind::target);
    const auto& binds = store_.links(LinkKind::binds);
    bool any = false;
    for (std::size_t i = 0; i < targets.size(); ++i) {
      if (comparable_name(targets.name[i]) != symbol) continue;
      any = true;
      for (auto k = binds.to_offsets[i]; k < binds.to_offsets[i + 1]; ++k)
        member[binds.from[binds.by_to[k]]] = true;
    }
    return any;
  }

  [[noreturn]] void refuse_class(const std::string& word, const std::string& what) const {
    std::vector<std::string> names;
    const auto& classes = store_.entities(EntityKind::drug_class);
    for (std::size_t i = 0; i < classes.size(); ++i) names.push_back(comparable_name(classes.name[i]));
    const std::string near = chem::nearest_name(comparable_name(word), names);
    throw UsageError(fmt::format("no {} in '{}' is called '{}'", what, store_.path(), word),
                     near.empty()
                         ? "a part of a class name or an ATC code is enough: 'kinase inhibitor', 'L04'"
                         : fmt::format("did you mean '{}'?", near));
  }

  const Store& store_;
  const datasets::EntityTable& drugs_;
  std::vector<bool> passing_;
};

}  // namespace

bool DrugFilter::asks_anything() const {
  return !status.empty() || !region.empty() || !route.empty() || !drug_class.empty() ||
         !exclude_mechanism.empty() || !exclude.empty() || small_molecules_only;
}

std::vector<bool> passing_drugs(const Store& store, const DrugFilter& wanted) {
  Filter filter(store);
  filter.keep_by_column("status", wanted.status);
  filter.keep_by_column("regions", wanted.region);
  filter.keep_by_column("route", wanted.route);
  filter.keep_by_class(wanted.drug_class);
  filter.drop_by_mechanism(wanted.exclude_mechanism);
  filter.drop(wanted.exclude);
  if (wanted.small_molecules_only) filter.keep_structures();
  return filter.take();
}

}  // namespace theriac::repurpose
