// A set of actions, as bits: the legal next steps of a growing molecule, one mask over the network's output.
#pragma once
#include <cstdint>
#include <vector>

namespace theriac::generative {

/// One step of building a molecule: an index into an ActionVocabulary. A molecule is a string of these.
using Action = std::uint16_t;

class ActionSet {
 public:
  ActionSet() = default;
  /// Empty set over actions 0 .. size-1.
  explicit ActionSet(int size) : words_((static_cast<std::size_t>(size) + 63) / 64, 0) {}

  void clear() { words_.assign(words_.size(), 0); }
  void insert(Action a) { words_[a / 64u] |= std::uint64_t(1) << (a % 64u); }
  void erase(Action a) { words_[a / 64u] &= ~(std::uint64_t(1) << (a % 64u)); }
  bool contains(Action a) const {
    return a / 64u < words_.size() && (words_[a / 64u] >> (a % 64u) & 1u) != 0;
  }
  bool empty() const {
    for (const std::uint64_t w : words_)
      if (w) return false;
    return true;
  }
  int count() const {
    int n = 0;
    for (const std::uint64_t w : words_) n += __builtin_popcountll(w);
    return n;
  }
  /// Adds what is in all three sets.
  void insert_common(const ActionSet& a, const ActionSet& b, const ActionSet& c) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= a.words_[i] & b.words_[i] & c.words_[i];
  }
  /// The actions, rising. `visit(Action)` may erase the action that it is given.
  template <typename Visit>
  void for_each(Visit visit) const {
    for (std::size_t i = 0; i < words_.size(); ++i)
      for (std::uint64_t w = words_[i]; w; w &= w - 1)
        visit(static_cast<Action>(i * 64 + static_cast<std::size_t>(__builtin_ctzll(w))));
  }
  std::vector<Action> actions() const {
    std::vector<Action> out;
    for_each([&](Action a) { out.push_back(a); });
    return out;
  }
  /// Bit a % 64 of word a / 64 says whether action a is in the set.
  const std::vector<std::uint64_t>& words() const { return words_; }

  friend bool operator==(const ActionSet& a, const ActionSet& b) { return a.words_ == b.words_; }

 private:
  std::vector<std::uint64_t> words_;
};

}  // namespace theriac::generative
