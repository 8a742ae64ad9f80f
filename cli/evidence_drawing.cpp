#include "cli/evidence_drawing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace theriac::cli {
namespace {

using datasets::EntityKind;
using datasets::LinkKind;
using datasets::Store;
using repurpose::Evidence;
using repurpose::EvidencePath;
using repurpose::PathNode;

constexpr double box_width = 168, box_height = 30, column_gap = 132, row_gap = 14, margin = 6;
constexpr std::size_t letters_per_box = 24;

/// Fill and border of a kind; told apart without colour by their names in the legend and their columns.
std::pair<const char*, const char*> colours(EntityKind kind) {
  switch (kind) {
    case EntityKind::drug:
      return {"#e6f1fa", "#0072b2"};
    case EntityKind::target:
      return {"#eaf7f1", "#009e73"};
    case EntityKind::disease:
      return {"#fdf0e6", "#d55e00"};
    default:
      return {"#f3f0f8", "#7a5ea8"};
  }
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

/// Cut between UTF-8 characters.
std::string shortened(std::string_view text) {
  std::size_t letters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
    if (begins && ++letters > letters_per_box) return std::string(text.substr(0, i)) + "\u2026";
  }
  return std::string(text);
}

std::string name_of(const Store& store, const PathNode& node) {
  return std::string(store.entities(node.kind).name[node.entity]);
}

/// Nodes in columns, each once per column, in the order in which paths bring them.
class Layout {
 public:
  explicit Layout(const std::vector<WeighedPath>& paths) {
    for (const auto& each : paths) columns_ = std::max(columns_, each.path->nodes.size());
    for (const auto& each : paths) {
      std::size_t before = 0;
      for (std::size_t i = 0; i < each.path->nodes.size(); ++i) {
        const std::size_t here = place(each.path->nodes[i], column(i, each.path->nodes.size()));
        if (i > 0) edges_[{before, here, link_words(each.path->links[i - 1])}] += each.logit;
        before = here;
      }
    }
  }

  std::string svg(const Store& store) const {
    const double width = 2 * margin + static_cast<double>(columns_) * (box_width + column_gap) - column_gap;
    const double height = 2 * margin + static_cast<double>(tallest()) * (box_height + row_gap) - row_gap;
    std::string out = fmt::format(
        "<svg class=\"paths\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
        "role=\"img\" aria-label=\"evidence paths\">",
        width, height);
    double strongest_edge = 0;
    for (const auto& [edge, weight] : edges_) strongest_edge = std::max(strongest_edge, weight);
    for (const auto& [edge, weight] : edges_)
      out += line(edge, strongest_edge > 0 ? weight / strongest_edge : 0);
    for (const auto& [edge, weight] : edges_) out += label(edge);
    for (const auto& node : nodes_) out += box(store, node);
    return out + "</svg>";
  }

 private:
  struct Placed {
    PathNode node;
    std::size_t column = 0, row = 0;
  };
  using Edge = std::tuple<std::size_t, std::size_t, std::string>;  ///< two places among the nodes, and words

  std::size_t column(std::size_t i, std::size_t length) const { return i + 1 == length ? columns_ - 1 : i; }

  std::size_t place(const PathNode& node, std::size_t column) {
    const auto key = std::make_tuple(column, node.kind, node.entity);
    const auto known = places_.find(key);
    if (known != places_.end()) return known->second;
    nodes_.push_back({node, column, rows_[column]++});
    return places_[key] = nodes_.size() - 1;
  }

  std::size_t tallest() const {
    std::size_t most = 1;
    for (const auto& [column, count] : rows_) most = std::max(most, count);
    return most;
  }

  double x(const Placed& node) const {
    return margin + static_cast<double>(node.column) * (box_width + column_gap);
  }
  /// Short columns stand in the middle.
  double y(const Placed& node) const {
    const double missing = static_cast<double>(tallest() - rows_.at(node.column));
    return margin + (static_cast<double>(node.row) + missing / 2) * (box_height + row_gap);
  }

  std::string line(const Edge& edge, double share) const {
    const auto& a = nodes_[std::get<0>(edge)];
    const auto& b = nodes_[std::get<1>(edge)];
    const double x1 = x(a) + box_width, y1 = y(a) + box_height / 2, x2 = x(b), y2 = y(b) + box_height / 2;
    const double bend = std::min(70.0, (x2 - x1) / 2);
    return fmt::format(
        "<path d=\"M{:.0f} {:.0f}C{:.0f} {:.0f} {:.0f} {:.0f} {:.0f} {:.0f}\" fill=\"none\" "
        "stroke=\"#8a96a3\" "
        "stroke-width=\"{:.1f}\"/>",
        x1, y1, x1 + bend, y1, x2 - bend, y2, x2, y2, 1 + 3 * share);
  }

  std::string label(const Edge& edge) const {
    const auto& a = nodes_[std::get<0>(edge)];
    const auto& b = nodes_[std::get<1>(edge)];
    // near the end that has more neighbours beside it, so that labels of one node do not lie on each other
    const double at = rows_.at(a.column) > rows_.at(b.column) ? 0.22 : 0.78;
    const double x1 = x(a) + box_width, x2 = x(b);
    const double middle = at < 0.5 ? x1 + column_gap / 2 : x2 - column_gap / 2;
    const double y1 = y(a) + box_height / 2, y2 = y(b) + box_height / 2;
    return fmt::format(
        "<text x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"middle\" font-size=\"10.5\" fill=\"#5a6675\" "
        "paint-order=\"stroke\" stroke=\"#fff\" stroke-width=\"3\">{}</text>",
        middle, y1 + (y2 - y1) * at - 3, escaped(std::get<2>(edge)));
  }

  std::string box(const Store& store, const Placed& node) const {
    const auto [fill, border] = colours(node.node.kind);
    const std::string name = name_of(store, node.node);
    return fmt::format(
        "<g><title>{}: {}</title><rect x=\"{:.0f}\" y=\"{:.0f}\" width=\"{:.0f}\" height=\"{:.0f}\" rx=\"5\" "
        "fill=\"{}\" stroke=\"{}\"/><text x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"middle\" font-size=\"12\" "
        "fill=\"#1b2430\">{}</text></g>",
        datasets::entity_kind_name(node.node.kind), escaped(name), x(node), y(node), box_width, box_height,
        fill, border, x(node) + box_width / 2, y(node) + box_height / 2 + 4, escaped(shortened(name)));
  }

  std::size_t columns_ = 0;
  std::vector<Placed> nodes_;
  std::map<std::size_t, std::size_t> rows_;  ///< nodes per column
  std::map<std::tuple<std::size_t, EntityKind, std::uint32_t>, std::size_t> places_;
  std::map<Edge, double> edges_;
};

}  // namespace

std::string link_words(const repurpose::PathLink& link) {
  if (!link.words.empty()) return link.words;
  switch (link.kind) {
    case LinkKind::treats:
      return "treats";
    case LinkKind::palliates:
      return "relieves";
    case LinkKind::off_label:
      return "used off label";
    case LinkKind::in_trial:
      return "in trial";
    case LinkKind::failed:
      return "failed in";
    case LinkKind::contraindicated:
      return "contraindicated";
    case LinkKind::not_indicated:
      return "no indication";
    case LinkKind::binds:
      return "binds";
    case LinkKind::changes_expression:
      return "changes";
    case LinkKind::docked:
      return "docked";
    case LinkKind::predicted_affinity:
      return "predicted";
    case LinkKind::resembles_drug:
      return "resembles";
    case LinkKind::member_of:
      return "class";
    case LinkKind::causes:
      return "causes";
    case LinkKind::associated:
      return "linked";
    case LinkKind::expression_in:
      return "expression";
    case LinkKind::resembles_disease:
      return "resembles";
    case LinkKind::is_a:
      return "is a";
    case LinkKind::localizes:
      return "occurs in";
    case LinkKind::interacts:
      return "interacts";
    case LinkKind::covaries:
      return "covaries";
    case LinkKind::regulates:
      return "regulates";
    case LinkKind::takes_part:
      return "pathway";
    case LinkKind::process_of:
      return "process";
    case LinkKind::expressed:
      return "expressed";
  }
  return {};
}

std::string path_words(const Store& store, const EvidencePath& path) {
  std::string text = path.nodes.empty() ? "" : name_of(store, path.nodes.front());
  for (std::size_t i = 1; i < path.nodes.size(); ++i)
    text += fmt::format(" \u2013 {} \u2013 {}", link_words(path.links[i - 1]), name_of(store, path.nodes[i]));
  return text;
}

std::vector<WeighedPath> strongest_paths(const Store& store, const std::vector<Evidence>& evidence,
                                         std::size_t most) {
  std::vector<WeighedPath> paths;
  std::vector<double> most_of_a_line;
  std::map<std::string, std::size_t> known;
  for (const auto& line : evidence)
    for (const auto& path : line.paths) {
      const double logit = line.contribution * path.share;
      if (path.nodes.size() < 2 || logit <= 0) continue;
      const auto [at, fresh] = known.emplace(path_words(store, path), paths.size());
      if (fresh) {
        paths.push_back({&path, line.line, 0});
        most_of_a_line.push_back(logit);
      } else if (logit > most_of_a_line[at->second]) {
        paths[at->second].line = line.line;
        most_of_a_line[at->second] = logit;
      }
      paths[at->second].logit += logit;
    }
  std::stable_sort(paths.begin(), paths.end(),
                   [](const WeighedPath& a, const WeighedPath& b) { return a.logit > b.logit; });
  if (paths.size() > most) paths.resize(most);
  return paths;
}

std::string evidence_drawing(const Store& store, const std::vector<Evidence>& evidence, std::size_t most) {
  const auto paths = strongest_paths(store, evidence, most);
  return paths.empty() ? "" : Layout(paths).svg(store);
}

}  // namespace theriac::cli
