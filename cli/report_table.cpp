#include "cli/report_table.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

#include "chem/depiction.hpp"
#include "chem/error.hpp"

namespace theriac::cli {
namespace {

using chem::xml_escaped;
using kainjow::mustache::data;
using Object = kainjow::mustache::object;

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() > end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// A bar for a number from 0 to 1.
std::string bar(double value) {
  return fmt::format("<span class=\"barbox\"><span class=\"bar\" style=\"width:{:.0f}px\"></span></span>",
                     40 * std::clamp(value, 0.0, 1.0));
}

std::string one_a_line(const std::string& reasons) {
  std::string html;
  for (std::size_t at = 0; at < reasons.size();) {
    const std::size_t end = std::min(reasons.find("; ", at), reasons.size());
    html += (html.empty() ? "" : "<br>") + xml_escaped(reasons.substr(at, end - at));
    at = end + 2;
  }
  return html;
}

std::string structure(const std::string& smiles, const std::string& name) {
  try {
    chem::DepictionOptions options;
    options.title = name + ": " + smiles;
    return chem::depiction_svg(chem::Molecule::from_smiles(smiles), options);
  } catch (const MoleculeError&) {
    return "<small>cannot be drawn</small>";
  }
}

}  // namespace

ReportTable::ReportTable(const ResultList& list) : list_(list) {
  for (std::size_t i = 0; i < list.columns.size(); ++i) index_.emplace(list.columns[i], i);
}

std::string ReportTable::text(std::size_t row, const std::string& column) const {
  const auto found = index_.find(column);
  return found == index_.end() ? std::string() : list_.rows[row][found->second];
}

double ReportTable::number(std::size_t row, const std::string& column) const {
  if (column == "heavy_atoms" && !has(column))
    return std::round(number(row, "score_kcal_mol") / number(row, "le"));
  const std::string cell = text(row, column);
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  return cell.empty() || error != std::errc() || end != cell.data() + cell.size() ? std::nan("") : value;
}

std::vector<double> ReportTable::numbers(const std::vector<std::size_t>& rows,
                                         const std::string& column) const {
  std::vector<double> out;
  for (const std::size_t row : rows) out.push_back(number(row, column));
  return out;
}

std::vector<std::size_t> ReportTable::all() const {
  std::vector<std::size_t> rows(size());
  std::iota(rows.begin(), rows.end(), 0u);
  return rows;
}

std::vector<std::size_t> ReportTable::ranked() const {
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t i = 0; i < size(); ++i)
    if (std::isfinite(number(i, "rank"))) order.emplace_back(number(i, "rank"), i);
  std::sort(order.begin(), order.end());
  std::vector<std::size_t> out;
  for (const auto& entry : order) out.push_back(entry.second);
  return out;
}

HitColumns::HitColumns(const ReportTable& table) : table_(table) {
  const auto add = [&](Shown shown) {
    const auto rows = table.ranked();
    const bool filled = std::any_of(rows.begin(), rows.end(),
                                    [&](std::size_t row) { return !table.text(row, shown.column).empty(); });
    if (filled) shown_.push_back(std::move(shown));
  };
  add({"rank", "rank", "", "1 is best", Kind::rank, 0});
  add({"smiles", "structure", "", "", Kind::structure, 0});
  add({"name", "name", "", "and where it comes from", Kind::name, 0});
  add({"total", "total", "0 to 1", "combined desirability; higher is better", Kind::desirability, 3});
  add({"score_kcal_mol", "score", "kcal/mol", "docking score of the pose that is put first; lower is better",
       Kind::number, 2});
  add({"le", "LE", "kcal/mol/atom", "ligand efficiency: score per heavy atom; lower is better", Kind::number,
       2});
  add({"probability", "right pose", "0 to 1",
       "learned probability that the pose lies within 2 angstrom of the true one", Kind::desirability, 2});
  add({"reasons", "because", "", "what moved that probability, in log odds", Kind::reasons, 0});
  add({"pose_affinity", "affinity", "pK", "if the pose is right; it grows with size", Kind::number, 1});
  add({"pose_affinity_size_corrected", "beside size", "pK",
       "that affinity above what is usual for as many heavy atoms", Kind::number, 1});
  add({"cnn_score", "CNN score", "0 to 1",
       "gnina's networks: probability that the pose lies within 2 angstrom of the true one",
       Kind::desirability, 2});
  add({"cnn_affinity", "CNN affinity", "pK",
       "gnina's networks: affinity if the pose is right; it grows with size", Kind::number, 1});
  add({"cnn_spread", "spread", "pK", "standard deviation of the CNN affinity between the networks",
       Kind::number, 1});
  add({"pose_origin", "pose from", "", "the search, or the seed pose that it comes from", Kind::text, 0});
  add({"waters", "waters", "", "ordered waters kept, the residues that they bridge, or displaced", Kind::text,
       0});
  for (const std::string& column : table.columns()) {
    if (!ends_with(column, "_desirability")) continue;
    const std::string name = column.substr(0, column.size() - 13);
    if (name == "docking" || name == "dock")  // its raw value is the score, which has a column of its own
      add({column, name, "0 to 1", "desirability: 0 rejected, 1 as wanted", Kind::desirability, 2});
    else
      add({column, name, "raw, 0 to 1", "raw value, and below it the desirability: 0 rejected, 1 as wanted",
           Kind::objective, 2});
  }
  for (const std::string& column : table.columns())
    if (ends_with(column, "_kcal_mol") && column != "score_kcal_mol" && column != "score_loop_kcal_mol")
      add({column, column.substr(0, column.size() - 9), "kcal/mol", "docking score in an off-target",
           Kind::number, 2});
  add({"rmsd_ref", "RMSD", "A to reference", "of the best pose to the reference ligand", Kind::number, 2});
  add({"mw", "weight", "Da", "molecular weight", Kind::number, 0});
  add({"clogp", "clogp", "", "Crippen log P", Kind::number, 1});
  add({"tpsa", "TPSA", "A^2", "topological polar surface area", Kind::number, 0});
  add({"hbd", "HBD", "", "hydrogen-bond donors", Kind::number, 0});
  add({"hba", "HBA", "", "hydrogen-bond acceptors", Kind::number, 0});
  add({"rotb", "rotors", "", "rotatable bonds", Kind::number, 0});
  if (!table.has("qed_value"))
    add({"qed", "QED", "0 to 1", "drug-likeness; higher is better", Kind::number, 2});
  if (!table.has("sa_value"))
    add({"sa", "SA", "1 to 10", "synthetic accessibility; lower is easier", Kind::number, 1});
  add({"contacts", "contacts", "", "residues in contact, hydrogen bonds and salt bridges first", Kind::text,
       0});
  add({"alerts", "alerts", "", "structural alerts", Kind::text, 0});
}

data HitColumns::header() const {
  data list{data::type::list};
  for (std::size_t i = 0; i < shown_.size(); ++i) {
    const Shown& s = shown_[i];
    const bool numeric = is_numeric(s.kind);
    list.push_back(Object{{"label", s.label},
                          {"unit", s.unit},
                          {"meaning", s.meaning},
                          {"index", std::to_string(i)},
                          {"numeric", numeric},
                          {"sortable", s.kind != Kind::structure}});
  }
  return list;
}

std::string HitColumns::cell(const Shown& shown, std::size_t row) const {
  const double value = table_.number(row, shown.column);
  switch (shown.kind) {
    case Kind::rank:
      return table_.text(row, "rank");
    case Kind::structure:
      return structure(table_.text(row, "smiles"), table_.text(row, "name"));
    case Kind::name: {
      std::string html = fmt::format("<b>{}</b>", xml_escaped(table_.text(row, "name")));
      if (table_.has("origin"))
        html += fmt::format("<br><small>round {}, {}</small>", xml_escaped(table_.text(row, "round")),
                            xml_escaped(table_.text(row, "origin")));
      return html +
             fmt::format("<br><small class=\"smiles\">{}</small>", xml_escaped(table_.text(row, "smiles")));
    }
    case Kind::number:
      return std::isfinite(value) ? fmt::format("{:.{}f}", value, shown.decimals) : "";
    case Kind::desirability:
      if (!std::isfinite(value)) return "";
      return fmt::format("{:.{}f}{}", value, shown.decimals, bar(value));
    case Kind::objective: {
      const double raw = table_.number(row, shown.column.substr(0, shown.column.size() - 13) + "_value");
      if (!std::isfinite(value) || !std::isfinite(raw)) return "";
      return fmt::format("{:.2f}<br><small>{:.2f}</small>{}", raw, value, bar(value));
    }
    case Kind::reasons:
      return one_a_line(table_.text(row, shown.column));
    case Kind::text:
      return xml_escaped(table_.text(row, shown.column));
  }
  return {};
}

data HitColumns::rows(const std::vector<std::size_t>& chosen) const {
  std::vector<std::vector<std::string>> html(chosen.size());
  tbb::parallel_for(std::size_t{0}, chosen.size(), [&](std::size_t i) {
    for (const Shown& shown : shown_) html[i].push_back(cell(shown, chosen[i]));
  });
  data list{data::type::list};
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    data cells{data::type::list};
    for (std::size_t k = 0; k < shown_.size(); ++k) {
      const Kind kind = shown_[k].kind;
      Object one{{"html", html[i][k]}};
      one["class"] = std::string(is_numeric(kind) ? "n" : kind == Kind::reasons ? "reasons" : "");
      one["sort"] = kind == Kind::structure ? std::string() : table_.text(chosen[i], shown_[k].column);
      cells.push_back(one);
    }
    list.push_back(Object{{"cells", cells}});
  }
  return list;
}

}  // namespace theriac::cli
