#include "scoring/pose_features.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "chem/conformer.hpp"
#include "chem/torsion_tree.hpp"
#include "scoring/pose_model.hpp"
#include "scoring/receptor_field.hpp"
#include "scoring/vina_energy.hpp"

using namespace theriac;
using namespace theriac::scoring;
using chem::Vector3;

namespace {

struct Probe {
  chem::Molecule molecule;
  chem::FlexibleLigand ligand;
  explicit Probe(const std::string& smiles)
      : molecule(chem::embedded(chem::Molecule::from_smiles(smiles))),
        ligand(chem::flexible_ligand(molecule)) {}
  Pose pose() const {
    Pose p;
    p.coordinates = molecule.coordinates();
    return p;
  }
};

void add_atom(chem::Receptor& receptor, const std::string& name, const std::string& residue, int number,
              int element, const std::string& type, Vector3 position) {
  chem::ReceptorAtom a;
  a.name = name;
  a.residue_name = residue;
  a.residue = {"A", number, ' '};
  a.element = element;
  a.autodock_type = type;
  a.position = position;
  receptor.atoms.push_back(a);
}

double descriptor(const PoseFeatures& of, const std::string& name) {
  const auto& names = pose_descriptor_names();
  const auto place = std::find(names.begin(), names.end(), name);
  REQUIRE(place != names.end());
  return of.descriptors.at(static_cast<std::size_t>(place - names.begin()));
}

/// An aspartate, a phenylalanine ring and some carbons round the ligand.
chem::Receptor small_site(Vector3 about) {
  chem::Receptor r;
  const auto at = [&](double x, double y, double z) { return about + Vector3{x, y, z}; };
  add_atom(r, "CG", "ASP", 1, 6, "C", at(5.2, 0.0, 0.3));
  add_atom(r, "OD1", "ASP", 1, 8, "OA", at(4.2, 0.6, 0.3));
  add_atom(r, "OD2", "ASP", 1, 8, "OA", at(5.2, -1.25, 0.3));
  const char* ring[] = {"CG", "CD1", "CE1", "CZ", "CE2", "CD2"};
  for (int k = 0; k < 6; ++k)
    add_atom(r, ring[k], "PHE", 2, 6, "A", at(1.4 * std::cos(1.0472 * k), 1.4 * std::sin(1.0472 * k), 4.0));
  add_atom(r, "CB", "ALA", 3, 6, "C", at(-1.0, -4.0, 0.0));
  add_atom(r, "ZN", "ZN", 4, 30, "Zn", at(0.0, 5.0, -2.0));
  return r;
}

Vector3 turned(Vector3 p) {  // by 40 degrees about z and 70 about x, and moved
  const double c = std::cos(0.698), s = std::sin(0.698), d = std::cos(1.222), e = std::sin(1.222);
  const Vector3 q{c * p.x - s * p.y, s * p.x + c * p.y, p.z};
  return {q.x + 30, d * q.y - e * q.z - 12, e * q.y + d * q.z + 7};
}

}  // namespace

TEST_CASE("an atom pair is shared between the two shells about its distance") {
  const Probe probe("C");
  chem::Receptor receptor;
  const auto pose = probe.pose();
  const auto carbon = std::find_if(probe.ligand.atoms.begin(), probe.ligand.atoms.end(),
                                   [](const auto& a) { return a.element == 6; }) -
                      probe.ligand.atoms.begin();
  add_atom(receptor, "O", "ALA", 1, 8, "OA",
           pose.coordinates[static_cast<std::size_t>(carbon)] + Vector3{3.1, 0, 0});
  const PoseFeaturizer featurizer(receptor);
  const auto features = featurizer.features(probe.ligand, {pose});
  REQUIRE(features.front().atoms.size() == 1);
  const auto& atom = features.front().atoms.front();
  CHECK(atom.kind == ContactKind::aliphatic);
  const auto place = static_cast<std::size_t>(ContactKind::carbonyl) * contact_shells;
  CHECK(atom.counts[place] == Approx(0));
  CHECK(atom.counts[place + 1] == Approx(0.8));  // knot 3.0
  CHECK(atom.counts[place + 2] == Approx(0.2));  // knot 3.5
  double all = 0;
  for (int i = 0; i < contact_kind_count * contact_shells; ++i)
    all += atom.counts[static_cast<std::size_t>(i)];
  CHECK(all == Approx(1));
}

TEST_CASE("features do not depend on the frame") {
  const Probe probe("C[NH2+]Cc1ccccc1O");
  const Pose pose = probe.pose();
  const chem::Receptor receptor = small_site(pose.coordinates.front());
  Pose moved = pose;
  for (auto& p : moved.coordinates) p = turned(p);
  chem::Receptor moved_receptor = receptor;
  for (auto& a : moved_receptor.atoms) a.position = turned(a.position);
  const auto here = PoseFeaturizer(receptor).features(probe.ligand, {pose}).front();
  const auto there = PoseFeaturizer(moved_receptor).features(probe.ligand, {moved}).front();
  for (std::size_t d = 0; d < here.descriptors.size(); ++d) {
    INFO(pose_descriptor_names()[d]);
    CHECK(there.descriptors[d] == Approx(here.descriptors[d]).margin(1e-4));
  }
  REQUIRE(here.atoms.size() == there.atoms.size());
  for (std::size_t a = 0; a < here.atoms.size(); ++a)
    for (std::size_t i = 0; i < here.atoms[a].counts.size(); ++i)
      CHECK(there.atoms[a].counts[i] == Approx(here.atoms[a].counts[i]).margin(1e-4));
}

TEST_CASE("energy terms of the features are those of the docking reference") {
  const Probe probe("C[NH2+]Cc1ccccc1O");
  const Pose pose = probe.pose();
  const chem::Receptor receptor = small_site(pose.coordinates.front());
  chem::Box box;
  box.center = pose.coordinates.front();
  box.size = {30, 30, 30};
  const auto features = PoseFeaturizer(receptor).features(probe.ligand, {pose}).front();
  for (const auto scoring : {ScoringFunction::vina, ScoringFunction::vinardo}) {
    const PoseModel model(probe.ligand, receptor);
    const ReceptorField field(receptor, box, scoring);
    std::vector<Vector3> heavy;
    for (const int i : model.ligand_atom_index())
      heavy.push_back(pose.coordinates[static_cast<std::size_t>(i)]);
    const auto terms = score_pose(model, field, heavy);
    const bool vina = scoring == ScoringFunction::vina;
    CHECK(descriptor(features, vina ? "gauss1" : "vinardo_gauss") == Approx(terms.gauss1).margin(1e-3));
    CHECK(descriptor(features, vina ? "repulsion" : "vinardo_repulsion") ==
          Approx(terms.repulsion).margin(1e-3));
    CHECK(descriptor(features, vina ? "hydrophobic" : "vinardo_hydrophobic") ==
          Approx(terms.hydrophobic).margin(1e-3));
    CHECK(descriptor(features, vina ? "hydrogen_bond" : "vinardo_hydrogen_bond") ==
          Approx(terms.hydrogen_bond).margin(1e-3));
    if (vina) CHECK(descriptor(features, "gauss2") == Approx(terms.gauss2).margin(1e-3));
  }
}

TEST_CASE("a gap is counted from the best pose of the pool") {
  const Probe probe("CCO");
  Pose first = probe.pose(), second = probe.pose();
  first.terms.inter = -5;
  second.terms.inter = -3.5;
  first.terms.torsion_divisor = second.terms.torsion_divisor = 1.25;
  const chem::Receptor receptor = small_site(first.coordinates.front());
  const auto features = PoseFeaturizer(receptor).features(probe.ligand, {second, first});
  CHECK(descriptor(features[0], "energy_gap") == Approx(1.5));
  CHECK(descriptor(features[1], "energy_gap") == Approx(0).margin(1e-6));
  CHECK(descriptor(features[0], "scaled_gap") == Approx(1.2));
}

TEST_CASE("a side chain that moves counts like the same atoms at rest") {
  const Probe probe("C[NH2+]Cc1ccccc1O");
  const Pose pose = probe.pose();
  chem::Receptor rigid = small_site(pose.coordinates.front()), moving = rigid;
  const auto leucine = [&](int k) { return pose.coordinates.front() + Vector3{3.5 + 1.3 * k, 2.0, -3.0}; };
  chem::FlexibleResidue residue;
  residue.residue = {"A", 9, ' '};
  residue.residue_name = "LEU";
  Pose with_chain = pose;
  with_chain.flexible_residues.emplace_back();
  for (int k = 0; k < 3; ++k) {
    add_atom(rigid, "C", "LEU", 9, 6, "C", leucine(k));
    chem::LigandAtom atom;
    atom.autodock_type = "C";
    atom.element = 6;
    residue.chain.atoms.push_back(atom);  // elsewhere: the place comes with the pose
    if (k > 0) residue.chain.bonds.emplace_back(k - 1, k);
    with_chain.flexible_residues.back().push_back(leucine(k));
  }
  moving.flexible_residues.push_back(residue);
  const auto at_rest = PoseFeaturizer(rigid).features(probe.ligand, {pose}).front();
  const auto moved = PoseFeaturizer(moving).features(probe.ligand, {with_chain}).front();
  for (std::size_t d = 0; d < at_rest.descriptors.size(); ++d) {
    INFO(pose_descriptor_names()[d]);
    CHECK(moved.descriptors[d] == Approx(at_rest.descriptors[d]).margin(1e-5));
  }
  for (std::size_t a = 0; a < at_rest.atoms.size(); ++a)
    for (std::size_t i = 0; i < at_rest.atoms[a].counts.size(); ++i)
      CHECK(moved.atoms[a].counts[i] == Approx(at_rest.atoms[a].counts[i]).margin(1e-5));
}

TEST_CASE("every descriptor has its name") {
  CHECK(pose_descriptor_names().size() == pose_descriptor_count);
  CHECK(pose_descriptor_names().front() == "gauss1");
  CHECK(pose_descriptor_names()[static_cast<std::size_t>(PoseDescriptor::scaled_gap)] == "scaled_gap");
  CHECK(pose_descriptor_names()[static_cast<std::size_t>(PoseDescriptor::cation_pi)] == "cation_pi");
  CHECK(pose_descriptor_names().back() == "torsions");
}
