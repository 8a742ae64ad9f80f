#include <cstdio>

#include "chem/molecule.hpp"
#include "datasets/sha256.hpp"

int main() {
  const auto benzene = theriac::chem::Molecule::from_smiles("C1=CC=CC=C1");
  std::printf("%s %s\n", benzene.smiles().c_str(), theriac::datasets::sha256("").substr(0, 8).c_str());
}
