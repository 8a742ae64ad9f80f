// The action grammar on real corpora: what of it is covered, whether every molecule comes back, and how fast.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <ctime>
#include <filesystem>
#include <map>
#include <set>

#include "action_fixtures.hpp"
#include "chem/error.hpp"
#include "chem/text_file.hpp"
#include "generative/action_sequence.hpp"
#include "generative/decoded_molecule.hpp"
#include "generative/legal_actions.hpp"
#include "generative/random_policy.hpp"
#include "generative/vocabulary_census.hpp"

using theriac::chem::CounterRandom;
using theriac::chem::Molecule;
using namespace theriac::generative;
namespace chem = theriac::chem;

namespace {

const std::string folder = THERIAC_SHARED_DATA "/data/molecules/";
const std::string moses = THERIAC_SHARED_DATA "/data/moses/train.smi.gz";

bool data_is_there() {
  if (std::filesystem::exists(folder + "train_chembl.smi.gz") && std::filesystem::exists(moses)) return true;
  WARN("skipped: needs ../shared/data/molecules and ../shared/data/moses");
  return false;
}

/// Every `stride`-th SMILES of a file from the `first`-th on, at most `most`.
std::vector<std::string> rows(const std::string& path, std::size_t first, std::size_t stride,
                              std::size_t most) {
  const std::string text = chem::read_text_file(path);
  std::string_view rest = text, line;
  std::vector<std::string> out;
  for (std::size_t i = 0; out.size() < most && chem::next_line(rest, line); ++i)
    if (i >= first && (i - first) % stride == 0) out.emplace_back(line.substr(0, line.find_first_of("\t ")));
  return out;
}

struct Corpus {
  const char* name;
  std::string path;
  std::size_t stride, counted, held_out;
};

const std::vector<Corpus>& corpora() {
  static const std::vector<Corpus> list{{"ChEMBL", folder + "train_chembl.smi.gz", 11, 24000, 10000},
                                        {"ZINC", folder + "train_zinc.smi.gz", 11, 8000, 10000},
                                        {"screening", folder + "train_screening.smi.gz", 11, 8000, 10000}};
  return list;
}

const ActionVocabulary& corpus_vocabulary() {
  static const ActionVocabulary vocabulary = [] {
    VocabularyCensus census;
    for (const Corpus& c : corpora())
      for (const std::string& text : rows(c.path, 0, c.stride, c.counted)) census.add(chem::flat_graph(text));
    VocabularyOptions options;
    options.motifs = 2048;
    return census.vocabulary(options);
  }();
  return vocabulary;
}

/// Seconds of processor time: the machine may be busy with other things.
class Stopwatch {
 public:
  double seconds() const { return static_cast<double>(std::clock() - start_) / CLOCKS_PER_SEC; }

 private:
  std::clock_t start_ = std::clock();
};

/// What encoding and decoding a corpus shows.
struct Survey {
  std::size_t molecules = 0, whole = 0, changed = 0, steps = 0, ring_systems = 0, motif_systems = 0,
              all_motifs = 0;
  double parsing = 0, preparing = 0, encoding = 0, replaying = 0, writing = 0;
  std::map<std::string, int> refused;
  std::vector<std::string> changes;
};

std::string kind_of_reason(const std::string& reason) {
  const auto bracket = reason.find('('), colon = reason.find(": a ring of");
  if (colon != std::string::npos) return "a ring" + reason.substr(colon + 6);
  if (reason.rfind("atom ", 0) == 0 && bracket != std::string::npos) return "atom " + reason.substr(bracket);
  return reason;
}

Survey survey(const std::vector<std::string>& molecules) {
  const ActionVocabulary& vocabulary = corpus_vocabulary();
  const GenerationPlan plan(vocabulary, max_graph_atoms);
  UnitGraphBuilder builder(vocabulary);
  Survey out;
  for (const std::string& text : molecules) {
    ++out.molecules;
    Stopwatch clock;
    const chem::FlatGraph flat = chem::flat_graph(text);
    out.parsing += clock.seconds();
    try {
      clock = Stopwatch();
      const UnitGraph units = builder.build(flat);
      out.preparing += clock.seconds();
      std::size_t motifs = 0;
      for (const int unit : units.units) motifs += vocabulary.is_motif(unit);
      const std::size_t systems = ring_systems(flat).size();
      out.ring_systems += systems;
      out.motif_systems += motifs;
      out.all_motifs += motifs == systems;
      CounterRandom random(1, text, "survey");
      clock = Stopwatch();
      const Encoding encoding = encode_patiently(vocabulary, units, random);
      out.encoding += clock.seconds();
      out.steps += encoding.actions.size();
      clock = Stopwatch();
      const GraphState state = decode(plan, encoding.actions);
      out.replaying += clock.seconds();
      clock = Stopwatch();
      const std::string back = smiles(vocabulary, state);
      out.writing += clock.seconds();
      if (back == chem::canonical_smiles(flat)) {
        ++out.whole;
      } else {
        ++out.changed;
        out.changes.push_back(text + " -> " + back);
      }
    } catch (const NotEncodable& e) {
      ++out.refused[kind_of_reason(e.what())];
    }
  }
  return out;
}

std::string report(const char* name, const Survey& s) {
  const auto share = [](std::size_t a, std::size_t b) {
    return static_cast<double>(a) / static_cast<double>(b);
  };
  const auto n = static_cast<double>(s.molecules);
  std::string out = fmt::format(
      "{}: {} molecules, {:.5f} come back; ring systems placed as motifs {:.4f}, molecules with motifs only "
      "{:.4f}; {:.1f} steps a molecule\n  a second of processor time: read SMILES {:.0f}, find units {:.0f}, "
      "encode {:.0f}, "
      "decode "
      "{:.0f} (actions {:.0f}), write SMILES {:.0f}\n",
      name, s.molecules, share(s.whole, s.molecules), share(s.motif_systems, s.ring_systems),
      share(s.all_motifs, s.molecules), share(s.steps, s.molecules), n / s.parsing, n / s.preparing,
      n / s.encoding, n / s.replaying, static_cast<double>(s.steps) / s.replaying, n / s.writing);
  for (const auto& [reason, count] : s.refused) out += fmt::format("  refused {}: {}\n", count, reason);
  for (const std::string& change : s.changes) out += "  " + change + "\n";
  return out;
}

/// Random molecules of the corpus' vocabulary: each is valid, unchanged by sanitising, and comes back from
/// its SMILES.
void check_random_molecules(int count) {
  if (!data_is_there()) return;
  const ActionVocabulary& vocabulary = corpus_vocabulary();
  RandomPolicy many_rings;  // built atom by atom: the hardest for perception
  many_rings.add_motif = 0.02;
  many_rings.close_ring = 4;
  many_rings.stop = 0.02;
  std::size_t atoms = 0, steps = 0, closures = 0, unstable = 0;
  std::set<std::string> seen;
  double growing = 0, writing = 0;
  const Stopwatch begun;
  for (int i = 0; i < count; ++i) {
    const GenerationPlan plan(vocabulary, 2 + i % 49);
    CounterRandom random(21, "random policy", "shared", static_cast<std::uint64_t>(i));
    std::vector<Action> actions;
    Stopwatch clock;
    const GraphState state = sample(plan, random, i % 2 == 0 ? RandomPolicy{} : many_rings, &actions);
    growing += clock.seconds();
    clock = Stopwatch();
    const std::string text = smiles(vocabulary, state);
    writing += clock.seconds();
    REQUIRE(state.atom_count <= 2 + i % 49);
    const std::string again = Molecule::from_smiles(text).smiles();
    if (again != text && ++unstable <= 20) WARN(text << " becomes " << again);
    REQUIRE(atoms_of(chem::flat_graph(text)) == atoms_of(flat_graph(vocabulary, state)));
    atoms += state.atom_count;
    steps += actions.size();
    for (const Action a : actions) closures += vocabulary.kind(a) == ActionKind::close_ring;
    seen.insert(text);
  }
  WARN(fmt::format(
      "{} random molecules in {:.0f} s: {:.1f} atoms, {:.1f} steps, {:.2f} free ring closures, {} unique; "
      "a second: {:.0f} grown, {:.0f} actions, {:.0f} SMILES written",
      count, begun.seconds(), static_cast<double>(atoms) / count, static_cast<double>(steps) / count,
      static_cast<double>(closures) / count, seen.size(), count / growing,
      static_cast<double>(steps) / growing, count / writing));
  CHECK(unstable == 0);
}

/// Every molecule that is not refused for its hydrogens comes back; nothing becomes another molecule.
void check_held_out_molecules(std::size_t most) {
  if (!data_is_there()) return;
  const VocabularyContents& c = corpus_vocabulary().contents();
  std::string types;
  for (const AtomType& t : c.atom_types)
    types += fmt::format(" {} {}{}", name(t), t.count, t.keeps_hydrogens ? "" : "*");
  WARN(fmt::format(
      "vocabulary of {} molecules: {} actions, {} motifs, {:.4f} of its ring systems; atom types{}",
      c.molecules, corpus_vocabulary().size(), c.motifs.size(),
      static_cast<double>(c.covered_ring_systems) / static_cast<double>(c.ring_systems), types));
  for (const Corpus& corpus : corpora()) {
    const Survey s = survey(rows(corpus.path, 5, corpus.stride, most));
    WARN(report(corpus.name, s));
    CHECK(s.changed == 0);
    // What is refused are rare states of atoms that a vocabulary of so few molecules has not seen.
    CHECK(static_cast<double>(s.whole) >= 0.995 * static_cast<double>(s.molecules));
  }
  const Survey s = survey(rows(moses, 0, 157, most));
  WARN(report("MOSES", s));
  CHECK(s.changed == 0);
  CHECK(s.whole == s.molecules);
}

}  // namespace

TEST_CASE("more motifs cover more ring systems, and 2,048 cover nearly all of ZINC", "[.slow]") {
  if (!data_is_there()) return;
  VocabularyCensus census;
  for (const Corpus& c : corpora())
    for (const std::string& text : rows(c.path, 0, 5, 2 * c.counted)) census.add(chem::flat_graph(text));
  VocabularyOptions options;
  options.motifs = 8192;
  const ActionVocabulary vocabulary = census.vocabulary(options);
  WARN(fmt::format("{} molecules counted, {} motifs seen at least twice", census.molecules(),
                   vocabulary.motif_count()));
  for (const Corpus& corpus : corpora()) {
    std::map<int, std::pair<int, int>> covered;  // motifs: ring systems, whole molecules
    int molecules = 0, systems = 0;
    RingSystemNames names;
    for (const std::string& text : rows(corpus.path, 3, 10, corpus.held_out)) {
      std::vector<int> ranks;
      for (const RingSystem& system : ring_systems(chem::flat_graph(text))) {
        const auto* match = vocabulary.find_motif(names.of(system.bare).smiles);
        ranks.push_back(match ? match->unit - vocabulary.atom_type_count() : 1 << 20);
      }
      ++molecules;
      systems += static_cast<int>(ranks.size());
      for (const int size : {256, 512, 1024, 2048, 4096, 8192}) {
        const auto in = std::count_if(ranks.begin(), ranks.end(), [&](int r) { return r < size; });
        covered[size].first += static_cast<int>(in);
        covered[size].second += in == static_cast<std::ptrdiff_t>(ranks.size());
      }
    }
    std::string line = fmt::format("{}: share of ring systems / of molecules with motifs only:", corpus.name);
    for (const auto& [size, n] : covered)
      line += fmt::format("  {}: {:.4f} / {:.4f}", size, static_cast<double>(n.first) / systems,
                          static_cast<double>(n.second) / molecules);
    WARN(line);
    CHECK(static_cast<double>(covered[2048].first) >
          (std::string(corpus.name) == "ZINC" ? 0.98 : 0.96) * systems);
  }
}

TEST_CASE("held-out molecules of the corpora come back from their actions") {
  check_held_out_molecules(2000);
}

TEST_CASE("5,000 random molecules of a corpus' vocabulary are valid and come back from their SMILES") {
  check_random_molecules(5000);
}

// By name only, about eight minutes: test_graph_actions_shared "[slow]"
TEST_CASE("10,000 held-out molecules of each corpus come back from their actions", "[.slow]") {
  check_held_out_molecules(10000);
}

TEST_CASE("100,000 random molecules of a corpus' vocabulary are valid and come back from their SMILES",
          "[.slow]") {
  check_random_molecules(100000);
}
