#include "chem/descriptor_block.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "chem/crippen.hpp"

namespace theriac::chem {
namespace {

constexpr double blood_ph = 7.4;
constexpr int far_away = 0xffff;

/// Values in order, and their names when somebody asks.
class Block {
 public:
  explicit Block(std::vector<std::string>* names) : names_(names) {}
  void add(const char* name, double value) {
    values_.push_back(std::isfinite(value) ? static_cast<float>(value) : 0.0f);
    if (names_) names_->push_back(name);
  }
  /// One of a numbered family.
  void add(const char* family, int number, double value) {
    values_.push_back(std::isfinite(value) ? static_cast<float>(value) : 0.0f);
    if (names_) names_->push_back(fmt::format("{}_{}", family, number));
  }
  /// `family`: a name, or a function that makes it.
  template <typename Family, typename Values>
  void add_all(const Family& family, const Values& values) {
    int i = 0;
    for (const double value : values) {
      values_.push_back(static_cast<float>(value));
      if (names_) names_->push_back(fmt::format("{}_{}", name_of(family), i));
      ++i;
    }
  }
  std::vector<float> take() { return std::move(values_); }

 private:
  static std::string name_of(const char* name) { return name; }
  template <typename Make>
  static std::string name_of(const Make& make) {
    return make();
  }

  std::vector<float> values_;
  std::vector<std::string>* names_;
};

/// The graph without the overlooked atom.
struct View {
  const AnnotatedGraph& graph;
  std::vector<std::size_t> atoms;
  std::vector<const AnnotatedBond*> bonds;
  std::vector<const std::vector<int>*> rings;
  int overlooked;

  View(const AnnotatedGraph& whole, int without) : graph(whole), overlooked(without) {
    for (std::size_t i = 0; i < whole.size(); ++i)
      if (static_cast<int>(i) != without) atoms.push_back(i);
    for (const auto& bond : whole.bonds)
      if (bond.begin != without && bond.end != without) bonds.push_back(&bond);
    for (const auto& ring : whole.rings)
      if (std::find(ring.begin(), ring.end(), without) == ring.end()) rings.push_back(&ring);
  }
  const AnnotatedAtom& atom(std::size_t i) const { return graph.atoms[i]; }
  template <typename Value>
  double sum(Value value) const {
    double total = 0;
    for (const std::size_t i : atoms) total += value(graph.atoms[i]);
    return total;
  }
  template <typename Test>
  double share(Test test) const {
    return atoms.empty()
               ? 0
               : sum([&](const auto& a) { return test(a) ? 1.0 : 0.0; }) / static_cast<double>(atoms.size());
  }
};

void add_composition(Block& block, const View& view) {
  const auto count = [&](auto test) { return view.sum([&](const auto& a) { return test(a) ? 1.0 : 0.0; }); };
  block.add("heavy_atoms", static_cast<double>(view.atoms.size()));
  block.add("hydrogens", view.sum([](const auto& a) { return 1.0 * a.hydrogens; }));
  constexpr int elements[] = {5, 6, 7, 8, 9, 14, 15, 16, 17, 34, 35, 53};
  for (const int element : elements)
    block.add("element", element, count([&](const auto& a) { return a.element == element; }));
  block.add("other_elements", count([&](const auto& a) {
              return std::find(std::begin(elements), std::end(elements), a.element) == std::end(elements);
            }));
  block.add("heteroatoms", count([](const auto& a) { return a.element != 6; }));
  block.add("halogens", count([](const auto& a) {
              return a.element == 9 || a.element == 17 || a.element == 35 || a.element == 53;
            }));
  block.add("positive_atoms", count([](const auto& a) { return a.charge > 0; }));
  block.add("negative_atoms", count([](const auto& a) { return a.charge < 0; }));
  block.add("charge", view.sum([](const auto& a) { return 1.0 * a.charge; }));
  for (int role = 0; role < role_count; ++role)
    block.add("role", role, count([&](const auto& a) { return a.roles >> role & 1; }));
  block.add("donor_hydrogens", view.sum([](const auto& a) {
    return a.element == 7 || a.element == 8 ? 1.0 * a.hydrogens : 0.0;
  }));
  block.add("nitrogen_and_oxygen", count([](const auto& a) { return a.element == 7 || a.element == 8; }));
  for (int n = 0; n <= 4; ++n) block.add("degree", n, count([&](const auto& a) { return a.degree == n; }));
  for (int n = 0; n <= 3; ++n)
    block.add("carbon_hydrogens", n,
              count([&](const auto& a) { return a.element == 6 && a.hydrogens == n; }));
  const double carbons = count([](const auto& a) { return a.element == 6; });
  const double saturated =
      count([](const auto& a) { return a.element == 6 && a.pi_electrons == 0 && !a.aromatic; });
  block.add("fraction_csp3", carbons > 0 ? saturated / carbons : 0);
  block.add("aromatic_share", view.share([](const auto& a) { return a.aromatic; }));
  block.add("ring_share", view.share([](const auto& a) { return a.ring; }));
  block.add("stereocentres", view.graph.stereocentres);
}

/// A single bond outside rings between atoms that have other neighbours.
bool turns(const View& view, const AnnotatedBond& bond) {
  return bond.order == 1 && !bond.ring && view.atom(static_cast<std::size_t>(bond.begin)).degree > 1 &&
         view.atom(static_cast<std::size_t>(bond.end)).degree > 1;
}

void add_bonds(Block& block, const View& view) {
  std::array<double, 8> kinds{};  // order x ring
  double turning = 0, conjugated = 0, stereo = 0;
  for (const auto* bond : view.bonds) {
    kinds[static_cast<std::size_t>((bond->order - 1) * 2 + bond->ring)] += 1;
    turning += turns(view, *bond);
    conjugated += bond->conjugated;
    stereo += bond->stereo;
  }
  block.add_all("bonds", kinds);
  block.add("rotatable", turning);
  block.add(
      "rotatable_free", turning - [&] {
        double held = 0;
        for (const auto* bond : view.bonds) held += turns(view, *bond) && bond->conjugated;
        return held;
      }());
  block.add("conjugated_bonds", conjugated);
  block.add("stereo_bonds", stereo);
  block.add("turning_share", view.bonds.empty() ? 0 : turning / static_cast<double>(view.bonds.size()));
}

void add_rings(Block& block, const View& view) {
  std::array<double, 7> sizes{};  // 3, 4, 5, 6, 7, 8 to 11, 12 and more
  double aromatic = 0, aliphatic = 0, aromatic_hetero = 0, aliphatic_hetero = 0, largest = 0;
  std::vector<int> system(view.graph.size());
  for (std::size_t i = 0; i < system.size(); ++i) system[i] = static_cast<int>(i);
  const auto root = [&](int i) {
    while (system[static_cast<std::size_t>(i)] != i) i = system[static_cast<std::size_t>(i)];
    return i;
  };
  for (const auto* ring : view.rings) {
    const std::size_t n = ring->size();
    sizes[n <= 7 ? n - 3 : n < 12 ? 5 : 6] += 1;
    bool all_aromatic = true, hetero = false;
    for (const int i : *ring) {
      all_aromatic &= view.atom(static_cast<std::size_t>(i)).aromatic;
      hetero |= view.atom(static_cast<std::size_t>(i)).element != 6;
      system[static_cast<std::size_t>(root(i))] = root(ring->front());
    }
    (all_aromatic ? aromatic : aliphatic) += 1;
    (all_aromatic ? aromatic_hetero : aliphatic_hetero) += hetero;
  }
  std::vector<double> members(view.graph.size());
  for (const std::size_t i : view.atoms)
    if (view.atom(i).ring) members[static_cast<std::size_t>(root(static_cast<int>(i)))] += 1;
  double systems = 0;
  for (const double m : members) {
    systems += m > 1;
    largest = std::max(largest, m);
  }
  block.add("rings", static_cast<double>(view.rings.size()));
  block.add_all("ring_sizes", sizes);
  block.add("aromatic_rings", aromatic);
  block.add("aliphatic_rings", aliphatic);
  block.add("aromatic_heterocycles", aromatic_hetero);
  block.add("aliphatic_heterocycles", aliphatic_hetero);
  block.add("ring_systems", systems);
  block.add("largest_ring_system", largest);
}

template <std::size_t N>
std::size_t bin_of(const std::array<double, N>& borders, double value) {
  return static_cast<std::size_t>(std::upper_bound(borders.begin(), borders.end(), value) - borders.begin());
}

void add_surfaces(Block& block, const View& view) {
  static constexpr std::array<double, 11> log_p = {-0.4, -0.2, 0, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6};
  static constexpr std::array<double, 9> refractivity = {1.29, 1.82, 2.24, 2.45, 2.75, 3.05, 3.63, 3.8, 4.0};
  static constexpr std::array<double, 13> charge = {-0.3, -0.25, -0.20, -0.15, -0.10, -0.05, 0,
                                                    0.05, 0.10,  0.15,  0.20,  0.25,  0.30};
  static constexpr std::array<double, 10> state = {-0.39, 0.29, 0.717, 1.165, 1.54,
                                                   1.807, 2.05, 4.69,  9.17,  15.0};
  static constexpr std::array<double, 9> surface = {4.78, 5.0, 5.41, 5.74, 6.0, 6.07, 6.45, 7.0, 11.0};
  std::array<double, 12> by_log_p{};
  std::array<double, 10> by_refractivity{}, state_by_surface{};
  std::array<double, 14> by_charge{};
  std::array<double, 11> by_state{};
  std::array<double, role_count> by_role{};
  for (const std::size_t i : view.atoms) {
    const auto& a = view.atom(i);
    by_log_p[bin_of(log_p, a.log_p)] += a.surface;
    by_refractivity[bin_of(refractivity, a.refractivity)] += a.surface;
    by_charge[bin_of(charge, a.gasteiger)] += a.surface;
    by_state[bin_of(state, a.e_state)] += a.surface;
    state_by_surface[bin_of(surface, a.surface)] += a.e_state;
    for (std::size_t role = 0; role < role_count; ++role)
      if (a.roles >> role & 1) by_role[role] += a.surface;
  }
  block.add_all("surface_by_log_p", by_log_p);
  block.add_all("surface_by_refractivity", by_refractivity);
  block.add_all("surface_by_charge", by_charge);
  block.add_all("surface_by_state", by_state);
  block.add_all("state_by_surface", state_by_surface);
  block.add_all("surface_by_role", by_role);
}

/// Least, greatest, and the sums over all and over positive values.
void add_range(Block& block, const char* name, const View& view, double AnnotatedAtom::*member) {
  double least = 0, greatest = 0, sum = 0, positive = 0;
  bool first = true;
  for (const std::size_t i : view.atoms) {
    const double v = view.atom(i).*member;
    least = first ? v : std::min(least, v);
    greatest = first ? v : std::max(greatest, v);
    sum += v;
    positive += std::max(v, 0.0);
    first = false;
  }
  block.add_all(name, std::array<double, 4>{least, greatest, sum, positive});
}

void add_sums(Block& block, const View& view) {
  block.add("log_p", view.sum([](const auto& a) { return a.log_p; }));
  block.add("refractivity", view.sum([](const auto& a) { return a.refractivity; }));
  block.add("surface", view.sum([](const auto& a) { return a.surface; }));
  block.add("tpsa", view.graph.tpsa);
  add_range(block, "charges", view, &AnnotatedAtom::gasteiger);
  add_range(block, "states", view, &AnnotatedAtom::e_state);
  std::array<double, 5> by_element{};  // C, N, O, S, halogens
  for (const std::size_t i : view.atoms) {
    const auto& a = view.atom(i);
    const int place = a.element == 6 ? 0 : a.element == 7 ? 1 : a.element == 8 ? 2 : a.element == 16 ? 3 : 4;
    by_element[static_cast<std::size_t>(place)] += a.e_state;
  }
  block.add_all("state_by_element", by_element);
  std::vector<double> types(crippen_labels().size());
  for (const std::size_t i : view.atoms) {
    const auto& a = view.atom(i);
    if (a.crippen_type >= 0) types[static_cast<std::size_t>(a.crippen_type)] += 1;
    if (a.hydrogen_type >= 0) types[static_cast<std::size_t>(a.hydrogen_type)] += a.hydrogens;
  }
  block.add_all("crippen_type", types);
}

void add_ionisation(Block& block, const View& view) {
  const auto& acids = view.graph.acid_pkas;
  const auto& bases = view.graph.base_pkas;
  double held = 1, positive = 0, negative = 0;
  for (const double pka : acids) {
    held += std::pow(10.0, blood_ph - pka);
    negative += 1 / (1 + std::pow(10.0, pka - blood_ph));
  }
  for (const double pka : bases) {
    held += std::pow(10.0, pka - blood_ph);
    positive += 1 / (1 + std::pow(10.0, blood_ph - pka));
  }
  constexpr double no_acid = 16, no_base = -2;
  block.add("acids", static_cast<double>(acids.size()));
  block.add("bases", static_cast<double>(bases.size()));
  block.add("strongest_acid", acids.empty() ? no_acid : *std::min_element(acids.begin(), acids.end()));
  block.add("strongest_base", bases.empty() ? no_base : *std::max_element(bases.begin(), bases.end()));
  block.add("charge_positive_7_4", positive);
  block.add("charge_negative_7_4", negative);
  block.add("charge_net_7_4", positive - negative);
  block.add("log_d_7_4", view.sum([](const auto& a) { return a.log_p; }) - std::log10(held));
}

/// Sums over simple paths of up to four bonds of the product of delta^-1/2, for the simple and the valence
/// delta, and how many paths there are.
class PathSums {
 public:
  static constexpr std::size_t longest = 4;
  std::array<double, longest + 1> simple{}, valence{}, paths{};

  explicit PathSums(const View& view)
      : graph_(view.graph),
        root_simple_(graph_.size()),
        root_valence_(graph_.size()),
        used_(graph_.size(), 0) {
    for (const std::size_t i : view.atoms) {
      const auto& a = view.atom(i);
      root_simple_[i] = a.degree > 0 ? 1 / std::sqrt(a.degree) : 0;
      root_valence_[i] = a.valence_delta > 0 ? 1 / std::sqrt(a.valence_delta) : 0;
      simple[0] += root_simple_[i];
      valence[0] += root_valence_[i];
      paths[0] += 1;
    }
    if (view.overlooked >= 0) used_[static_cast<std::size_t>(view.overlooked)] = 1;
    for (const std::size_t i : view.atoms) walk(i, 0, root_simple_[i], root_valence_[i]);
  }

 private:
  void walk(std::size_t at, std::size_t length, double s, double v) {
    used_[at] = 1;
    for (const auto& [end, bond] : graph_.neighbours[at]) {
      const auto next = static_cast<std::size_t>(end);
      if (used_[next]) continue;
      const double s2 = s * root_simple_[next], v2 = v * root_valence_[next];
      simple[length + 1] += s2 / 2;  // every path is walked from both ends
      valence[length + 1] += v2 / 2;
      paths[length + 1] += 0.5;
      if (length + 1 < longest) walk(next, length + 1, s2, v2);
    }
    used_[at] = 0;
  }

  const AnnotatedGraph& graph_;
  std::vector<double> root_simple_, root_valence_;
  std::vector<char> used_;
};

void add_connectivity(Block& block, const View& view) {
  const PathSums sums(view);
  const auto& paths = sums.paths;
  block.add_all("chi", sums.simple);
  block.add_all("chi_valence", sums.valence);
  block.add_all("paths", paths);
  const double a = static_cast<double>(view.atoms.size());
  block.add("kappa_1", paths[1] > 0 ? a * (a - 1) * (a - 1) / (paths[1] * paths[1]) : 0);
  block.add("kappa_2", paths[2] > 0 ? (a - 1) * (a - 2) * (a - 2) / (paths[2] * paths[2]) : 0);
  block.add("kappa_3", paths[3] > 0 ? (a - 3) * (a - 2) * (a - 2) / (paths[3] * paths[3]) : 0);
}

/// Pauling's scale; elements that are not listed count as carbon.
double electronegativity(int element) {
  switch (element) {
    case 5:
      return 2.04;
    case 7:
      return 3.04;
    case 8:
      return 3.44;
    case 9:
      return 3.98;
    case 14:
      return 1.90;
    case 15:
      return 2.19;
    case 16:
      return 2.58;
    case 17:
      return 3.16;
    case 35:
      return 2.96;
    case 53:
      return 2.66;
    default:
      return 2.55;
  }
}

/// Mean products of centred atom properties at each distance, and the size of the molecule in bonds.
void add_distances(Block& block, const View& view) {
  constexpr std::size_t properties = 5, lags = 8;
  const std::size_t n = view.atoms.size();
  std::vector<std::array<double, properties>> values(n);
  std::array<double, properties> mean{};
  for (std::size_t i = 0; i < n; ++i) {
    const auto& a = view.atom(view.atoms[i]);
    values[i] = {electronegativity(a.element), a.surface, a.log_p, a.gasteiger, a.e_state};
    for (std::size_t p = 0; p < properties; ++p) mean[p] += values[i][p] / static_cast<double>(n);
  }
  for (auto& v : values)
    for (std::size_t p = 0; p < properties; ++p) v[p] -= mean[p];
  std::array<std::array<double, lags>, properties> sums{};
  std::array<double, lags> pairs{};
  double wiener = 0, diameter = 0, radius = n > 0 ? far_away : 0;
  for (std::size_t i = 0; i < n; ++i) {
    int farthest = 0;
    for (std::size_t j = 0; j < n; ++j) {
      const int d = view.graph.distance(view.atoms[i], view.atoms[j]);
      if (d == far_away) continue;
      farthest = std::max(farthest, d);
      if (j < i) continue;
      wiener += d;
      if (d >= static_cast<int>(lags)) continue;
      const auto lag = static_cast<std::size_t>(d);
      pairs[lag] += 1;
      for (std::size_t p = 0; p < properties; ++p) sums[p][lag] += values[i][p] * values[j][p];
    }
    diameter = std::max(diameter, 1.0 * farthest);
    radius = std::min(radius, 1.0 * farthest);
  }
  static constexpr const char* names[] = {"correlation_electronegativity", "correlation_surface",
                                          "correlation_log_p", "correlation_charge", "correlation_state"};
  for (std::size_t p = 0; p < properties; ++p) {
    for (std::size_t lag = 0; lag < lags; ++lag)
      sums[p][lag] = pairs[lag] > 0 ? sums[p][lag] / pairs[lag] : 0;
    block.add_all(names[p], sums[p]);
  }
  block.add("wiener", wiener);
  block.add("mean_distance", n > 1 ? 2 * wiener / (static_cast<double>(n) * static_cast<double>(n - 1)) : 0);
  block.add("diameter", diameter);
  block.add("radius", radius);
}

/// Mean and greatest distance between atoms of two roles: how far a base is from the aromatic part, say.
void add_role_distances(Block& block, const View& view) {
  for (int a = 0; a < role_count; ++a)
    for (int b = a; b < role_count; ++b) {
      double sum = 0, pairs = 0, farthest = 0;
      for (const std::size_t i : view.atoms)
        if (view.atom(i).roles >> a & 1)
          for (const std::size_t j : view.atoms) {
            if (i == j || !(view.atom(j).roles >> b & 1)) continue;
            const int d = view.graph.distance(i, j);
            if (d == far_away) continue;
            sum += d;
            pairs += 1;
            farthest = std::max(farthest, 1.0 * d);
          }
      block.add_all([&] { return fmt::format("role_distance_{}_{}", a, b); },
                    std::array<double, 2>{pairs > 0 ? sum / pairs : -1, pairs > 0 ? farthest : -1});
    }
}

}  // namespace

std::vector<float> descriptor_block(const AnnotatedGraph& graph, int overlooked,
                                    std::vector<std::string>* names) {
  const View view(graph, overlooked);
  Block block(names);
  add_composition(block, view);
  add_bonds(block, view);
  add_rings(block, view);
  add_surfaces(block, view);
  add_sums(block, view);
  add_ionisation(block, view);
  add_connectivity(block, view);
  add_distances(block, view);
  add_role_distances(block, view);
  return block.take();
}

}  // namespace theriac::chem
