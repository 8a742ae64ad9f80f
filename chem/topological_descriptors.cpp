#include "chem/topological_descriptors.hpp"

#include <GraphMol/Descriptors/AUTOCORR2D.h>
#include <GraphMol/Descriptors/ConnectivityDescriptors.h>
#include <GraphMol/Descriptors/Lipinski.h>
#include <GraphMol/Descriptors/MQN.h>
#include <GraphMol/Descriptors/MolSurf.h>
#include <GraphMol/ROMol.h>

#include <limits>

#include "chem/descriptors.hpp"
#include "chem/heavy_graph.hpp"

namespace theriac::chem {
namespace {

using RDKit::ROMol;
namespace D = RDKit::Descriptors;

struct Single {
  const char* name;
  double (*value)(const ROMol&);
};

const std::vector<Single>& singles() {
  static const std::vector<Single> all = {
      {"labute_area", [](const ROMol& m) { return D::calcLabuteASA(m); }},
      {"amide_bonds", [](const ROMol& m) { return 1.0 * D::calcNumAmideBonds(m); }},
      {"aliphatic_rings", [](const ROMol& m) { return 1.0 * D::calcNumAliphaticRings(m); }},
      {"saturated_rings", [](const ROMol& m) { return 1.0 * D::calcNumSaturatedRings(m); }},
      {"heterocycles", [](const ROMol& m) { return 1.0 * D::calcNumHeterocycles(m); }},
      {"aromatic_heterocycles", [](const ROMol& m) { return 1.0 * D::calcNumAromaticHeterocycles(m); }},
      {"saturated_heterocycles", [](const ROMol& m) { return 1.0 * D::calcNumSaturatedHeterocycles(m); }},
      {"spiro_atoms", [](const ROMol& m) { return 1.0 * D::calcNumSpiroAtoms(m); }},
      {"bridgehead_atoms", [](const ROMol& m) { return 1.0 * D::calcNumBridgeheadAtoms(m); }},
      {"chi0v", [](const ROMol& m) { return D::calcChi0v(m); }},
      {"chi1v", [](const ROMol& m) { return D::calcChi1v(m); }},
      {"chi2v", [](const ROMol& m) { return D::calcChi2v(m); }},
      {"chi3v", [](const ROMol& m) { return D::calcChi3v(m); }},
      {"chi4v", [](const ROMol& m) { return D::calcChi4v(m); }},
      {"chi0n", [](const ROMol& m) { return D::calcChi0n(m); }},
      {"chi1n", [](const ROMol& m) { return D::calcChi1n(m); }},
      {"chi2n", [](const ROMol& m) { return D::calcChi2n(m); }},
      {"chi3n", [](const ROMol& m) { return D::calcChi3n(m); }},
      {"chi4n", [](const ROMol& m) { return D::calcChi4n(m); }},
      {"hall_kier_alpha", [](const ROMol& m) { return D::calcHallKierAlpha(m); }},
      {"kappa1", [](const ROMol& m) { return D::calcKappa1(m); }},
      {"kappa2", [](const ROMol& m) { return D::calcKappa2(m); }},
      {"kappa3", [](const ROMol& m) { return D::calcKappa3(m); }},
  };
  return all;
}

struct Group {
  const char* prefix;
  int size;
};
constexpr Group groups[] = {
    {"mqn", 42}, {"slogp_vsa", 12}, {"smr_vsa", 10}, {"peoe_vsa", 14}, {"autocorr2d_", 192}};

/// `values` at the end of `out`; as many undefined numbers when RDKit gave another count.
template <typename Number>
void append(std::vector<double>& out, const std::vector<Number>& values, int wanted) {
  if (values.size() == static_cast<std::size_t>(wanted))
    out.insert(out.end(), values.begin(), values.end());
  else
    out.insert(out.end(), static_cast<std::size_t>(wanted), std::numeric_limits<double>::quiet_NaN());
}

}  // namespace

const std::vector<std::string>& topological_descriptor_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const auto& column : descriptor_columns()) all.emplace_back(column.name);
    all.emplace_back("bertz");
    for (const auto& single : singles()) all.emplace_back(single.name);
    for (const auto& group : groups)
      for (int i = 1; i <= group.size; ++i) all.push_back(group.prefix + std::to_string(i));
    return all;
  }();
  return names;
}

std::vector<double> topological_descriptors(const Molecule& molecule) {
  std::vector<double> out;
  out.reserve(topological_descriptor_names().size());
  const Descriptors plain = descriptors(molecule);
  for (const auto& column : descriptor_columns()) out.push_back(column.value(plain));
  out.push_back(bertz_complexity(molecule));
  const ROMol graph(*heavy_graph(molecule));  // RDKit stores what it computes on the molecule: use our own
  for (const auto& single : singles()) out.push_back(single.value(graph));
  append(out, D::calcMQNs(graph), groups[0].size);
  append(out, D::calcSlogP_VSA(graph), groups[1].size);
  append(out, D::calcSMR_VSA(graph), groups[2].size);
  append(out, D::calcPEOE_VSA(graph), groups[3].size);
  std::vector<double> autocorrelations;
  D::AUTOCORR2D(graph, autocorrelations);
  append(out, autocorrelations, groups[4].size);
  return out;
}

}  // namespace theriac::chem
