#include "scoring/pose_reasons.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace theriac::scoring {
namespace {

using D = PoseDescriptor;

constexpr double least_reason = 0.1;  // log odds
constexpr double least_named = 0.3;   // of a part, by one partner
constexpr std::size_t most_named = 2;
constexpr int table_columns = contact_kind_count * environment_size;

/// What a part is called: "more" or "fewer" when the pose has more or less of it than the mean, what it is,
/// and how its partners follow.
struct Words {
  const char *more, *less, *what, *of;
};

/// Descriptors that measure one thing; those that fall when it grows are marked.
struct Theme {
  Words words;
  std::vector<D> rising, falling;
};

const std::vector<Theme>& themes() {
  static const std::vector<Theme> all{
      {{"higher", "lower", "docking energy", ""}, {D::energy_gap, D::scaled_gap, D::inter}, {}},
      {{"higher", "lower", "Vinardo energy", ""}, {D::vinardo, D::vinardo_gap, D::scaled_vinardo_gap}, {}},
      {{"higher", "lower", "energy within the ligand", ""}, {D::intra, D::intra_gap}, {}},
      {{"more", "less", "attraction", ""}, {}, {D::gauss1, D::gauss2, D::vinardo_gauss}},
      {{"more", "less", "repulsion", ""}, {D::repulsion, D::vinardo_repulsion}, {}},
      {{"more", "less", "hydrophobic contact", ""}, {}, {D::hydrophobic, D::vinardo_hydrophobic}},
      {{"more", "less", "hydrogen bonding energy", ""}, {}, {D::hydrogen_bond, D::vinardo_hydrogen_bond}},
      {{"more", "fewer", "receptor atoms close by", ""},
       {D::near_atoms, D::around_atoms, D::receptor_atoms},
       {}},
      {{"more", "fewer", "atoms buried", ""}, {D::buried}, {D::exposed}},
      {{"more", "fewer", "greasy atoms buried", ""}, {D::buried_greasy}, {D::exposed_greasy}},
      {{"better", "less", "buried outermost atom", ""}, {D::least_burial}, {}},
      {{"more", "fewer", "hydrogen bonds", " with "},
       {D::hydrogen_bonds, D::directed_bonds, D::charged_bonds},
       {}},
      {{"more", "fewer", "salt bridges", " with "}, {D::salt_bridges}, {}},
      {{"more", "fewer", "buried atoms without partner", ": "}, {D::lonely_polar, D::lonely_charge}, {}},
      {{"more", "fewer", "covered receptor atoms without partner", " in "},
       {D::lonely_receptor, D::lonely_receptor_charge},
       {}},
      {{"more", "fewer", "like polar atoms", " near "}, {D::like_polar}, {}},
      {{"more", "fewer", "like charges", " near "}, {D::like_charge}, {}},
      {{"more", "fewer", "greasy atoms", " near polar ones of "}, {D::greasy_polar}, {}},
      {{"more", "fewer", "bonds to metal", " "}, {D::metal_bonds, D::metal_anion}, {}},
      {{"more", "fewer", "metals missed", ": "}, {D::metal_missed}, {}},
      {{"more", "less", "stacking", " on "}, {D::stacked}, {}},
      {{"more", "less", "ring edge on ring", " with "}, {D::edged}, {}},
      {{"more", "less", "cation over ring", " with "}, {D::cation_pi}, {}},
      {{"more", "fewer", "clashes", " with "}, {D::clashes}, {}},
      {{"more", "less", "torsion strain", ""}, {D::strain_sp3, D::strain_sp2}, {}},
      {{"larger", "smaller", "extent", ""}, {D::radius}, {}},
      {{"more", "fewer", "atoms", ""}, {D::heavy_atoms, D::torsions}, {}},  // equal in all poses of a ligand
  };
  return all;
}

/// Parts of the score: themes, then kind by kind of the other side, the last of which is the atom's own
/// place.
constexpr int places = contact_kind_count + 1;

std::size_t part_count() {
  return themes().size() + contact_kind_count * places;
}

/// One column of the features: where it counts, and how.
struct Column {
  std::size_t part;
  double weight;  // in the score
  double amount;  // towards more, or towards near
};

/// Descriptors, then the table's columns.
std::vector<Column> columns_of(const PoseScoreModel& model) {
  std::vector<Column> out(pose_descriptor_count + table_columns);
  for (std::size_t t = 0; t < themes().size(); ++t) {
    for (const D d : themes()[t].rising) out[static_cast<std::size_t>(d)] = {t, 0, 1};
    for (const D d : themes()[t].falling) out[static_cast<std::size_t>(d)] = {t, 0, -1};
  }
  for (std::size_t d = 0; d < pose_descriptor_count; ++d) out[d].weight = model.descriptors[d];
  for (int k = 0; k < contact_kind_count; ++k)
    for (int i = 0; i < environment_size; ++i) {
      const int place = std::min(i / contact_shells, contact_kind_count);
      const int row = k * environment_size + i;
      const bool pair = place < contact_kind_count;
      out[pose_descriptor_count + static_cast<std::size_t>(row)] = {
          themes().size() + static_cast<std::size_t>(k * places + place),
          model.table[static_cast<std::size_t>(row)],
          pair ? contact_knots.back() - contact_knots[static_cast<std::size_t>(i % contact_shells)] : 0};
    }
  return out;
}

struct Sum {
  double score = 0, amount = 0;
  void add(const Column& column, double value) {
    score += column.weight * value;
    amount += column.amount * value;
  }
  void operator-=(const Sum& other) {
    score -= other.score;
    amount -= other.amount;
  }
};

using Sums = std::vector<Sum>;

Sums parts_of(const PoseFeatures& pose, const std::vector<Column>& columns) {
  Sums out(part_count());
  for (std::size_t d = 0; d < pose_descriptor_count; ++d)
    out[columns[d].part].add(columns[d], pose.descriptors[d]);
  for (const auto& atom : pose.atoms) {
    const auto row = pose_descriptor_count + static_cast<std::size_t>(atom.kind) * environment_size;
    for (std::size_t i = 0; i < environment_size; ++i)
      out[columns[row + i].part].add(columns[row + i], atom.counts[i]);
  }
  return out;
}

void subtract_mean(std::vector<Sums>& poses) {
  const double n = static_cast<double>(poses.size());
  for (std::size_t i = 0; i < poses.front().size(); ++i) {
    Sum mean;
    for (const auto& of : poses) {
      mean.score += of[i].score / n;
      mean.amount += of[i].amount / n;
    }
    for (auto& of : poses) of[i] -= mean;
  }
}

/// The largest parts, as places in `parts`.
std::vector<std::size_t> largest(const Sums& parts, int count) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (std::abs(parts[i].score) >= least_reason) out.push_back(i);
  std::stable_sort(out.begin(), out.end(), [&](std::size_t a, std::size_t b) {
    return std::abs(parts[a].score) > std::abs(parts[b].score);
  });
  out.resize(std::min(out.size(), static_cast<std::size_t>(count)));
  return out;
}

/// The shares of the partners in chosen parts of every pose, beside their means.
class PartnerShares {
 public:
  PartnerShares(const std::vector<PoseFeatures>& poses, const std::vector<Column>& columns,
                const std::vector<std::vector<std::size_t>>& chosen, std::size_t partners)
      : partners_(partners), row_(part_count(), -1) {
    int rows = 0;
    for (const auto& of : chosen)
      for (const std::size_t part : of)
        if (row_[part] < 0) row_[part] = rows++;
    for (const auto& pose : poses) {
      Sums& of = sums_.emplace_back(static_cast<std::size_t>(rows) * partners);
      for (const auto& share : pose.shares) {
        const Column& column = columns[static_cast<std::size_t>(share.column)];
        if (row_[column.part] >= 0) of[place(column.part, share.partner)].add(column, share.amount);
      }
    }
    if (rows > 0) subtract_mean(sums_);
  }

  const Sum& of(std::size_t pose, std::size_t part, int partner) const {
    return sums_[pose][place(part, partner)];
  }

  /// Who makes most of a part, the same way as the whole.
  std::vector<int> leading(std::size_t pose, std::size_t part, double whole) const {
    std::vector<int> out;
    const auto by = [&](int p) { return of(pose, part, p).score * (whole < 0 ? -1 : 1); };
    for (int p = 0; p < static_cast<int>(partners_); ++p)
      if (by(p) >= least_named * std::abs(whole)) out.push_back(p);
    std::stable_sort(out.begin(), out.end(), [&](int a, int b) { return by(a) > by(b); });
    out.resize(std::min(out.size(), most_named));
    return out;
  }

 private:
  std::size_t place(std::size_t part, int partner) const {
    return static_cast<std::size_t>(row_[part]) * partners_ + static_cast<std::size_t>(partner);
  }
  std::size_t partners_;
  std::vector<int> row_;  // per part, or -1
  std::vector<Sums> sums_;
};

std::string told(std::size_t part, bool more, const std::string& partners) {
  if (part < themes().size()) {
    const Words& words = themes()[part].words;
    return fmt::format("{} {}{}{}", more ? words.more : words.less, words.what,
                       partners.empty() ? "" : words.of, partners);
  }
  const auto pair = part - themes().size();
  const char* ours = name(static_cast<ContactKind>(pair / places));
  const auto theirs = pair % places;
  if (theirs == contact_kind_count) return fmt::format("place of {}", ours);
  return fmt::format("{} {} {}{}{}", ours, more ? "near" : "away from",
                     name(static_cast<ContactKind>(theirs)), partners.empty() ? "" : " of ", partners);
}

}  // namespace

std::vector<std::string> pose_reasons(const PoseScoreModel& model, const std::vector<PoseFeatures>& poses,
                                      const std::vector<std::string>& partners, int count) {
  std::vector<std::string> out(poses.size());
  if (poses.size() < 2) return out;
  const auto columns = columns_of(model);
  std::vector<Sums> parts;
  for (const auto& pose : poses) parts.push_back(parts_of(pose, columns));
  subtract_mean(parts);
  std::vector<std::vector<std::size_t>> chosen;
  for (const auto& of : parts) chosen.push_back(largest(of, count));
  const PartnerShares shares(poses, columns, chosen, partners.size());
  for (std::size_t p = 0; p < poses.size(); ++p)
    for (const std::size_t part : chosen[p]) {
      const Sum& whole = parts[p][part];
      double amount = whole.amount;
      std::string named;
      const auto leading = shares.leading(p, part, whole.score);
      if (!leading.empty()) amount = 0;
      for (const int partner : leading) {
        amount += shares.of(p, part, partner).amount;
        named += (named.empty() ? "" : " and ") + partners[static_cast<std::size_t>(partner)];
      }
      out[p] +=
          fmt::format("{}{} {:+.1f}", out[p].empty() ? "" : "; ", told(part, amount > 0, named), whole.score);
    }
  return out;
}

}  // namespace theriac::scoring
