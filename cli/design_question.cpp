#include "cli/design_question.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "generative/decoded_molecule.hpp"
#include "generative/generation_request.hpp"
#include "generative/molecule_edit.hpp"

namespace theriac::cli {
namespace {

using chem::Molecule;
using generative::SampledMolecule;

/// Half widths of the ranges around a drug.
struct Around {
  const char* property;
  double width;
};
constexpr Around around[] = {{"mw", 50}, {"clogp", 1}, {"tpsa", 20}};
constexpr int linker_change = 2;  ///< atoms more or fewer than in the drug

double value_of(const std::vector<double>& values, const std::string& property) {
  const auto& all = generative::condition_properties();
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& p) { return p.name == property; });
  return values[static_cast<std::size_t>(found - all.begin())];
}

DesignAnswer read_back(const std::string& smiles) {
  DesignAnswer out{smiles, Molecule::from_smiles(smiles), {}, false};
  if (out.molecule.smiles() != smiles)
    throw MoleculeError(
        fmt::format("'{}' is not canonical: it reads back as '{}'", smiles, out.molecule.smiles()));
  out.properties = generative::condition_values(out.molecule);
  return out;
}

using Condition = std::function<bool(const DesignAnswer&)>;

DesignQuestion from_request(const generative::ActionVocabulary& vocabulary,
                            const generative::GenerationRequest& wanted, std::uint64_t seed,
                            Condition satisfied) {
  const auto request = std::make_shared<const generative::CheckedRequest>(vocabulary, wanted);
  DesignQuestion out;
  out.plans = [request, seed](std::uint64_t number) {
    chem::CounterRandom random(seed, "", "request plan", number);
    return request->plan(random);
  };
  out.answer = [&vocabulary, satisfied = std::move(satisfied)](std::uint64_t,
                                                               const SampledMolecule& molecule) {
    DesignAnswer answer = read_back(generative::settled_smiles(vocabulary, molecule.state));
    answer.satisfied = satisfied(answer);
    return answer;
  };
  return out;
}

DesignQuestion de_novo(const Molecule& drug, const generative::ActionVocabulary& vocabulary,
                       std::uint64_t seed) {
  const auto values = generative::condition_values(drug);
  std::vector<generative::PropertyRange> ranges;
  std::string wanted;
  for (const auto& [property, width] : around) {
    const double value = value_of(values, property);
    ranges.push_back({property, value - width, value + width});
    wanted += fmt::format("{}{} {:.1f} to {:.1f}", wanted.empty() ? "" : ", ", property, value - width,
                          value + width);
  }
  auto out = from_request(vocabulary, {}, seed, [ranges](const DesignAnswer& answer) {
    return generative::satisfies(answer.properties, ranges);
  });
  out.ranges = std::move(ranges);
  out.wanted = wanted;
  return out;
}

DesignQuestion grow(const DesignDrug& drug, const generative::ActionVocabulary& vocabulary,
                    std::uint64_t seed) {
  generative::GenerationRequest wanted;
  wanted.scaffold = drug.scaffold;
  auto out = from_request(vocabulary, wanted, seed, [piece = drug.scaffold](const DesignAnswer& answer) {
    return holds_piece(answer.molecule, piece);
  });
  out.wanted = drug.scaffold;
  return out;
}

DesignQuestion link(const DesignDrug& drug, const Molecule& molecule,
                    const generative::ActionVocabulary& vocabulary, std::uint64_t seed) {
  const auto in_drug = linker_lengths(molecule, drug.warheads);
  if (in_drug.empty()) throw InputError(fmt::format("{} does not hold its two warheads", drug.name));
  generative::GenerationRequest wanted;
  wanted.warheads = drug.warheads;
  wanted.min_linker = std::max(1, in_drug.front() - linker_change);
  wanted.max_linker = in_drug.front() + linker_change;
  auto out = from_request(vocabulary, wanted, seed, [wanted](const DesignAnswer& answer) {
    const auto lengths = linker_lengths(answer.molecule, wanted.warheads);
    return std::any_of(lengths.begin(), lengths.end(),
                       [&](int n) { return n >= wanted.min_linker && n <= wanted.max_linker; });
  });
  out.wanted = fmt::format("{} and {}, {} to {} atoms apart", drug.warheads[0], drug.warheads[1],
                           wanted.min_linker, wanted.max_linker);
  return out;
}

DesignQuestion optimise(const DesignDrug& drug, const generative::ActionVocabulary& vocabulary,
                        std::uint64_t seed) {
  const generative::EditOptions options;
  const auto edits = std::make_shared<const generative::MoleculeEdits>(vocabulary, drug.smiles, options);
  DesignQuestion out;
  out.plans = [edits, plans = edits->plans(seed)](std::uint64_t number) { return plans(number); };
  out.answer = [edits, plans = out.plans](std::uint64_t number, const SampledMolecule& molecule) {
    const auto edited = edits->edited(plans(number), molecule.state, molecule.actions);
    DesignAnswer answer = read_back(edited.molecule.smiles());
    answer.satisfied = edits->accepts(edited);
    return answer;
  };
  out.wanted = fmt::format("similarity {} to {}", options.min_similarity, options.max_similarity);
  return out;
}

}  // namespace

const std::vector<std::string>& design_modes() {
  static const std::vector<std::string> modes = {"denovo", "scaffold", "link", "optimise"};
  return modes;
}

DesignQuestion design_question(const DesignDrug& drug, const std::string& mode,
                               const generative::ActionVocabulary& vocabulary, std::uint64_t seed) {
  if (mode == "scaffold") return grow(drug, vocabulary, seed);
  if (mode == "optimise") return optimise(drug, vocabulary, seed);
  const Molecule molecule = Molecule::from_smiles(drug.smiles);
  if (mode == "denovo") return de_novo(molecule, vocabulary, seed);
  if (mode == "link") return link(drug, molecule, vocabulary, seed);
  const std::string near = chem::nearest_name(mode, design_modes());
  throw UsageError(fmt::format("no mode '{}'; there are {}", mode, fmt::join(design_modes(), ", ")),
                   near.empty() ? "" : fmt::format("did you mean '{}'?", near));
}

}  // namespace theriac::cli
