#include "scoring/molecule_library.hpp"

#include <tbb/parallel_for.h>

#include <optional>

#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

struct Described {
  LibraryMolecule molecule;
  chem::Fingerprint fingerprint;
};

std::optional<Described> described(const std::string& smiles) {
  try {
    const auto molecule = chem::Molecule::from_smiles(smiles);
    Described out;
    out.molecule.smiles = smiles;
    out.molecule.features = chem::molecular_features(molecule);
    out.fingerprint = chem::morgan_fingerprint(molecule, MoleculeLibrary::fingerprint_radius,
                                               MoleculeLibrary::fingerprint_bits);
    return out;
  } catch (const MoleculeError&) {
    return std::nullopt;
  }
}

}  // namespace

std::vector<std::uint32_t> MoleculeLibrary::add(const std::vector<std::string>& parents) {
  std::vector<std::string> fresh;
  std::map<std::string, std::size_t> place_of_fresh;
  for (const auto& smiles : parents)
    if (places_.find(smiles) == places_.end() && place_of_fresh.emplace(smiles, fresh.size()).second)
      fresh.push_back(smiles);
  std::vector<std::optional<Described>> found(fresh.size());
  tbb::parallel_for(std::size_t{0}, fresh.size(), [&](std::size_t i) { found[i] = described(fresh[i]); });
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    if (!found[i]) continue;
    places_.emplace(fresh[i], static_cast<std::uint32_t>(molecules_.size()));
    molecules_.push_back(std::move(found[i]->molecule));
    fingerprints_.add(found[i]->fingerprint);
  }
  std::vector<std::uint32_t> out;
  for (const auto& smiles : parents) {
    const auto place = places_.find(smiles);
    out.push_back(place == places_.end() ? unknown : place->second);
  }
  return out;
}

}  // namespace theriac::scoring
