#include "cli/screen_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "chem/error.hpp"
#include "cli/argument_list.hpp"
#include "cli/settings_file.hpp"
#include "scoring/device_network.hpp"

namespace theriac::cli {
namespace {

constexpr std::int64_t many = 1000;  // a screen keeps as many poses as a docking run of many ligands

/// Known by the plan in another way, or of no consequence for the rows.
bool left_out(const std::string& name) {
  static const std::vector<std::string> own = {"ligand",    "smiles",        "shards",     "sample",
                                               "in-format", "smiles-column", "name-column"};
  const auto& common = settings_of_no_consequence();
  return std::find(own.begin(), own.end(), name) != own.end() ||
         std::find(common.begin(), common.end(), name) != common.end();
}

}  // namespace

void declare_screen_options(CLI::App& app, ScreenOptions& o) {
  declare_dock_options(app, o.dock);
  const char* group = "Tiers";
  app.add_option(
         "--tiers", o.tiers,
         "of filter, predict, similarity and dock, in this order; by default those whose options are given")
      ->type_name("NAME,NAME")
      ->delimiter(',')
      ->check(CLI::IsMember({"filter", "predict", "similarity", "dock"}))
      ->group(group);
  app.add_option("--columns", o.columns, "predict these; theriac predict --list names them")
      ->type_name("NAME,NAME")
      ->delimiter(',')
      ->group(group);
  app.add_option("--models", o.models, "trained endpoints, as for theriac predict")
      ->type_name("NAME,FILE")
      ->delimiter(',')
      ->group(group);
  app.add_option(
         "--require", o.require,
         "dock only molecules whose predicted values fit, e.g. \"herg < 0.5 and qed > 0.3\"; the others "
         "are skipped rows")
      ->type_name("RULE")
      ->group(group);
  app.add_option("--similar_to", o.similarity.known,
                 "known ligands: the similarity of each molecule to the nearest of them is a column "
                 "(Tanimoto, Morgan "
                 "radius 2)")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--min_similarity", o.similarity.least, "dock only molecules that are at least so similar")
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("T")
      ->capture_default_str()
      ->group(group);
  app.add_option("--max_similarity", o.similarity.most,
                 "dock only molecules that are at most so similar: new kinds, or no known ligand again")
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("T")
      ->capture_default_str()
      ->group(group);
  app.add_option("--predict_device", o.device, "of the predictors' network: cpu, cuda:0 or auto")
      ->type_name("NAME")
      ->capture_default_str()
      ->group(group);
}

std::string ScreenTiers::text() const {
  std::vector<std::string> names;
  if (filter) names.emplace_back("filter");
  if (predict) names.emplace_back("predict");
  if (similarity) names.emplace_back("similarity");
  if (dock) names.emplace_back("dock");
  return fmt::format("{}", fmt::join(names, ", "));
}

ScreenTiers tiers_of(const ScreenOptions& o) {
  const bool predicts = !o.columns.empty() || !o.models.empty() || !o.require.empty();
  const bool docks = !o.dock.receptor.receptor.empty();
  const bool compares = !o.similarity.known.empty();
  if (!compares && (o.similarity.least > 0 || o.similarity.most < 1))
    throw UsageError("similar to what?", "--similar_to FILE names the known ligands");
  ScreenTiers tiers{!o.dock.filter.empty(), predicts, compares, docks};
  if (!o.tiers.empty()) {
    const auto named = [&](const char* name) {
      return std::find(o.tiers.begin(), o.tiers.end(), name) != o.tiers.end();
    };
    if (named("filter") && !tiers.filter) throw UsageError("the tier filter has no rule", "give --filter");
    if (named("similarity") && !compares)
      throw UsageError("the tier similarity has no known ligands", "give --similar_to");
    if (named("dock") && !docks) throw UsageError("the tier dock has no receptor", "give --receptor");
    tiers = {named("filter"), named("predict"), named("similarity"), named("dock")};
  }
  if (!tiers.filter && !tiers.predict && !tiers.similarity && !tiers.dock)
    throw UsageError("the screen has nothing to do",
                     "give --filter, --columns, --similar_to or --receptor with a box, or several of them");
  return tiers;
}

std::vector<EffectiveSetting> screen_settings(const CLI::App& app, const ScreenOptions& o) {
  auto settings = effective_settings(app, {});
  settings.erase(std::remove_if(settings.begin(), settings.end(),
                                [](const EffectiveSetting& setting) { return left_out(setting.name); }),
                 settings.end());
  const auto docking = docking_options(o.dock, 0, many);
  settings.push_back({"exhaustiveness", {fmt::format("{}", docking.exhaustiveness)}});
  settings.push_back({"num_modes", {fmt::format("{}", docking.num_modes)}});
  if (tiers_of(o).dock) settings.push_back({"rank_by", {o.dock.judges.rank_by}});
  if (docking.device != "cpu") settings.push_back({"device", {docking.device}});
  return settings;
}

std::vector<std::string*> files_of(ScreenOptions& o) {
  std::vector<std::string*> files;
  for (std::string* path :
       {&o.dock.receptor.receptor, &o.dock.box.autobox_ligand, &o.dock.receptor.flex, &o.similarity.known,
        &o.dock.judges.cnn, &o.dock.judges.pose_scorer, &o.dock.judges.pose_affinity})
    if (std::filesystem::is_regular_file(*path)) files.push_back(path);
  for (auto& model : o.models)
    if (std::filesystem::is_regular_file(model)) files.push_back(&model);
  return files;
}

void read_screen_settings(const std::string& path, ScreenOptions& options) {
  CLI::App app("", "screen plan");
  declare_screen_options(app, options);
  for (const auto& setting : read_settings(path)) {
    CLI::Option* option = find_option(app, setting.key);
    if (!option)
      throw UsageError(fmt::format("unknown key '{}' ({}, line {})", setting.key, path, setting.line),
                       "the plan was made by another version: plan again");
    try {
      for (const auto& value : setting.values) option->add_result(value);
      option->run_callback();
    } catch (const CLI::ParseError& error) {
      throw UsageError(fmt::format("{} ({}, line {})", error.what(), path, setting.line));
    }
  }
  auto& judges = options.dock.judges;  // plans of versions before the learned scorer was the default
  if (judges.rank_by.empty()) judges.rank_by = judges.cnn.empty() ? "energy" : "cnn";
}

}  // namespace theriac::cli
