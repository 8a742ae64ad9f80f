#include "scoring/score.hpp"

namespace theriac::scoring {

const char* to_text(Direction direction) {
  switch (direction) {
    case Direction::higher_is_better:
      return "higher";
    case Direction::lower_is_better:
      return "lower";
    case Direction::neutral:
      break;
  }
  return "neutral";
}

const char* to_text(Domain domain) {
  switch (domain) {
    case Domain::in:
      return "in";
    case Domain::edge:
      return "edge";
    case Domain::out:
      break;
  }
  return "out";
}

const Score* ScoreRow::find(const std::string& name) const {
  for (const auto& score : scores)
    if (score.name() == name) return &score;
  return nullptr;
}

}  // namespace theriac::scoring
