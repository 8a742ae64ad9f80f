#include "chem/protonation_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include "chem/autodock_type.hpp"
#include "chem/cell_list.hpp"
#include "chem/error.hpp"
#include "chem/histidine.hpp"

namespace theriac::chem {
namespace {

constexpr double pka_asp = 3.9, pka_glu = 4.3, pka_cys = 8.6, pka_lys = 10.4, pka_n_terminus = 8.0;
constexpr double disulfide_bond = 2.5;  ///< angstrom; 2.03 is ideal
constexpr double metal_bond = 2.8;
constexpr double shared_proton = 3.0;      ///< between two carboxyl oxygens
constexpr double shared_proton_pka = 8.5;  ///< above this pH such a pair loses its last proton too

bool is_acid(const ModelResidue& residue) {
  return residue.name == "ASP" || residue.name == "GLU";
}

std::array<std::string_view, 2> acid_oxygens(const ModelResidue& residue) {
  return residue.name == "ASP" ? std::array<std::string_view, 2>{"OD1", "OD2"}
                               : std::array<std::string_view, 2>{"OE1", "OE2"};
}

std::vector<Vector3> metal_positions(const ProteinModel& model) {
  std::vector<Vector3> metals;
  for (const auto& residue : model.residues)
    if (residue.hetero)
      for (const auto& atom : residue.atoms)
        if (is_metal(atom.element)) metals.push_back(atom.position);
  return metals;
}

bool near_any(const ModelAtom* atom, const std::vector<Vector3>& places, double reach) {
  return atom && std::any_of(places.begin(), places.end(),
                             [&](Vector3 place) { return distance(place, atom->position) < reach; });
}

void find_disulfides(ProteinModel& model, PreparationReport& report) {
  std::vector<int> cysteines;
  for (std::size_t i = 0; i < model.residues.size(); ++i)
    if (model.residues[i].name == "CYS" && model.residues[i].atom("SG"))
      cysteines.push_back(static_cast<int>(i));
  for (std::size_t a = 0; a < cysteines.size(); ++a)
    for (std::size_t b = a + 1; b < cysteines.size(); ++b) {
      ModelResidue &first = model.residues[cysteines[a]], &second = model.residues[cysteines[b]];
      if (first.disulfide >= 0 || second.disulfide >= 0) continue;
      if (distance(first.atom("SG")->position, second.atom("SG")->position) > disulfide_bond) continue;
      first.disulfide = cysteines[b];
      second.disulfide = cysteines[a];
      first.state = second.state = "CYX";
      report.disulfides.push_back(fmt::format("{} - {}", first.id.text(), second.id.text()));
    }
}

void assign_cysteine(ModelResidue& residue, const std::vector<Vector3>& metals,
                     const PreparationOptions& options, PreparationReport& report) {
  if (residue.disulfide >= 0) return;
  if (near_any(residue.atom("SG"), metals, metal_bond)) {
    residue.state = "CYM";
    report.protonation.push_back(fmt::format("{} thiolate, binds a metal", residue.text()));
  } else if (options.ph > pka_cys) {
    residue.state = "CYM";
    report.protonation.push_back(fmt::format("{} thiolate, pH above {}", residue.text(), pka_cys));
  }
}

/// Pairs of acids whose oxygens are so close that they must share a proton: the first of the pair gets it.
void find_shared_protons(ProteinModel& model, const std::vector<Vector3>& metals,
                         const PreparationOptions& options, PreparationReport& report) {
  struct Oxygen {
    int residue;
    std::string_view name;
  };
  std::vector<Oxygen> oxygens;
  CellList cells(shared_proton);
  for (std::size_t i = 0; i < model.residues.size(); ++i) {
    const ModelResidue& residue = model.residues[i];
    if (!is_acid(residue)) continue;
    for (const auto name : acid_oxygens(residue))
      if (const ModelAtom* oxygen = residue.atom(name);
          oxygen && !oxygen->rebuilt && !near_any(oxygen, metals, metal_bond)) {
        oxygens.push_back({static_cast<int>(i), name});
        cells.add(oxygen->position);
      }
  }
  std::vector<std::tuple<double, int, int>> pairs;  // closest first
  for (std::size_t k = 0; k < oxygens.size(); ++k)
    cells.for_each_within(cells.point(static_cast<int>(k)), shared_proton, [&](int other, double d2) {
      if (oxygens[other].residue > oxygens[k].residue)
        pairs.emplace_back(std::sqrt(d2), static_cast<int>(k), other);
    });
  std::sort(pairs.begin(), pairs.end());
  for (const auto& [apart, k, other] : pairs) {
    ModelResidue &residue = model.residues[oxygens[k].residue],
                 &partner = model.residues[oxygens[other].residue];
    if (!residue.state.empty() || !partner.state.empty() || options.ph > shared_proton_pka) continue;
    residue.state = residue.name == "ASP" ? "ASH" : "GLH";
    residue.protonated_atom = std::string(oxygens[k].name);
    partner.state = partner.name;  // decided: the charged one of the pair
    report.protonation.push_back(fmt::format("{} neutral, shares its proton with {} ({:.1f} A)",
                                             residue.text(), partner.text(), apart));
  }
}

void assign_acid(ModelResidue& residue, const PreparationOptions& options, PreparationReport& report) {
  if (!residue.state.empty()) return;
  const double pka = residue.name == "ASP" ? pka_asp : pka_glu;
  if (options.ph >= pka) return;
  residue.state = residue.name == "ASP" ? "ASH" : "GLH";
  report.protonation.push_back(fmt::format("{} neutral, pH below {}", residue.text(), pka));
}

void assign_lysine(ModelResidue& residue, const std::vector<Vector3>& metals,
                   const PreparationOptions& options, PreparationReport& report) {
  const bool bound = near_any(residue.atom("NZ"), metals, metal_bond);
  if (!bound && options.ph <= pka_lys) return;
  residue.state = "LYN";
  report.protonation.push_back(fmt::format("{} neutral, {}", residue.text(),
                                           bound ? "binds a metal" : fmt::format("pH above {}", pka_lys)));
}

std::string_view terminus_text(const ModelResidue& residue) {
  const bool proline = residue.name == "PRO";
  if (residue.charged_n_terminus) return proline ? "NH2+" : "NH3+";
  return proline ? "NH" : "NH2";
}

/// The ends that the file shows. A chain that begins after a gap in its numbering is not a true terminus, but
/// nothing tells the two apart at the first residue, so that one is charged; inner gaps are not.
void assign_termini(ProteinModel& model, const PreparationOptions& options, PreparationReport& report) {
  std::string chain;
  bool first = true;
  for (auto& residue : model.residues) {
    if (residue.hetero) continue;
    const bool begins = first || residue.id.chain != chain;
    first = false;
    chain = residue.id.chain;
    if (residue.atom("OXT")) report.termini.push_back(fmt::format("{} COO-", residue.text()));
    if (!begins || !residue.plan || residue.previous >= 0) continue;
    residue.n_terminus = true;
    residue.charged_n_terminus = options.ph < pka_n_terminus;
    report.termini.push_back(fmt::format("{} {}", residue.text(), terminus_text(residue)));
  }
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 17> states{{{"HID", "HIS"},
                                                                                {"HIE", "HIS"},
                                                                                {"HIP", "HIS"},
                                                                                {"HSD", "HIS"},
                                                                                {"HSE", "HIS"},
                                                                                {"HSP", "HIS"},
                                                                                {"ASP", "ASP"},
                                                                                {"ASH", "ASP"},
                                                                                {"GLU", "GLU"},
                                                                                {"GLH", "GLU"},
                                                                                {"LYS", "LYS"},
                                                                                {"LYN", "LYS"},
                                                                                {"CYS", "CYS"},
                                                                                {"CYM", "CYS"},
                                                                                {"CYX", "CYS"},
                                                                                {"ARG", "ARG"},
                                                                                {"TYR", "TYR"}}};

std::string usual_state_name(const std::string& state) {
  if (state == "HSD") return "HID";
  if (state == "HSE") return "HIE";
  if (state == "HSP") return "HIP";
  return state;
}

void apply_override(ProteinModel& model, const ResidueId& id, const std::string& state,
                    PreparationReport& report) {
  const auto known =
      std::find_if(states.begin(), states.end(), [&](const auto& s) { return s.first == state; });
  if (known == states.end())
    throw UsageError(fmt::format("unknown protonation state '{}' for residue {}", state, id.text()),
                     "known are HID HIE HIP ASP ASH GLU GLH LYS LYN CYS CYM");
  for (auto& residue : model.residues) {
    if (!(residue.id == id) || !residue.plan) continue;
    if (residue.name != known->second)
      throw InputError(
          fmt::format("residue {} is {}, which has no state '{}'", id.text(), residue.name, state));
    residue.state = usual_state_name(state);
    report.protonation.push_back(fmt::format("{} {}, as asked", residue.text(), residue.state));
    return;
  }
  throw InputError(fmt::format("no residue {} to give the state '{}'", id.text(), state));
}

/// States that the file's own residue names stand for (HID, CYX ...), in their usual spelling.
void keep_states_of_file(ProteinModel& model, PreparationReport& report) {
  for (auto& residue : model.residues) {
    if (residue.state.empty()) continue;
    residue.state = usual_state_name(residue.state);
    if (residue.state != residue.name)
      report.protonation.push_back(fmt::format("{} {}, as named in the file", residue.text(), residue.state));
  }
}

}  // namespace

void assign_protonation(ProteinModel& model, const PreparationOptions& options, PreparationReport& report) {
  const std::vector<Vector3> metals = metal_positions(model);
  keep_states_of_file(model, report);
  for (const auto& [id, state] : options.states) apply_override(model, id, state, report);
  find_disulfides(model, report);
  find_shared_protons(model, metals, options, report);
  for (auto& residue : model.residues) {
    if (!residue.plan || (!residue.state.empty() && !is_acid(residue))) continue;
    if (residue.name == "CYS") assign_cysteine(residue, metals, options, report);
    if (is_acid(residue)) assign_acid(residue, options, report);
    if (residue.name == "LYS") assign_lysine(residue, metals, options, report);
  }
  assign_termini(model, options, report);
  assign_histidines(model, options, report);
}

}  // namespace theriac::chem
