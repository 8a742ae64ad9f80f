#include "chem/smiles_fault.hpp"

#include <fmt/format.h>

#include <cctype>
#include <map>
#include <vector>

namespace theriac::chem {
namespace {

class SmilesScanner {
 public:
  explicit SmilesScanner(std::string_view smiles) : smiles_(smiles) {}

  std::optional<SmilesFault> fault() {
    while (at_ < smiles_.size() && !fault_) step();
    if (!fault_) check_end();
    return fault_;
  }

 private:
  bool digit(std::size_t i) const {
    return i < smiles_.size() && std::isdigit(static_cast<unsigned char>(smiles_[i])) != 0;
  }

  void report(std::size_t position, const std::string& reason) { fault_ = SmilesFault{position, reason}; }

  void step() {
    const char c = smiles_[at_];
    if (c == '[') return bracket();
    if (c == '(' || c == ')') return parenthesis(c);
    if (digit(at_) || c == '%') return ring();
    if (std::string_view("-=#$:/\\~").find(c) != std::string_view::npos) return bond();
    if (c == '.') {
      after_atom_ = false;
      bond_.reset();
      ++at_;
      return;
    }
    const std::string_view two = smiles_.substr(at_, 2);
    const bool one_letter = std::string_view("BCNOPSFIbcnops*").find(c) != std::string_view::npos;
    if (two != "Cl" && two != "Br" && !one_letter)
      return report(at_, fmt::format("'{}' at character {} is not an atom that may stand without brackets",
                                     std::isprint(static_cast<unsigned char>(c)) != 0 ? c : '?', at_ + 1));
    atom(two == "Cl" || two == "Br" ? 2 : 1);
  }

  void atom(std::size_t length) {
    at_ += length;
    after_atom_ = true;
    bond_.reset();
  }

  void bracket() {
    const std::size_t close = smiles_.find(']', at_);
    const std::size_t next = smiles_.find('[', at_ + 1);
    if (close == std::string_view::npos || next < close)
      return report(at_, fmt::format("the bracket at character {} is never closed", at_ + 1));
    atom(close + 1 - at_);
  }

  void parenthesis(char c) {
    if (c == '(') {
      if (!after_atom_)
        return report(at_, fmt::format("the branch at character {} hangs on no atom", at_ + 1));
      branches_.push_back(at_);
    } else {
      if (branches_.empty())
        return report(at_, fmt::format("the parenthesis closed at character {} was never opened", at_ + 1));
      branches_.pop_back();
    }
    ++at_;
  }

  void ring() {
    std::size_t length = 1, number = 0;
    if (smiles_[at_] == '%') {
      if (!digit(at_ + 1) || !digit(at_ + 2)) {
        if (at_ + 1 < smiles_.size() && smiles_[at_ + 1] == '(') return long_ring();
        return report(at_, fmt::format("'%' at character {} needs two digits", at_ + 1));
      }
      length = 3;
      number = 10 * static_cast<std::size_t>(smiles_[at_ + 1] - '0') +
               static_cast<std::size_t>(smiles_[at_ + 2] - '0');
    } else {
      number = static_cast<std::size_t>(smiles_[at_] - '0');
    }
    toggle(number, length);
  }

  void long_ring() {  // RDKit's "%(123)"
    std::size_t number = 0, end = at_ + 2;
    for (; digit(end) && end < at_ + 7; ++end)
      number = 10 * number + static_cast<std::size_t>(smiles_[end] - '0');
    if (end >= smiles_.size() || smiles_[end] != ')')
      return report(at_, fmt::format("'%(' at character {} needs a number and ')'", at_ + 1));
    toggle(number, end + 1 - at_);
  }

  void toggle(std::size_t number, std::size_t length) {
    if (!after_atom_)
      return report(at_, fmt::format("the ring number at character {} hangs on no atom", at_ + 1));
    if (rings_.erase(number) == 0) rings_[number] = at_;
    bond_.reset();
    at_ += length;
  }

  void bond() {
    if (bond_) return report(at_, fmt::format("two bonds in a row at character {}", at_ + 1));
    if (!after_atom_) return report(at_, fmt::format("the bond at character {} begins at no atom", at_ + 1));
    bond_ = at_++;
  }

  void check_end() {
    if (!rings_.empty())
      return report(rings_.begin()->second, fmt::format("ring {} is opened at character {} and never closed",
                                                        rings_.begin()->first, rings_.begin()->second + 1));
    if (!branches_.empty())
      return report(branches_.back(), fmt::format("the parenthesis opened at character {} is never closed",
                                                  branches_.back() + 1));
    if (bond_) return report(*bond_, fmt::format("the bond at character {} leads to no atom", *bond_ + 1));
  }

  std::string_view smiles_;
  std::size_t at_ = 0;
  bool after_atom_ = false;
  std::optional<std::size_t> bond_;  // a bond symbol that waits for its atom
  std::vector<std::size_t> branches_;
  std::map<std::size_t, std::size_t> rings_;  // open ring numbers and where they stand
  std::optional<SmilesFault> fault_;
};

}  // namespace

std::optional<SmilesFault> smiles_fault(std::string_view smiles) {
  return SmilesScanner(smiles).fault();
}

}  // namespace theriac::chem
