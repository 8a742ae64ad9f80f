// A campaign file that is done in seconds.
#pragma once
#include <fstream>
#include <string>

#include "tests/datasets/temporary_folder.hpp"

inline const std::string examples = THERIAC_EXAMPLES;

/// CDK2 at a glance: two rounds, little effort.
inline void write_campaign(const TemporaryFolder& folder, const std::string& name = "small.toml",
                           const std::string& more = "", const std::string& generate = "") {
  std::ofstream(folder / name)
      << "out = \"run\"\n[target]\nname = \"CDK2\"\nreceptor = \"" << examples
      << "/2xnb_receptor.pdb\"\nbox = { ligand = \"" << examples
      << "/2xnb_ligand.sdf\" }\n[generate]\nstart = \"start.smi\"\nrounds = 2\nper_round = "
         "12\nmax_heavy_atoms = 24\n"
      << generate
      << "[[objective]]\nname = \"docking\"\nsource = \"dock\"\nwant = { below = -12, reject_above = -3 }\n"
      << "[[objective]]\nsource = \"qed\"\nwant = { above = 0.9, reject_below = 0.1 }\n"
      << "[docking]\nexhaustiveness = 0.3\ntop_fraction = 0.5\nfinal = \"none\"\n"
      << more;
  std::ofstream(folder / "start.smi")
      << "CC(=O)Nc1ccc(O)cc1 paracetamol\nNC(=O)c1cccnc1 nicotinamide\nc1ccc(cc1)N1CCNCC1\n"
         "O=C(c1ccccc1)N1CCOCC1 amide\nNc1ncnc2[nH]cnc12 adenine\nC1CC broken\n";
}
