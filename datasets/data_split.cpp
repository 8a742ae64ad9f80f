#include "datasets/data_split.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"
#include "datasets/measurement_time.hpp"

namespace theriac::datasets {
namespace {

using Group = std::vector<std::size_t>;  // rows that stay together

std::vector<Group> members(const std::vector<std::size_t>& groups) {
  std::vector<Group> all;
  for (std::size_t row = 0; row < groups.size(); ++row) {
    if (groups[row] >= all.size()) all.resize(groups[row] + 1);
    all[groups[row]].push_back(row);
  }
  return all;
}

/// R. A. Fisher and F. Yates; the library's shuffle differs between libraries.
template <typename Value>
void shuffle(std::vector<Value>& values, chem::CounterRandom& random) {
  for (std::size_t i = values.size(); i > 1; --i)
    std::swap(values[i - 1], values[random.below(static_cast<std::uint32_t>(i))]);
}

/// Large groups first, each kind in an order drawn from the seed.
std::vector<Group> dealing_order(std::vector<Group> all, double large, std::uint64_t seed) {
  chem::CounterRandom random(seed, "groups", "split");
  const auto middle = std::stable_partition(
      all.begin(), all.end(), [&](const Group& group) { return static_cast<double>(group.size()) > large; });
  std::vector<Group> first(all.begin(), middle), rest(middle, all.end());
  shuffle(first, random);
  shuffle(rest, random);
  first.insert(first.end(), rest.begin(), rest.end());
  return first;
}

DataSplit split_of(const std::vector<char>& is_test) {
  DataSplit split;
  for (std::size_t row = 0; row < is_test.size(); ++row)
    (is_test[row] ? split.test : split.train).push_back(row);
  return split;
}

/// Numbers keys in the order in which they first appear.
std::vector<std::size_t> numbered(const std::vector<std::string>& keys) {
  std::map<std::string, std::size_t> number;
  std::vector<std::size_t> numbers;
  for (const auto& key : keys) numbers.push_back(number.emplace(key, number.size()).first->second);
  return numbers;
}

/// Sets that grow together: each row points towards the first row of its set.
class JoinedRows {
 public:
  explicit JoinedRows(std::size_t count) : towards_(count) {
    std::iota(towards_.begin(), towards_.end(), std::size_t{0});
  }
  std::size_t first_of(std::size_t row) {
    while (towards_[row] != row) row = towards_[row] = towards_[towards_[row]];
    return row;
  }
  void join(std::size_t a, std::size_t b) {
    a = first_of(a);
    b = first_of(b);
    towards_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::size_t> towards_;
};

/// Rows and positives dealt to a fold so far.
struct FoldLoad {
  double rows = 0, positives = 0;
};

double total(const std::vector<double>& classes) {
  return std::accumulate(classes.begin(), classes.end(), 0.0);
}

void require_share(double share) {
  if (!(share > 0 && share < 1))
    throw UsageError(
        fmt::format("a test share of {:g} leaves nothing to learn from or nothing to test", share),
        "choose a number between 0 and 1, for example 0.2");
}

std::vector<double> times_of(const std::vector<Measurement>& rows, const std::string& file) {
  std::vector<double> times;
  for (const auto& row : rows) {
    const auto time = measurement_time(row.time);
    if (!time)
      throw InputError(fmt::format("cannot order the time '{}' ({}, line {})", row.time, file, row.line),
                       "write dates with the year first, as 2021-03-04, or plain numbers");
    times.push_back(*time);
  }
  return times;
}

}  // namespace

std::vector<std::size_t> skeleton_groups(const std::vector<Measurement>& rows) {
  std::vector<std::string> keys;
  for (const auto& row : rows) keys.push_back(row.skeleton);
  return numbered(keys);
}

std::vector<std::size_t> scaffold_groups(const std::vector<Measurement>& rows) {
  std::map<std::string, std::size_t> first_with_scaffold, first_with_skeleton;
  JoinedRows joined(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    joined.join(i, first_with_skeleton.emplace(rows[i].skeleton, i).first->second);
    if (!rows[i].scaffold.empty())
      joined.join(i, first_with_scaffold.emplace(rows[i].scaffold, i).first->second);
  }
  std::map<std::size_t, std::size_t> number;
  std::vector<std::size_t> groups;
  for (std::size_t i = 0; i < rows.size(); ++i)
    groups.push_back(number.emplace(joined.first_of(i), number.size()).first->second);
  return groups;
}

std::vector<int> group_folds(const std::vector<std::size_t>& groups, int folds, std::uint64_t seed,
                             const std::vector<double>& classes) {
  if (folds < 2) throw UsageError(fmt::format("{} folds, at least 2 are needed", folds));
  if (!classes.empty() && classes.size() != groups.size())
    throw UsageError(fmt::format("{} classes for {} rows", classes.size(), groups.size()));
  auto all = members(groups);
  if (all.size() < static_cast<std::size_t>(folds))
    throw UsageError(fmt::format("{} groups of molecules cannot make {} folds", all.size(), folds),
                     "use fewer folds, or a random split when all molecules are of one series");
  const double rows = static_cast<double>(groups.size()), positives = std::max(1.0, total(classes));
  std::vector<FoldLoad> loads(static_cast<std::size_t>(folds));
  std::vector<int> fold_of_row(groups.size());
  for (const auto& group : dealing_order(std::move(all), rows / folds / 2, seed)) {
    FoldLoad own{static_cast<double>(group.size()), 0};
    for (const auto row : group) own.positives += classes.empty() ? 0 : classes[row];
    // the least growth of the sum of squared shares
    const auto growth = [&](const FoldLoad& load) {
      return load.rows * own.rows / (rows * rows) + load.positives * own.positives / (positives * positives);
    };
    const auto best = std::min_element(loads.begin(), loads.end(), [&](const FoldLoad& a, const FoldLoad& b) {
      return growth(a) < growth(b);
    });
    best->rows += own.rows;
    best->positives += own.positives;
    for (const auto row : group) fold_of_row[row] = static_cast<int>(best - loads.begin());
  }
  return fold_of_row;
}

DataSplit fold_split(const std::vector<int>& fold_of_row, int fold) {
  DataSplit split;
  for (std::size_t row = 0; row < fold_of_row.size(); ++row)
    (fold_of_row[row] == fold ? split.test : split.train).push_back(row);
  return split;
}

DataSplit group_split(const std::vector<std::size_t>& groups, double test_share, std::uint64_t seed) {
  require_share(test_share);
  const auto wanted = static_cast<std::size_t>(test_share * static_cast<double>(groups.size()));
  std::vector<char> is_test(groups.size(), 0);
  std::size_t taken = 0;
  const double large = 0.5 * static_cast<double>(wanted);
  for (const auto& group : dealing_order(members(groups), large, seed)) {
    if (group.size() > 1 && static_cast<double>(group.size()) > large) continue;
    if (taken + group.size() > wanted) continue;
    taken += group.size();
    for (const auto row : group) is_test[row] = 1;
  }
  if (taken == 0)
    throw UsageError(fmt::format("no group of molecules is small enough for a test set of {} rows", wanted),
                     "ask for a larger share, or a random split when all molecules are of one series");
  return split_of(is_test);
}

DataSplit tdc_scaffold_split(const std::vector<Measurement>& rows, std::uint64_t seed, double train_share) {
  require_share(train_share);
  std::vector<std::string> keys;
  for (const auto& row : rows) keys.push_back(row.scaffold);
  auto sets = members(numbered(keys));
  chem::CounterRandom random(seed, "scaffolds", "tdc");
  shuffle(sets, random);
  const auto wanted = static_cast<std::size_t>(train_share * static_cast<double>(rows.size()));
  std::vector<char> validates(rows.size(), 1);
  std::size_t taken = 0;
  for (const auto& set : sets) {
    if (taken + set.size() > wanted) continue;
    taken += set.size();
    for (const auto row : set) validates[row] = 0;
  }
  return split_of(validates);
}

DataSplit time_split(const std::vector<Measurement>& rows, double test_share, const std::string& file) {
  require_share(test_share);
  const auto times = times_of(rows, file);
  auto sorted = times;
  std::sort(sorted.begin(), sorted.end());
  if (sorted.empty() || sorted.front() == sorted.back())
    throw InputError(
        fmt::format("all measurements of '{}' have one time; there is no later part to test on", file),
        "use a scaffold split");
  const auto kept =
      static_cast<std::size_t>(std::ceil((1 - test_share) * static_cast<double>(rows.size()) - 1e-9));
  double last = sorted[std::clamp<std::size_t>(kept, 1, rows.size()) - 1];
  // when the last moment is so crowded that nothing would follow, it is the test set
  if (last == sorted.back()) last = *std::prev(std::lower_bound(sorted.begin(), sorted.end(), last));
  HeldOutMolecules later;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (times[i] > last) later.add(rows[i]);
  DataSplit split;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (times[i] > last)
      split.test.push_back(i);
    else if (!later.holds(rows[i]))
      split.train.push_back(i);
  }
  return split;
}

DataSplit column_split(const std::vector<Measurement>& rows, const std::string& test) {
  DataSplit split;
  std::set<std::string> names;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    (rows[i].split == test ? split.test : split.train).push_back(i);
    if (names.size() < 20) names.insert("'" + rows[i].split + "'");
  }
  if (split.test.empty() || split.train.empty())
    throw UsageError(fmt::format("the split column has {} row called '{}'; it holds {}",
                                 split.test.empty() ? "no" : "no other", test, fmt::join(names, ", ")),
                     "name the rows to test on in the split column");
  return split;
}

FoldCheck fold_check(const std::vector<Measurement>& rows, const std::vector<int>& fold_of_row) {
  if (rows.size() != fold_of_row.size())
    throw UsageError(fmt::format("{} folds for {} rows", fold_of_row.size(), rows.size()));
  std::map<int, std::size_t> sizes;
  std::map<std::string, std::set<int>> of_skeleton, of_scaffold;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ++sizes[fold_of_row[i]];
    of_skeleton[rows[i].skeleton].insert(fold_of_row[i]);
    if (!rows[i].scaffold.empty()) of_scaffold[rows[i].scaffold].insert(fold_of_row[i]);
  }
  FoldCheck check;
  check.folds = static_cast<int>(sizes.size());
  for (const auto& [fold, size] : sizes) {
    check.smallest = check.smallest == 0 ? size : std::min(check.smallest, size);
    check.largest = std::max(check.largest, size);
  }
  for (const auto& [skeleton, used] : of_skeleton) check.skeletons += used.size() > 1;
  for (const auto& [scaffold, used] : of_scaffold) check.scaffolds += used.size() > 1;
  return check;
}

std::string fold_line(const FoldCheck& check) {
  const auto count = [](std::size_t n, const char* what) {
    return n == 0 ? fmt::format("no {}", what) : fmt::format("{} {}s", n, what);
  };
  return fmt::format("{} folds of {} to {} rows; {} and {} in two folds or more", check.folds, check.smallest,
                     check.largest, count(check.skeletons, "compound"), count(check.scaffolds, "scaffold"));
}

void HeldOutMolecules::add(const Measurement& row) {
  auto& structures = molecules_[row.skeleton];
  if (std::find(structures.begin(), structures.end(), row.smiles) == structures.end())
    structures.push_back(row.smiles);
}

void HeldOutMolecules::add(const std::vector<Measurement>& rows) {
  for (const auto& row : rows) add(row);
}

void HeldOutMolecules::add_split(const std::vector<Measurement>& rows, const std::string& split) {
  for (const auto& row : rows)
    if (row.split == split) add(row);
}

bool HeldOutMolecules::holds_exactly(const Measurement& row) const {
  const auto at = molecules_.find(row.skeleton);
  return at != molecules_.end() &&
         std::find(at->second.begin(), at->second.end(), row.smiles) != at->second.end();
}

LeakCheck leak_check(const std::vector<Measurement>& training, const HeldOutMolecules& held_out) {
  LeakCheck check;
  check.held_out = held_out.size();
  for (std::size_t i = 0; i < training.size(); ++i) {
    if (!held_out.holds(training[i])) {
      check.kept.push_back(i);
      continue;
    }
    check.removed.push_back(i);
    ++(held_out.holds_exactly(training[i]) ? check.exact : check.copies);
    if (check.examples.size() < 5)
      check.examples.push_back(fmt::format("line {}: '{}'", training[i].line, training[i].smiles));
  }
  return check;
}

std::string leak_line(const LeakCheck& check) {
  if (check.removed.empty())
    return fmt::format("none of {} training rows is a copy of one of {} held-out molecules",
                       check.kept.size(), check.held_out);
  return fmt::format(
      "{} of {} training rows removed as copies of {} held-out molecules: {} the same structure, {} "
      "stereoisomers, "
      "tautomers or other drawings; for example {}",
      check.removed.size(), check.removed.size() + check.kept.size(), check.held_out, check.exact,
      check.copies, check.examples.front());
}

}  // namespace theriac::datasets
