#include "cli/protein_training_data.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "chem/error.hpp"
#include "chem/fasta_records.hpp"
#include "chem/sequence.hpp"
#include "chem/text_stream.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/sha256.hpp"
#include "generative/protein_split.hpp"

namespace theriac::cli {
namespace {

using generative::ProteinPart;

const char* name_of(ProteinPart part) {
  return part == ProteinPart::learned ? "learned" : part == ProteinPart::held_out ? "held_out" : "relative";
}

/// Bad records are counted; a file of nothing else is refused with what is wrong with its first one.
std::vector<chem::Sequence> read_proteins(const std::string& path, std::size_t& left_over) {
  auto records = chem::FastaRecords::open(path);
  std::vector<chem::Sequence> out;
  chem::FastaRecord record;
  std::string fault;
  while (records.next(record)) {
    if (record.fault.empty()) {
      out.push_back({record.name, record.residues});
      continue;
    }
    ++left_over;
    if (fault.empty()) fault = fmt::format("{} ('{}', line {})", record.fault, record.name, record.line);
  }
  if (!records.damage().empty()) throw InputError(fmt::format("'{}': {}", path, records.damage()));
  if (out.empty())
    throw InputError(fmt::format("'{}' holds no protein: {}", path, fault.empty() ? "it is empty" : fault));
  return out;
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> out(1);
  for (const char c : line)
    if (c == '\t')
      out.emplace_back();
    else
      out.back() += c;
  return out;
}

std::size_t column_of(const std::vector<std::string>& header, const std::string& name,
                      const std::string& path) {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found != header.end()) return static_cast<std::size_t>(found - header.begin());
  throw InputError(fmt::format("'{}' has no column '{}'; it has {}", path, name, fmt::join(header, ", ")),
                   "a tab-separated table of pairs (--target_column, --peptide_column), or FASTA");
}

bool is_protein(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return generative::protein_token::of(c) != generative::protein_token::padding;
  });
}

std::vector<BinderPair> read_pairs(chem::TextStream& stream, const std::string& header_line,
                                   const std::string& path, const ProteinDataOptions& options,
                                   std::size_t longest, std::size_t& left_over) {
  const auto header = cells_of(header_line);
  const std::size_t target = column_of(header, options.target, path),
                    peptide = column_of(header, options.peptide, path);
  std::vector<BinderPair> pairs;
  std::string line;
  while (stream.next_line(line)) {
    const auto cells = cells_of(line);
    if (cells.size() <= std::max(target, peptide) || !is_protein(cells[target]) ||
        !is_protein(cells[peptide]) || cells[peptide].size() + 12 > longest)
      ++left_over;
    else
      pairs.push_back({cells[target], cells[peptide]});
  }
  if (pairs.empty()) throw InputError(fmt::format("no pair in '{}'", path));
  return pairs;
}

/// Finding relatives among many takes minutes, so the split of an earlier call is taken again when it is of
/// the same sequences, number and seed, which its first line says.
std::vector<ProteinPart> split_of(const std::vector<std::string>& names,
                                  const std::vector<std::string_view>& texts,
                                  const std::vector<chem::Sequence>& apart, int held_out, std::uint64_t seed,
                                  const std::string& file) {
  std::vector<std::string_view> others;
  std::string all;
  for (const auto text : texts) (all += text) += '\n';
  all += '\n';
  for (const auto& s : apart) {
    others.push_back(s.residues);
    (all += s.residues) += '\n';
  }
  const std::string first =
      fmt::format("# proteins {}, held out {}, seed {}", datasets::sha256(all).substr(0, 16), held_out, seed);
  std::vector<ProteinPart> parts;
  if (std::filesystem::exists(file)) {
    auto stream = chem::TextStream::open(file);
    std::string line;
    if (stream.next_line(line) && line == first)
      while (stream.next_line(line)) {
        const std::string part = line.substr(line.rfind('\t') + 1);
        for (const auto p : {ProteinPart::learned, ProteinPart::held_out, ProteinPart::relative})
          if (part == name_of(p)) parts.push_back(p);
      }
    if (parts.size() == texts.size()) return parts;
  }
  parts = generative::split_proteins(texts, static_cast<std::size_t>(held_out), seed, others);
  if (file.empty()) return parts;
  std::string text = first + "\n";
  for (std::size_t i = 0; i < parts.size(); ++i) text += fmt::format("{}\t{}\n", names[i], name_of(parts[i]));
  datasets::DurableFile durable(file);
  durable.write(text);
  durable.publish();
  return parts;
}

void fill_with_proteins(const std::vector<chem::Sequence>& sequences, const std::vector<ProteinPart>& parts,
                        ProteinTrainingData& data) {
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    if (parts[i] == ProteinPart::learned) data.learned.add(sequences[i]);
    if (parts[i] == ProteinPart::held_out) data.held_out.add(sequences[i]);
    if (parts[i] == ProteinPart::relative) ++data.relatives;
  }
}

void fill_with_pairs(const std::vector<BinderPair>& pairs, const std::vector<ProteinPart>& parts,
                     std::size_t longest, ProteinTrainingData& data) {
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (parts[i] == ProteinPart::learned) data.learned.add_pair(pairs[i].target, pairs[i].peptide, longest);
    if (parts[i] == ProteinPart::relative) ++data.relatives;
    if (parts[i] != ProteinPart::held_out) continue;
    data.held_out.add_pair(pairs[i].target, pairs[i].peptide, longest);
    data.held_out_pairs.push_back(pairs[i]);
  }
}

}  // namespace

ProteinTrainingData read_protein_data(const std::string& path, const ProteinDataOptions& options,
                                      std::uint64_t seed, int longest, const std::string& split_file) {
  std::size_t unread = 0;
  const auto apart =
      options.apart.empty() ? std::vector<chem::Sequence>{} : read_proteins(options.apart, unread);
  auto stream = chem::TextStream::open(path);
  const auto beginning = stream.peek(4096);
  const bool table = beginning.substr(0, 1) != ">" &&
                     beginning.substr(0, beginning.find('\n')).find('\t') != std::string_view::npos;
  ProteinTrainingData data;
  data.sha256 = datasets::sha256_of_file(path);
  std::vector<std::string> names;
  std::vector<std::string_view> texts;
  if (!table) {
    const auto sequences = read_proteins(path, data.left_over);
    for (const auto& s : sequences) {
      names.push_back(s.name);
      texts.push_back(s.residues);
    }
    fill_with_proteins(sequences, split_of(names, texts, apart, options.held_out, seed, split_file), data);
    return data;
  }
  std::string header;
  if (!stream.next_line(header)) throw InputError(fmt::format("'{}' is empty", path));
  const auto room = static_cast<std::size_t>(longest);
  const auto pairs = read_pairs(stream, header, path, options, room, data.left_over);
  for (const auto& pair : pairs) {
    names.push_back(pair.peptide);
    texts.push_back(pair.target);
  }
  fill_with_pairs(pairs, split_of(names, texts, apart, options.held_out, seed, split_file), room, data);
  return data;
}

}  // namespace theriac::cli
