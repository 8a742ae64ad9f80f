#include "chem/conformer.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "chem/bounded_child.hpp"
#include "chem/error.hpp"
#include "chem/ring_shape.hpp"
#include "chem/torsion_tree.hpp"
#include "chem/units.hpp"

using Catch::Matchers::Contains;
using namespace theriac;
using namespace theriac::chem;

namespace {

Molecule embedded_smiles(const std::string& smiles) {
  return embedded(Molecule::from_smiles(smiles));
}

/// Of cyclohexane-like ring atoms 0..5: is the torsion pattern that of a chair?
bool is_chair(const std::vector<Vector3>& x, int first) {
  for (int k = 0; k < 6; ++k) {
    const auto at = [&](int i) { return x[first + (k + i) % 6]; };
    const double degrees = dihedral(at(0), at(1), at(2), at(3)) * units::degrees_per_radian;
    if (std::abs(degrees) < 35 || std::abs(degrees) > 75) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("embedding gives a carbon-carbon bond its length and a methane its tetrahedron") {
  const Molecule ethane = embedded_smiles("CC");
  const auto x = ethane.coordinates();
  REQUIRE(x.size() == 8);
  CHECK(distance(x[0], x[1]) == Approx(1.53).margin(0.03));
  CHECK(distance(x[0], x[2]) == Approx(1.09).margin(0.02));
  CHECK(conformers(ethane).size() == 1);
}

TEST_CASE("equal molecule and seed give equal coordinates, another seed other ones") {
  const Molecule m = Molecule::from_smiles("CC(=O)Oc1ccccc1C(=O)O");
  EmbedOptions other;
  other.seed = 2;
  const auto a = embedded(m).coordinates(), b = embedded(m).coordinates(),
             c = embedded(m, other).coordinates();
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(squared_distance(a[i], b[i]) == 0);
  double moved = 0;
  for (std::size_t i = 0; i < a.size(); ++i) moved = std::max(moved, distance(a[i], c[i]));
  CHECK(moved > 0.1);
}

TEST_CASE("one molecule embedded by many threads at once gives the same coordinates") {
  const Molecule m = Molecule::from_smiles("C[C@@H]1CN(C(=O)c2ccco2)CCN1");
  const auto alone = conformers(embedded(m));
  std::vector<std::vector<std::vector<Vector3>>> together(4);
  std::vector<std::thread> threads;
  for (auto& out : together) threads.emplace_back([&m, &out] { out = conformers(embedded(m)); });
  for (auto& t : threads) t.join();
  for (const auto& all : together) {
    REQUIRE(all.size() == alone.size());
    for (std::size_t c = 0; c < all.size(); ++c)
      for (std::size_t i = 0; i < all[c].size(); ++i) CHECK(distance(all[c][i], alone[c][i]) == 0);
  }
}

TEST_CASE("cyclohexane is one chair, methylcyclohexane two, benzene has no ring conformers") {
  CHECK(conformers(embedded_smiles("c1ccccc1C")).size() == 1);
  const auto plain = conformers(embedded_smiles("C1CCCCC1"));
  CHECK(is_chair(plain[0], 0));
  int chairs = 0;
  for (const auto& x : conformers(embedded_smiles("C1CCCCC1C"))) chairs += is_chair(x, 0);
  CHECK(chairs == 2);  // equatorial and axial
}

TEST_CASE("both rotamers of a tertiary amide are found, a secondary amide is trans") {
  const auto tertiary = conformers(embedded_smiles("CC(=O)N(C)c1ccccc1"));
  CHECK(tertiary.size() == 2);
  const auto secondary = conformers(embedded_smiles("CC(=O)NC"));
  REQUIRE(secondary.size() == 1);
  CHECK(std::abs(dihedral(secondary[0][0], secondary[0][1], secondary[0][3], secondary[0][4])) > 2.8);
}

TEST_CASE("stereochemistry survives embedding, and open centres are equal in all conformers") {
  for (const char* smiles :
       {"C[C@H](N)C(=O)O", "C[C@@H](N)C(=O)O", "C/C=C/C(=O)O", "C/C=C\\C(=O)O", "C[C@@H]1CC[C@H](O)CC1",
        "OC[C@H]1O[C@@H](O)[C@H](O)[C@@H](O)[C@@H]1O", "C[S@](=O)c1ccccc1"}) {
    INFO(smiles);
    const Molecule m = embedded_smiles(smiles);
    CHECK(stereo_is_kept(m));
    CHECK(m.smiles() == Molecule::from_smiles(smiles).smiles());
  }
  // 3-methylpiperidine-1-carbaldehyde, centre not given: the signed volume at C3 is the same everywhere
  const auto all = conformers(embedded_smiles("CC1CCCN(C=O)C1"));
  REQUIRE(all.size() >= 2);
  const auto volume = [](const std::vector<Vector3>& x) {
    return dot(x[0] - x[1], cross(x[2] - x[1], x[8] - x[1]));
  };
  for (const auto& x : all) CHECK(volume(x) * volume(all[0]) > 0);
}

TEST_CASE("a macrocycle gets several conformers, ring closed in all") {
  const Molecule m = embedded_smiles("O=C1CCCCCCCCCCCCCCN1");
  const auto all = conformers(m);
  CHECK(all.size() >= 3);
  CHECK(all.size() <= 8);
  for (const auto& x : all) CHECK(distance(x[1], x[16]) < 1.5);
}

TEST_CASE("the input's own conformer comes first and keeps its coordinates") {
  const Molecule start = embedded_smiles("C[C@@H]1CCCN(Cc2ccccc2)C1");
  const Molecule more = with_ring_conformers(start);
  const auto all = conformers(more);
  const auto own = start.coordinates();
  REQUIRE(all.size() >= 2);
  CHECK(all.size() <= 4);
  for (std::size_t i = 0; i < own.size(); ++i) CHECK(distance(all[0][i], own[i]) == 0);
  CHECK(stereo_is_kept(more));
  CHECK_THROWS_WITH(with_ring_conformers(Molecule::from_smiles("CCO", "ethanol")),
                    "'ethanol' has no 3D coordinates");
}

TEST_CASE("what cannot be built is refused with what was tried") {
  CHECK_THROWS_WITH(embedded_smiles("C" + std::string(300, 'C')), Contains("301 heavy atoms, more than 300"));
  // norbornane with one bridgehead turned inside out
  CHECK_THROWS_WITH(embedded_smiles("C1C[C@H]2CC[C@H]1C2"),
                    Contains("no 3D coordinates") && Contains("ETKDGv3"));
}

TEST_CASE("an embedding that does not end is ended and the molecule refused") {
  std::string smiles;  // 36 leucines: RDKit minimises their distances for minutes
  for (int i = 0; i < 36; ++i) smiles += "N[C@@H](CC(C)C)C(=O)";
  EmbedOptions options;
  options.cpu_seconds = 1;
  const auto start = std::chrono::steady_clock::now();
  CHECK_THROWS_WITH(embedded(Molecule::from_smiles(smiles + "O"), options),
                    Contains("was ended after 1 s of processor time") && Contains("no 3D coordinates"));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::minutes(2));
}

TEST_CASE("a child process and this one embed a molecule the same way") {
  for (const char* smiles :
       {"C1CCCCCCCCCCC(=O)NCC1", "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCO"}) {
    EmbedOptions here, child;
    here.cpu_seconds = 0;
    const auto molecule = Molecule::from_smiles(smiles);
    const auto a = conformers(embedded(molecule, here)), b = conformers(embedded(molecule, child));
    REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i)
      for (std::size_t k = 0; k < a[i].size(); ++k) CHECK(distance(a[i][k], b[i][k]) == 0);
  }
}

TEST_CASE("work in a child process comes back, is ended, or is seen to crash") {
  const std::string long_text(300000, 'x');
  const auto done = run_bounded([&] { return long_text; }, 5);
  CHECK(done.end == ChildEnd::done);
  CHECK(done.bytes == long_text);
  volatile bool forever = true;
  CHECK(run_bounded(
            [&] {
              while (forever) continue;
              return std::string();
            },
            0.5)
            .end == ChildEnd::too_long);
  CHECK(run_bounded([]() -> std::string { std::abort(); }, 5).end == ChildEnd::crashed);
  CHECK(run_bounded([]() -> std::string { throw std::runtime_error("no"); }, 5).end == ChildEnd::crashed);
}

TEST_CASE("a child made while another thread holds a lock is given up and a new one does the work") {
  std::mutex lock;
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const auto work = [&] {
    const char begun = 'b';
    if (write(ends[1], &begun, 1) != 1) throw std::runtime_error("no pipe");
    const std::lock_guard wait(lock);  // in a copy whose lock is held, for ever
    return std::string("done");
  };
  std::promise<void> held;
  const auto begun = [&] {
    char one = 0;
    return read(ends[0], &one, 1) == 1;
  };
  SECTION("let go after the first child was made") {
    std::thread other([&] {
      lock.lock();
      held.set_value();
      begun();
      lock.unlock();
    });
    held.get_future().wait();
    const auto result = run_bounded(work, 5, 3);
    other.join();
    CHECK(result.end == ChildEnd::done);
    CHECK(result.bytes == "done");
    CHECK(begun());  // the second child
  }
  SECTION("held all the time") {
    const std::lock_guard holding(lock);
    CHECK(run_bounded(work, 5, 0.4).end == ChildEnd::crashed);
  }
  close(ends[0]), close(ends[1]);
}

TEST_CASE("dihedral angles have their IUPAC sign") {
  CHECK(dihedral({1, 0, 0}, {0, 0, 0}, {0, 0, 1}, {0, 1, 1}) == Approx(units::pi / 2));
  CHECK(dihedral({1, 0, 0}, {0, 0, 0}, {0, 0, 1}, {1, 0, 1}) == Approx(0).margin(1e-12));
}
