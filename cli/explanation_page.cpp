#include "cli/explanation_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <kainjow/mustache.hpp>
#include <map>

#include "chem/depiction.hpp"
#include "chem/error.hpp"
#include "chem/library_versions.hpp"
#include "cli/explanation_drawing.hpp"
#include "scoring/endpoint_model.hpp"

namespace theriac::cli {

extern const char* const
    explanation_template;  // explanation_template.html, made part of the program by CMake

namespace {

using kainjow::mustache::data;
using Object = kainjow::mustache::object;
using scoring::Domain;
using scoring::EndpointKind;

constexpr std::size_t alerts_drawn = 6;

/// Three significant digits, with a true minus.
std::string shown(double value) {
  if (!std::isfinite(value)) return "-";
  std::string text = fmt::format("{:.3g}", value);
  return text[0] == '-' ? "\u2212" + text.substr(1) : text;
}

/// Of a contribution: two digits are more than it knows.
std::string with_sign(double value) {
  return fmt::format("{}{:.2g}", value > 0 ? "+" : "\u2212", std::abs(value));
}

/// Of contributions.
std::string scale_unit(const scoring::Endpoint& endpoint) {
  if (endpoint.kind == EndpointKind::probability) return "log odds";
  return endpoint.logarithmic ? "log10 of " + endpoint.unit : endpoint.unit;
}

/// No probability is shown as 0 or 1: nothing is certain.
std::string value_text(const EndpointExplanation& e) {
  if (!std::isfinite(e.score.value)) return "no basis";
  if (e.endpoint.kind != EndpointKind::probability) return shown(e.score.value);
  if (e.score.value < 0.005) return "below 0.01";
  return e.score.value > 0.995 ? "above 0.99" : fmt::format("{:.2f}", e.score.value);
}

std::string beside_value(const EndpointExplanation& e) {
  if (e.endpoint.kind == EndpointKind::probability)
    return e.score.classes.empty() ? "probability" : "calibrated probability; 90 % set " + e.score.classes;
  std::string text = e.endpoint.unit;
  if (std::isfinite(e.score.low))
    text += fmt::format("{}90 % interval {} to {}", text.empty() ? "" : "; ", shown(e.score.low),
                        shown(e.score.high));
  return text;
}

std::string direction_text(scoring::Direction direction) {
  if (direction == scoring::Direction::higher_is_better) return "higher is better";
  return direction == scoring::Direction::lower_is_better ? "lower is better" : "no good end of its own";
}

std::string domain_words(Domain domain) {
  if (domain == Domain::in) return "in domain";
  return domain == Domain::edge ? "edge of the domain" : "out of domain";
}

std::string domain_advice(const scoring::Score& score) {
  if (score.neighbour_similarity > 0.9995)
    return "The model was trained on this molecule or on one that its fingerprint cannot tell from it: this "
           "is "
           "memory, no test of the model.";
  if (score.domain == Domain::in) return "The model knows molecules like this one.";
  return score.domain == Domain::edge ? "The model knows its relatives at best: read it as a hint."
                                      : "The model knows nothing like it: there is no basis for a value.";
}

/// Where the molecule stands, on a line from 0 to 100 %; the middle half is darker.
std::string percentile_bar(double percentile) {
  const double x = 4 + 1.92 * percentile;
  return fmt::format(
      "<svg class=\"bar\" width=\"200\" height=\"16\" viewBox=\"0 0 200 16\" aria-hidden=\"true\">"
      "<rect x=\"4\" y=\"6\" width=\"192\" height=\"5\" fill=\"#e3e8ee\"/>"
      "<rect x=\"52\" y=\"6\" width=\"96\" height=\"5\" fill=\"#b9c3cf\"/>"
      "<path d=\"M100 4v9\" stroke=\"#5a6675\"/>"
      "<path d=\"M{0:.1f} 1l4 7.5l-4 7.5l-4 -7.5z\" fill=\"#1b2430\"/></svg>",
      x);
}

std::string contribution_words(const EndpointExplanation& e, const chem::Molecule& molecule,
                               const std::vector<std::size_t>& atoms) {
  std::vector<std::string> words;
  for (const std::size_t atom : atoms)
    words.push_back(fmt::format("{} {}", atom_label(molecule, atom), with_sign(e.contributions[atom])));
  return words.empty() ? "no atom" : fmt::format("{}", fmt::join(words, ", "));
}

data endpoint_data(const EndpointExplanation& e, const Prediction& row, double scale,
                   const std::string& against) {
  Object out;
  out["name"] = e.endpoint.name;
  out["meaning"] = e.endpoint.meaning;
  out["value"] = value_text(e);
  out["beside"] = beside_value(e);
  out["direction"] = direction_text(e.endpoint.direction);
  out["domain"] = std::string(to_text(e.score.domain));
  out["domain_words"] = domain_words(e.score.domain);
  out["advice"] = domain_advice(e.score);
  out["has_percentile"] = e.percentile.has_value();
  if (e.percentile) {
    out["bar"] = percentile_bar(*e.percentile);
    out["percentile"] = fmt::format("higher than {:.0f} % of {}", *e.percentile, against);
  }
  const auto strong = strongest_atoms(e.contributions, scale);
  out["atoms"] = contribution_drawing(*row.molecule, e.endpoint.name, e.contributions, scale, strong);
  out["raises"] = contribution_words(e, *row.molecule, strong.raising);
  out["lowers"] = contribution_words(e, *row.molecule, strong.lowering);
  out["scale"] = shown(scale);
  out["unit"] = scale_unit(e.endpoint);
  out["neighbour"] = smiles_drawing(e.score.neighbour);
  out["similarity"] = fmt::format("{:.2f}", e.score.neighbour_similarity);
  out["trained_on"] = std::to_string(e.trained_on);
  out["has_network"] = e.network_share > 0;
  out["trees_share"] = fmt::format("{:.0f}", 100 * (1 - e.network_share));
  return out;
}

/// "0 1 2; 5 6 7" as in tables.
std::string places(const chem::Alert& alert) {
  std::vector<std::string> out;
  for (const auto& occurrence : alert.atoms) out.push_back(fmt::format("{}", fmt::join(occurrence, " ")));
  return fmt::format("{}", fmt::join(out, "; "));
}

data alert_list(const MoleculeExplanation& molecule) {
  data list{data::type::list};
  for (std::size_t i = 0; i < molecule.alerts.size(); ++i) {
    const chem::Alert& alert = molecule.alerts[i];
    list.push_back(
        Object{{"set", std::string(alert_set_name(alert.set))},
               {"name", alert.name},
               {"atoms", places(alert)},
               {"svg", i < alerts_drawn ? alert_drawing(*molecule.prediction.molecule, alert) : ""}});
  }
  return list;
}

/// What is known exactly, as far as it was asked for.
std::string fact_line(const Prediction& row) {
  const std::pair<const char*, const char*> wanted[] = {
      {"mw", "weight"}, {"clogp", "clogp"}, {"tpsa", "TPSA"}, {"qed", "QED"}, {"sa", "SA"}};
  std::vector<std::string> facts;
  for (const auto& [column, label] : wanted)
    for (const auto& score : row.scores)
      if (score.name() == column)
        facts.push_back(fmt::format("{} {}{}{}", label, shown(score.value), score.unit().empty() ? "" : " ",
                                    score.unit() == "A^2" ? "\u00c5\u00b2" : score.unit()));
  return fmt::format("{}", fmt::join(facts, " \u00b7 "));
}

data molecule_data(const MoleculeExplanation& molecule, const std::map<std::string, double>& scales,
                   const std::string& against) {
  const Prediction& row = molecule.prediction;
  data endpoints{data::type::list};
  for (const auto& e : molecule.endpoints)
    endpoints.push_back(endpoint_data(e, row, scales.at(e.endpoint.name), against));
  Object out;
  out["number"] = std::to_string(row.number);
  out["name"] = row.name.empty() ? row.smiles : row.name;
  out["smiles"] = row.smiles;
  out["atom_count"] = std::to_string(chem::drawn_atoms(*row.molecule).size());
  out["facts"] = fact_line(row);
  out["svg"] = numbered_drawing(*row.molecule);
  out["has_alerts"] = !molecule.alerts.empty();
  out["alerts"] = alert_list(molecule);
  out["endpoints"] = std::move(endpoints);
  return out;
}

std::string verdict(const ExplanationPage& page, std::size_t molecules) {
  std::string text = fmt::format("{} molecule{} of {}", molecules, molecules == 1 ? "" : "s", page.input);
  if (!page.all_read) text += ", the first that could be predicted";
  std::vector<std::string> shown_endpoints;
  if (page.asked > 0)
    shown_endpoints.push_back(
        fmt::format("the {} endpoint{} asked for", page.asked, page.asked == 1 ? "" : "s"));
  if (page.others > Explainer::most_by_itself)
    shown_endpoints.push_back(fmt::format("of {} endpoints the {} that stand furthest from the middle of {}",
                                          page.others, Explainer::most_by_itself, page.compared_with));
  else if (page.others > 0)
    shown_endpoints.push_back(fmt::format("all endpoints ({})", page.others));
  text += fmt::format(": {}.", fmt::join(shown_endpoints, ", and "));
  return text;
}

}  // namespace

double full_colour(const ExplanationPage& page, const std::string& endpoint) {
  std::vector<double> sizes;
  for (const auto& molecule : page.molecules)
    for (const auto& e : molecule.endpoints)
      if (e.endpoint.name == endpoint)
        for (const double c : e.contributions) sizes.push_back(std::abs(c));
  if (sizes.empty()) return 0;
  const auto at = static_cast<std::ptrdiff_t>(0.95 * static_cast<double>(sizes.size() - 1));
  std::nth_element(sizes.begin(), sizes.begin() + at, sizes.end());
  return sizes[static_cast<std::size_t>(at)];
}

std::string explanation_html(const ExplanationPage& page) {
  std::map<std::string, double> scales;
  for (const auto& molecule : page.molecules)
    for (const auto& e : molecule.endpoints)
      if (!scales.count(e.endpoint.name)) scales[e.endpoint.name] = full_colour(page, e.endpoint.name);
  data molecules{data::type::list}, failures{data::type::list};
  std::size_t good = 0, failed = 0;
  for (const auto& molecule : page.molecules) {
    const Prediction& row = molecule.prediction;
    if (row.failed()) {
      ++failed;
      failures.push_back(
          Object{{"number", std::to_string(row.number)}, {"name", row.name}, {"message", row.message}});
    } else {
      ++good;
      molecules.push_back(molecule_data(molecule, scales, page.compared_with));
    }
  }
  Object out;
  out["verdict"] = verdict(page, good);
  out["meta"] = fmt::format("theriac predict --explain, version {}", chem::theriac_version());
  out["version"] = chem::theriac_version();
  out["compared_with"] = page.compared_with;
  out["in_from"] = fmt::format("{:g}", scoring::domain_in_from);
  out["legend"] = colour_legend();
  out["molecules"] = std::move(molecules);
  out["has_failures"] = failed > 0;
  out["failures"] = std::move(failures);
  kainjow::mustache::mustache tmpl(explanation_template);
  if (!tmpl.is_valid()) throw Error("the template of explanations is broken: " + tmpl.error_message());
  return tmpl.render(data(out));
}

}  // namespace theriac::cli
