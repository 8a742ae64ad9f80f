// One number about one molecule, with what a reader needs to trust it or not.
#pragma once
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace theriac::scoring {

enum class Direction {
  higher_is_better,
  lower_is_better,
  neutral,  ///< a property with no good end of its own, such as molecular weight
};

/// Whether the molecule resembles what the method was made and tested on.
enum class Domain {
  in,    ///< yes
  edge,  ///< partly: read the interval, not the value
  out,   ///< no: the method has no basis here
};

/// "higher", "lower" or "neutral"; "in", "edge" or "out": as written in tables.
const char* to_text(Direction direction);
const char* to_text(Domain domain);

/// What a score means; one for all molecules.
struct ScoreKind {
  std::string name;  ///< column name, e.g. "qed"
  std::string unit;  ///< "kcal/mol"; empty for a pure number
  Direction direction = Direction::neutral;
  std::string method;   ///< how it is made, with its source
  std::string version;  ///< of the method: equal versions give equal numbers
  /// A trained model's estimate, with an interval and a domain of its own for every molecule; false for what
  /// the graph or a simulation defines exactly.
  bool estimated = false;
  /// An estimate that is the probability of class 1: it has a set of classes where others have an interval.
  bool of_class = false;
};

struct Score {
  std::shared_ptr<const ScoreKind> kind;
  double value = std::numeric_limits<double>::quiet_NaN();
  /// 95 % interval; equal to the value for an exact count, NaN when the method states none.
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
  Domain domain = Domain::in;
  std::string detail = {};  ///< what to read beside the number, e.g. the names of the alerts; often empty
  /// Of an estimate: SMILES of the nearest molecule that the model was trained on, and the Tanimoto
  /// similarity to it, 0 to 1. Empty and NaN where nothing was looked up.
  std::string neighbour = {};
  double neighbour_similarity = std::numeric_limits<double>::quiet_NaN();
  /// Of a probability, the 90 % set: the classes that cannot be ruled out, "0", "1", "0|1" or "none".
  std::string classes = {};

  const std::string& name() const { return kind->name; }
  const std::string& unit() const { return kind->unit; }
};

/// All scores that one scorer gives one molecule, or why there are none.
struct ScoreRow {
  std::vector<Score> scores;  ///< in the order of the scorer's kinds
  std::string message;        ///< empty when all went well

  bool failed() const { return scores.empty(); }
  /// The score of that name, or nullptr.
  const Score* find(const std::string& name) const;
};

}  // namespace theriac::scoring
