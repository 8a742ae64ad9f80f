// Many protein sequences side by side in memory, one byte a residue: what a homolog search looks through.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace theriac::chem {

class SequenceDatabase {
 public:
  /// FASTA, plain or gzip. Letters that are none of the twenty become unknown_residue, gaps and '*' are left
  /// out, records without residues too. Throws InputError: unreadable, damaged, no sequence, or nucleotides
  /// instead of residues.
  static SequenceDatabase read(const std::string& path);
  /// The same from memory; names may be empty.
  void add(const std::string& name, const std::string& residues);

  std::size_t size() const { return starts_.size() - 1; }
  std::size_t residue_count() const { return residues_.size(); }
  const std::uint8_t* residues(std::size_t i) const { return residues_.data() + starts_[i]; }
  std::size_t length(std::size_t i) const { return starts_[i + 1] - starts_[i]; }
  std::string name(std::size_t i) const;  ///< first word of the header

 private:
  void close_record();
  std::vector<std::uint8_t> residues_;
  std::vector<std::size_t> starts_{0};
  std::string names_;
  std::vector<std::size_t> name_starts_{0};
};

}  // namespace theriac::chem
