// Campaigns in a few seconds: a binding site without a protein, a handful of molecules.
#pragma once
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "datasets/run_folder.hpp"
#include "generative/campaign.hpp"
#include "generative/campaign_results.hpp"
#include "generative/graph_evolution.hpp"

namespace theriac::generative {

/// A cup of carbons and oxygens, open on one side: a binding site without a protein.
inline chem::Receptor cup() {
  chem::Receptor receptor;
  receptor.name = "cup";
  for (int i = 0; i < 110; ++i) {  // a Fibonacci sphere of 8 angstrom
    const double z = 1 - 2 * (i + 0.5) / 110, r = std::sqrt(1 - z * z), angle = 2.399963229728653 * i;
    if (z > 0.75) continue;
    chem::ReceptorAtom atom;
    atom.autodock_type = i % 4 == 0 ? "OA" : "C";
    atom.element = i % 4 == 0 ? 8 : 6;
    atom.name = i % 4 == 0 ? "O" : "C";
    atom.residue_name = "CUP";
    atom.residue = {"A", i + 1, ' '};
    atom.position = {8 * r * std::cos(angle), 8 * r * std::sin(angle), 8 * z};
    receptor.atoms.push_back(atom);
  }
  return receptor;
}

inline std::vector<CampaignTarget> targets() {
  scoring::DockingOptions fast, slow;
  fast.exhaustiveness = 0.25;
  fast.num_modes = 1;
  slow = fast;
  slow.exhaustiveness = 1;
  const chem::Box box{{0, 0, 0}, {16, 16, 16}, "the cup"};
  return {{"cup", std::make_shared<scoring::DockingEngine>(cup(), box, fast),
           std::make_shared<scoring::DockingEngine>(cup(), box, slow)}};
}

inline std::vector<chem::Molecule> start() {
  std::vector<chem::Molecule> out;
  for (const char* smiles :
       {"CC(=O)Nc1ccc(O)cc1", "NC(=O)c1cccnc1", "c1ccc(cc1)N1CCNCC1", "CC(C)Cc1ccc(cc1)C(C)C(=O)O",
        "O=C(c1ccccc1)N1CCOCC1", "Nc1ncnc2[nH]cnc12", "CCCCCCCCCCCCCCCCCC"})
    out.push_back(chem::Molecule::from_smiles(smiles));
  out[0].set_name("paracetamol");
  return out;
}

inline CampaignSettings settings() {
  CampaignSettings s;
  s.objectives = {{"docking", "dock:cup", 2, scoring::Desirability::below(-7, -1)},
                  {"qed", "qed", 1, scoring::Desirability::above(0.9, 0.1)}};
  s.stop.rounds = 3;
  s.per_round = 16;
  s.docking.top_fraction = 0.5;
  s.docking.final_exhaustiveness = 1;
  s.docking.final_top = 3;
  s.evolution.plausibility.max_heavy_atoms = 22;
  s.top = 10;
  return s;
}

/// Drug-likeness without docking, docking alone, both.
inline CampaignSettings staged_settings() {
  auto s = settings();
  s.docking.final_top = 2;
  StageSettings cheap, docked, both;
  cheap.name = "cheap";
  cheap.objectives = {"qed"};
  cheap.docking = false;
  cheap.rounds = 3;
  cheap.carry = 6;
  docked.name = "docked";
  docked.objectives = {"docking"};
  docked.rounds = 2;
  docked.carry = 5;
  both.name = "both";
  both.objectives = {"docking", "qed"};
  both.rounds = 2;
  s.stages = {cheap, docked, both};
  for (StageSettings& stage : s.stages) {
    stage.filter = s.filter;
    stage.per_round = 12;
    stage.rounds_without_gain = 0;
  }
  return s;
}

inline Campaign campaign(const CampaignSettings& s) {
  return Campaign(s, targets(), std::make_unique<GraphEvolution>(start(), s.evolution));
}

/// A folder that is gone afterwards.
struct Folder {
  std::filesystem::path path;
  explicit Folder(const std::string& name)
      : path(std::filesystem::temp_directory_path() /
             ("theriac-campaign-" + name + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string text(const std::string& file) const {
    std::ifstream in(path / file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

inline datasets::RunIdentity identity() {
  return {"campaign", "test", "1", {}, {}};
}

/// Runs to the end, stopping after `patience` molecules or rounds and starting anew, as if killed; each time
/// it may go a little further, because what is told again on the way counts too.
inline CampaignResult run_in(const Folder& folder, const CampaignSettings& s, int patience = 1 << 20,
                             const std::function<Campaign()>& make = {}) {
  for (int attempt = 0; attempt < 200; ++attempt) {
    datasets::RunFolder run(folder.path, identity());
    if (run.finished()) return {};
    std::atomic<bool> flag{false};
    int seen = 0;
    Campaign c = make ? make() : campaign(s);
    auto result = c.run(run.journal(), chem::StopToken(&flag), [&](const CampaignProgress& p) {
      flag = (seen += p.remark.empty()) >= patience + attempt;
    });
    if (result.stopped) continue;
    publish_campaign(run, c, result);
    run.finish({});
    return result;
  }
  FAIL("never finished");
  return {};
}

inline const char* const files[] = {"results.csv", "rounds.csv", "failures.csv", "results.h5",
                                    "poses.sdf.gz"};

}  // namespace theriac::generative
