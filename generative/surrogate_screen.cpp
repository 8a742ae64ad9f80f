#include "generative/surrogate_screen.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include "chem/fingerprint.hpp"
#include "scoring/tanimoto_process.hpp"

namespace theriac::generative {
namespace {

struct Known {
  std::string smiles;
  chem::CountFingerprint fingerprint;
  double worth = 0;
};

chem::CountFingerprint fingerprint(const std::string& smiles) {
  return chem::morgan_counts(chem::Molecule::from_smiles(smiles));
}

}  // namespace

struct SurrogateScreen::Implementation {
  std::unique_ptr<Proposer> ideas;
  SurrogateScreenOptions options;
  std::vector<Known> known;                             ///< in the order told
  std::unordered_map<std::string, std::size_t> places;  ///< of SMILES in `known`; only asked, never walked

  std::vector<std::size_t> basis() const;
  std::vector<double> bounds(const std::vector<Candidate>& of) const;
};

/// The best half and the latest half of what is known.
std::vector<std::size_t> SurrogateScreen::Implementation::basis() const {
  std::vector<std::size_t> out(known.size());
  std::iota(out.begin(), out.end(), std::size_t{0});
  const auto most = static_cast<std::size_t>(options.known);
  if (out.size() <= most) return out;
  std::stable_sort(out.begin(), out.end(),
                   [&](std::size_t a, std::size_t b) { return known[a].worth > known[b].worth; });
  std::sort(out.begin() + static_cast<std::ptrdiff_t>(most / 2), out.end(), std::greater<>());
  out.resize(most);
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<double> SurrogateScreen::Implementation::bounds(const std::vector<Candidate>& of) const {
  std::vector<chem::CountFingerprint> told, asked(of.size());
  std::vector<double> worth;
  for (const std::size_t i : basis()) {
    told.push_back(known[i].fingerprint);
    worth.push_back(known[i].worth);
  }
  tbb::parallel_for(std::size_t{0}, of.size(),
                    [&](std::size_t i) { asked[i] = fingerprint(of[i].molecule.smiles()); });
  std::vector<double> out;
  for (const auto& p : scoring::TanimotoProcess(told, worth).predict(asked))
    out.push_back(p.mean + options.courage * p.deviation);
  return out;
}

SurrogateScreen::SurrogateScreen(std::unique_ptr<Proposer> ideas, const SurrogateScreenOptions& options)
    : implementation_(std::make_unique<Implementation>()) {
  implementation_->ideas = std::move(ideas);
  implementation_->options = options;
}

SurrogateScreen::~SurrogateScreen() = default;

std::vector<Candidate> SurrogateScreen::propose(int n, int round) {
  auto& own = *implementation_;
  if (round == 0 || own.known.size() < static_cast<std::size_t>(own.options.known_least))
    return own.ideas->propose(n, round);
  auto ideas = own.ideas->propose(n * own.options.ideas_each, round);
  const auto bound = own.bounds(ideas);
  std::vector<std::size_t> order(ideas.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // Some places go to the first ideas, so that what is predicted to be bad is tried now and then.
  const auto first =
      std::min(static_cast<std::size_t>(std::lround(own.options.unscreened * n)), ideas.size());
  std::stable_sort(order.begin() + static_cast<std::ptrdiff_t>(first), order.end(),
                   [&](std::size_t a, std::size_t b) { return bound[a] > bound[b]; });
  std::vector<Candidate> out;
  std::vector<std::string> passed_over;
  for (const std::size_t i : order) {
    if (static_cast<int>(out.size()) < n)
      out.push_back(std::move(ideas[i]));
    else
      passed_over.push_back(ideas[i].molecule.smiles());
  }
  own.ideas->forget(passed_over);
  return out;
}

void SurrogateScreen::recall(const std::vector<std::string>& smiles) {
  implementation_->ideas->recall(smiles);
}

void SurrogateScreen::forget(const std::vector<std::string>& smiles) {
  implementation_->ideas->forget(smiles);
}

void SurrogateScreen::learn(const std::vector<Lesson>& lessons) {
  auto& own = *implementation_;
  own.ideas->learn(lessons);
  const std::size_t before = own.known.size();
  for (const Lesson& lesson : lessons) {
    const auto [place, fresh] = own.places.emplace(lesson.smiles, own.known.size());
    if (fresh)
      own.known.push_back({lesson.smiles, {}, lesson.fitness});
    else
      own.known[place->second].worth = lesson.fitness;
  }
  tbb::parallel_for(before, own.known.size(),
                    [&](std::size_t i) { own.known[i].fingerprint = fingerprint(own.known[i].smiles); });
}

/// Worths told so far are void; the next lessons say what is known.
void SurrogateScreen::objectives_changed() {
  implementation_->ideas->objectives_changed();
  implementation_->known.clear();
  implementation_->places.clear();
}

std::vector<std::string> SurrogateScreen::remarks() {
  return implementation_->ideas->remarks();
}

}  // namespace theriac::generative
