#include "generative/vocabulary_file.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "chem/error.hpp"
#include "chem/text_file.hpp"
#include "datasets/sha256.hpp"

namespace theriac::generative {
namespace {

using nlohmann::json;
constexpr const char* format_name = "theriac action vocabulary";
constexpr std::size_t size_limit = std::size_t(64) << 20;
constexpr const char* remedy = "take the file that came with the weights, or train both anew";

json content_of(const ActionVocabulary& vocabulary) {
  const VocabularyContents& c = vocabulary.contents();
  json atoms = json::array(), bonds = json::array(), motifs = json::array();
  for (const AtomType& t : c.atom_types)
    atoms.push_back({{"name", name(t)},
                     {"element", t.element},
                     {"charge", t.charge},
                     {"valence", t.valence},
                     {"keeps_hydrogens", t.keeps_hydrogens},
                     {"paired", t.paired},
                     {"count", t.count}});
  for (const auto& b : c.atom_bonds) bonds.push_back({b.type, b.order});
  for (const auto& m : c.motifs) motifs.push_back({m.smiles, m.count, m.double_bonded});
  return {{"atom_types", std::move(atoms)},
          {"atom_bonds", std::move(bonds)},
          {"motifs", std::move(motifs)},
          {"largest_ring", c.largest_ring},
          {"largest_molecule", c.largest_molecule},
          {"molecules", c.molecules},
          {"ring_systems", c.ring_systems},
          {"covered_ring_systems", c.covered_ring_systems},
          {"corpus", c.corpus},
          {"actions", vocabulary.size()}};
}

int whole_number(const json& value, int low, int high) {
  const auto n = value.get<std::int64_t>();
  if (!value.is_number_integer() || n < low || n > high)
    throw ModelError(fmt::format("{} is not a whole number from {} to {}", value.dump(), low, high));
  return static_cast<int>(n);
}

VocabularyContents contents_from(const json& content) {
  VocabularyContents out;
  for (const json& a : content.at("atom_types")) {
    AtomType t;
    t.element = whole_number(a.at("element"), 1, 118);
    t.charge = whole_number(a.at("charge"), -4, 4);
    t.valence = whole_number(a.at("valence"), 1, 7);
    t.keeps_hydrogens = a.at("keeps_hydrogens").get<bool>();
    t.paired = a.at("paired").get<bool>();
    t.count = a.at("count").get<std::int64_t>();
    out.atom_types.push_back(t);
  }
  for (const json& b : content.at("atom_bonds"))
    out.atom_bonds.push_back({whole_number(b.at(0), 0, 254), whole_number(b.at(1), 1, 3)});
  for (const json& m : content.at("motifs"))
    out.motifs.push_back({m.at(0).get<std::string>(), m.at(1).get<std::int64_t>(), m.at(2).get<bool>()});
  out.largest_ring = whole_number(content.at("largest_ring"), 3, max_graph_atoms);
  out.largest_molecule = whole_number(content.at("largest_molecule"), 1, max_graph_atoms);
  out.molecules = content.at("molecules").get<std::int64_t>();
  out.ring_systems = content.at("ring_systems").get<std::int64_t>();
  out.covered_ring_systems = content.at("covered_ring_systems").get<std::int64_t>();
  out.corpus = content.at("corpus").get<std::string>();
  return out;
}

ActionVocabulary checked_vocabulary(const json& file) {
  if (!file.is_object() || file.value("format", json()) != json(format_name))
    throw ModelError("it is no action vocabulary");
  const int version = whole_number(file.at("version"), 0, 1 << 30);
  if (version != vocabulary_file_version)
    throw ModelError(
        fmt::format("it has version {}; this program reads version {}", version, vocabulary_file_version));
  const json& content = file.at("content");
  if (datasets::sha256(content.dump()) != file.at("sha256").get<std::string>())
    throw ModelError("its checksum does not fit its content: the file was damaged or edited");
  ActionVocabulary vocabulary(contents_from(content));
  const int actions = whole_number(content.at("actions"), 0, 65535);
  if (vocabulary.size() != actions)
    throw ModelError(fmt::format("it promises {} actions and gives {}", actions, vocabulary.size()));
  return vocabulary;
}

}  // namespace

std::string vocabulary_text(const ActionVocabulary& vocabulary) {
  const json content = content_of(vocabulary);
  std::string out =
      fmt::format("{{\"format\": \"{}\",\n\"version\": {},\n\"sha256\": \"{}\",\n\"content\": {{\n",
                  format_name, vocabulary_file_version, datasets::sha256(content.dump()));
  bool first = true;
  for (const auto& [key, value] : content.items()) {  // one entry a line: readable, and small differences
    out += fmt::format("{}{}: ", first ? "" : ",\n", json(key).dump());
    first = false;
    if (!value.is_array()) {
      out += value.dump();
      continue;
    }
    out += "[";
    for (std::size_t i = 0; i < value.size(); ++i) out += (i == 0 ? "\n" : ",\n") + value[i].dump();
    out += "]";
  }
  return out + "}}\n";
}

ActionVocabulary vocabulary_from_text(const std::string& text, const std::string& source) {
  try {
    return checked_vocabulary(json::parse(text));
  } catch (const ModelError& e) {
    throw ModelError(fmt::format("cannot use the vocabulary {}: {}", source, e.what()), remedy);
  } catch (const json::parse_error& e) {
    throw ModelError(fmt::format("cannot use the vocabulary {}: not JSON at byte {}", source, e.byte),
                     remedy);
  } catch (const json::exception& e) {
    throw ModelError(fmt::format("cannot use the vocabulary {}: {}", source, e.what()), remedy);
  }
}

void save_vocabulary(const ActionVocabulary& vocabulary, const std::string& path) {
  chem::write_text_file(path, vocabulary_text(vocabulary));
}

ActionVocabulary load_vocabulary(const std::string& path) {
  return vocabulary_from_text(chem::read_text_file(path, size_limit), path);
}

}  // namespace theriac::generative
