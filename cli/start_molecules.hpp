// The molecules that a goal-directed run starts from, drawn by seed from a file or from the bundled set.
//
// The bundled set holds drugs, some of them goals of the tasks or their close relatives, and a user's file
// may as well. GuacaMol keeps out of its data what resembles a goal: Tanimoto similarity above 0.323, Morgan
// radius 2 (N. Brown et al., J. Chem. Inf. Model. 59, 1096 (2019)). So does this, for all goals and always.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "chem/molecule.hpp"
#include "chem/record.hpp"

namespace theriac::cli {

constexpr double goal_similarity_limit = 0.323;

struct StartMolecules {
  std::vector<chem::Molecule> molecules;
  int unreadable = 0;   ///< records met that are no molecules
  int like_a_goal = 0;  ///< molecules met and left out
};

class StartPool {
 public:
  /// An empty `path` means the bundled starter molecules. Throws InputError.
  explicit StartPool(const std::string& path);

  /// `count` molecules in random order (0: all). Throws InputError when there is none.
  StartMolecules draw(int count, std::uint64_t seed) const;

  std::size_t size() const { return records_.size(); }
  const std::string& path() const { return path_; }
  std::string label() const;  ///< "starter_molecules.smi, as shipped"

 private:
  bool shipped_;
  std::string path_;
  std::vector<chem::RawRecord> records_;
};

}  // namespace theriac::cli
