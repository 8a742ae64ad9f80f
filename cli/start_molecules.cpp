#include "cli/start_molecules.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "chem/counter_random.hpp"
#include "chem/data_file.hpp"
#include "chem/error.hpp"
#include "chem/fingerprint.hpp"
#include "chem/record_reader.hpp"
#include "scoring/goal_molecules.hpp"

namespace theriac::cli {
namespace {

const chem::FingerprintSet& goals() {
  static const auto set = [] {
    chem::FingerprintSet out;
    for (const auto& goal : scoring::goal_molecules())
      out.add(chem::morgan_fingerprint(chem::Molecule::from_smiles(goal.smiles)));
    return out;
  }();
  return set;
}

bool resembles_a_goal(const chem::Molecule& molecule) {
  return goals().nearest(chem::morgan_fingerprint(molecule)).similarity > goal_similarity_limit;
}

}  // namespace

StartPool::StartPool(const std::string& path)
    : shipped_(path.empty()), path_(shipped_ ? chem::data_file("starter/starter_molecules.smi") : path) {
  chem::RecordReader reader({path_});
  while (auto record = reader.next_raw()) records_.push_back(std::move(*record));
}

StartMolecules StartPool::draw(int count, std::uint64_t seed) const {
  chem::CounterRandom random(seed, "", "start molecules");
  std::vector<std::size_t> order(records_.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  StartMolecules out;
  std::set<std::string> taken;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (count > 0 && static_cast<int>(out.molecules.size()) == count) break;
    std::swap(order[i], order[i + random.below(static_cast<std::uint32_t>(order.size() - i))]);
    const chem::Record record = chem::parse(records_[order[i]]);
    if (!record.molecule) {
      ++out.unreadable;
    } else if (resembles_a_goal(*record.molecule)) {
      ++out.like_a_goal;
    } else if (taken.insert(record.molecule->smiles()).second) {
      out.molecules.push_back(*record.molecule);
    }
  }
  if (out.molecules.empty())
    throw InputError(fmt::format("no molecule of '{}' can be started from: {} unreadable, {} like a goal",
                                 path_, out.unreadable, out.like_a_goal));
  return out;
}

std::string StartPool::label() const {
  return std::filesystem::path(path_).filename().string() + (shipped_ ? ", as shipped" : "");
}

}  // namespace theriac::cli
