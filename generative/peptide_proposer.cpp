#include "generative/peptide_proposer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "chem/error.hpp"
#include "chem/peptide_recognition.hpp"
#include "chem/peptide_structure.hpp"

namespace theriac::generative {
namespace {

constexpr std::size_t drawn_at_once = 64;

bool insert_sorted(std::vector<std::string>& list, const std::string& text) {
  const auto at = std::lower_bound(list.begin(), list.end(), text);
  if (at != list.end() && *at == text) return false;
  list.insert(at, text);
  return true;
}

}  // namespace

PeptideRing peptide_ring(const std::string& name) {
  if (name == "none") return PeptideRing::open;
  if (name == "head-to-tail") return PeptideRing::head_to_tail;
  if (name == "disulfide") return PeptideRing::disulfide;
  throw UsageError(fmt::format("unknown ring '{}' of peptides; known: none, head-to-tail, disulfide", name));
}

PeptideProposer::PeptideProposer(std::vector<chem::Molecule> start, std::shared_ptr<const PeptideModel> model,
                                 PeptideProposerOptions options)
    : start_(std::move(start)), model_(std::move(model)), options_(std::move(options)) {
  check_design(options_.design);
  if (options_.design.longest > static_cast<int>(chem::longest_peptide_molecule))
    throw UsageError(fmt::format("peptides of {} residues are too long to be made molecules; at most {}",
                                 options_.design.longest, chem::longest_peptide_molecule));
  if (options_.ring == PeptideRing::head_to_tail && options_.design.shortest < 3)
    throw UsageError("a ring of fewer than 3 residues cannot be closed");
  if (options_.ring == PeptideRing::disulfide) options_.design.free_cysteines = false;
  context_ = model_->read_target(options_.target, options_.design.longest);
}

chem::Molecule PeptideProposer::molecule_of(const std::string& residues) const {
  chem::PeptideForm form;
  form.head_to_tail = options_.ring == PeptideRing::head_to_tail;
  if (options_.ring == PeptideRing::disulfide) form.disulfides = {{1, static_cast<int>(residues.size())}};
  return chem::peptide_molecule(residues, form);
}

std::string PeptideProposer::residues_of(const std::string& smiles) const {
  std::string residues;
  try {
    residues = chem::peptide_residues(chem::Molecule::from_smiles(smiles));
    const int n = static_cast<int>(residues.size());
    if (n < options_.design.shortest || n > options_.design.longest) return {};
    if (molecule_of(residues).smiles() != smiles) return {};
  } catch (const InputError&) {  // a molecule of another kind
    return {};
  }
  return residues;
}

bool PeptideProposer::add(const std::string& residues, const std::string& origin, double log_likelihood,
                          std::vector<Candidate>& out) {
  Candidate candidate{molecule_of(residues), origin, log_likelihood};
  if (!insert_sorted(known_, candidate.molecule.smiles())) return false;
  out.push_back(std::move(candidate));
  return true;
}

std::vector<Candidate> PeptideProposer::propose(int n, int round) {
  std::vector<Candidate> out;
  if (round == 0)
    for (const auto& molecule : start_)
      if (insert_sorted(known_, molecule.smiles())) out.push_back({molecule, "start"});
  const int left = n - static_cast<int>(out.size());
  const int bred = population_.empty()
                       ? 0
                       : static_cast<int>(std::floor((1 - options_.drawn_share) * static_cast<double>(left)));
  breed(bred, round, out);
  draw(n - static_cast<int>(out.size()), round, out);
  return out;
}

void PeptideProposer::draw(int wanted, int round, std::vector<Candidate>& out) {
  PeptideDesign design = options_.design;
  const std::size_t full = out.size() + static_cast<std::size_t>(std::max(0, wanted));
  const std::uint64_t most = 20 * static_cast<std::uint64_t>(std::max(0, wanted)) + 500;
  for (std::uint64_t drawn = 0; drawn < most && out.size() < full; drawn += drawn_at_once) {
    std::vector<std::string> batch;
    std::vector<int> lengths;
    std::vector<chem::CounterRandom> random;
    for (std::size_t i = 0; i < drawn_at_once; ++i) {
      random.emplace_back(options_.seed, options_.target, fmt::format("propose peptide {}", round),
                          drawn + i);
      const auto range = static_cast<std::uint32_t>(design.longest - design.shortest + 1);
      lengths.push_back(design.shortest + static_cast<int>(random.back().below(range)));
    }
    batch = context_->sampled(lengths, design, std::move(random));
    if (options_.ring == PeptideRing::disulfide)
      for (auto& peptide : batch) peptide.front() = peptide.back() = 'C';
    const auto log_p = context_->log_probabilities(batch);
    for (std::size_t i = 0; i < batch.size() && out.size() < full; ++i) {
      PeptideDesign ends = design;
      if (options_.ring == PeptideRing::disulfide) {
        ends.fixed[1] = 'C';
        ends.fixed[lengths[i]] = 'C';
      }
      if (fits(ends, batch[i]))
        add(batch[i], "language model", std::accumulate(log_p[i].begin(), log_p[i].end(), 0.0), out);
    }
  }
}

const PeptideProposer::Breeder& PeptideProposer::parent(chem::CounterRandom& random) const {
  const auto n = static_cast<std::uint32_t>(population_.size());
  return population_[std::min(random.below(n), random.below(n))];  // best first: the better of two
}

std::string PeptideProposer::child(chem::CounterRandom& random, std::string& origin) const {
  std::string peptide = parent(random).residues;
  origin = "mutation";
  if (random.uniform() < 0.3) {
    const std::string& other = parent(random).residues;
    const std::size_t cut =
        1 + random.below(static_cast<std::uint32_t>(std::min(peptide.size(), other.size()) - 1));
    peptide = peptide.substr(0, cut) + other.substr(cut);
    origin = "crossover";
  }
  const double kind = random.uniform();
  const auto letter = [&] { return chem::standard_residues[random.below(20)]; };
  const auto place = [&] { return random.below(static_cast<std::uint32_t>(peptide.size())); };
  if (kind < 0.15)
    peptide.insert(place(), 1, letter());
  else if (kind < 0.3)
    peptide.erase(place(), 1);
  else
    for (std::uint32_t change = 0; change <= random.below(2); ++change) peptide[place()] = letter();
  for (const auto& [position, residue] : options_.design.fixed)
    if (position <= static_cast<int>(peptide.size()))
      peptide[static_cast<std::size_t>(position - 1)] = residue;
  if (options_.ring == PeptideRing::disulfide) peptide.front() = peptide.back() = 'C';
  return peptide;
}

void PeptideProposer::breed(int wanted, int round, std::vector<Candidate>& out) {
  const std::size_t full = out.size() + static_cast<std::size_t>(std::max(0, wanted));
  for (std::uint64_t i = 0; i < 30 * static_cast<std::uint64_t>(std::max(0, wanted)) && out.size() < full;
       ++i) {
    chem::CounterRandom random(options_.seed, options_.target, fmt::format("breed peptide {}", round), i);
    std::string origin;
    const std::string peptide = child(random, origin);
    PeptideDesign design = options_.design;
    if (options_.ring == PeptideRing::disulfide) {
      design.fixed[1] = 'C';
      design.fixed[static_cast<int>(peptide.size())] = 'C';
    }
    if (fits(design, peptide)) add(peptide, origin, std::numeric_limits<double>::quiet_NaN(), out);
  }
}

void PeptideProposer::recall(const std::vector<std::string>& smiles) {
  known_.insert(known_.end(), smiles.begin(), smiles.end());
  std::sort(known_.begin(), known_.end());
  known_.erase(std::unique(known_.begin(), known_.end()), known_.end());
}

void PeptideProposer::forget(const std::vector<std::string>& smiles) {
  const std::set<std::string> forgotten(smiles.begin(), smiles.end());
  known_.erase(
      std::remove_if(known_.begin(), known_.end(), [&](const auto& k) { return forgotten.count(k) > 0; }),
      known_.end());
}

void PeptideProposer::learn(const std::vector<Lesson>& lessons) {
  for (const auto& lesson : lessons) {
    population_.erase(std::remove_if(population_.begin(), population_.end(),
                                     [&](const Breeder& b) { return b.smiles == lesson.smiles; }),
                      population_.end());
    const std::string residues = lesson.fitness > 0 ? residues_of(lesson.smiles) : std::string();
    if (!residues.empty()) population_.push_back({residues, lesson.smiles, lesson.fitness});
  }
  std::sort(population_.begin(), population_.end(), [](const Breeder& a, const Breeder& b) {
    return a.fitness != b.fitness ? a.fitness > b.fitness : a.residues < b.residues;
  });
  if (population_.size() > static_cast<std::size_t>(options_.population))
    population_.resize(static_cast<std::size_t>(options_.population));
}

void PeptideProposer::objectives_changed() {
  population_.clear();
}

std::vector<std::string> PeptideProposer::breeders() const {
  std::vector<std::string> out;
  for (const auto& breeder : population_) out.push_back(breeder.residues);
  return out;
}

}  // namespace theriac::generative
