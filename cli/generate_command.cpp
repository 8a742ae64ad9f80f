// theriac generate: new molecules from the trained generator.
#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <chrono>
#include <memory>
#include <unordered_set>

#include "chem/error.hpp"
#include "chem/stereo.hpp"
#include "cli/command.hpp"
#include "cli/model_choice.hpp"
#include "cli/session.hpp"
#include "datasets/results_table.hpp"
#include "generative/decoded_molecule.hpp"
#include "generative/generation_request.hpp"
#include "generative/graph_policy.hpp"
#include "generative/policy_conditions.hpp"

namespace theriac::cli {
namespace {

using datasets::Cell;
using datasets::Column;
using datasets::ColumnType;

struct GenerateOptions {
  std::string model = "default", out;
  std::int64_t count = 1000;
  double temperature = 1;
  bool repeats = false, properties = false;
  int stereo = 0;
  generative::GenerationRequest request;
  std::map<std::string, std::string> ranges;
};

struct Generated {
  std::string smiles;
  double log_likelihood = 0;
  std::vector<double> properties;
};

std::vector<generative::PropertyRange> property_ranges(const GenerateOptions& options) {
  std::vector<generative::PropertyRange> out;
  for (const auto& [property, text] : options.ranges)
    if (!text.empty()) out.push_back(generative::property_range(property, text));
  return out;
}

/// What is asked for, in words.
std::string mode_of(const generative::GenerationRequest& request) {
  if (!request.scaffold.empty()) return "grow      " + request.scaffold;
  if (!request.warheads.empty()) return fmt::format("link      {}", fmt::join(request.warheads, " and "));
  return {};
}

/// Molecules `first` .. of the stream, with SMILES and, where needed, properties.
std::vector<Generated> generated(const generative::GraphPolicy& policy, const generative::PlanSource& plans,
                                 std::uint64_t first, std::size_t count, const GenerateOptions& options,
                                 const std::vector<generative::PropertyRange>& ranges, Session& session) {
  generative::SamplingOptions sampling;
  sampling.seed = session.seed();
  sampling.temperature = options.temperature;
  if (!ranges.empty())
    for (std::size_t i = 0; i < count; ++i) {
      chem::CounterRandom random(session.seed(), "", "wished bins", first + i);
      sampling.conditions.push_back(generative::wished_bins(ranges, random));
    }
  const auto molecules = policy.sample(plans, first, count, sampling, session.stop());
  std::vector<Generated> out(molecules.size());
  tbb::parallel_for(std::size_t{0}, molecules.size(), [&](std::size_t i) {
    out[i].smiles = generative::smiles(policy.vocabulary(), molecules[i].state);
    out[i].log_likelihood = molecules[i].log_likelihood;
    if (options.properties || !ranges.empty())
      out[i].properties = generative::condition_values(chem::Molecule::from_smiles(out[i].smiles));
  });
  return out;
}

std::vector<Column> columns(bool properties) {
  std::vector<Column> out = {
      {"name", ColumnType::text, "", "number of the molecule in the stream of this seed", -1, {}},
      {"smiles", ColumnType::text, "", "canonical SMILES without stereochemistry", -1, {}},
      {"log_likelihood", ColumnType::float64, "nat", "of the string of actions that made it", 3, {}}};
  if (properties)
    for (const auto& property : generative::condition_properties())
      out.push_back({property.name, ColumnType::float64, property.unit, "", 3, {}});
  return out;
}

/// The molecule, or each of its stereoisomers.
void append(datasets::CsvTable& table, const std::string& name, const Generated& molecule,
            const GenerateOptions& options, bool properties) {
  std::vector<std::pair<std::string, std::string>> forms = {{name, molecule.smiles}};
  if (options.stereo > 0) {
    forms.clear();
    for (const auto& isomer :
         chem::stereoisomers(chem::Molecule::from_smiles(molecule.smiles), options.stereo))
      forms.emplace_back(fmt::format("{}-{}", name, forms.size() + 1), isomer.smiles());
  }
  for (const auto& [form, smiles] : forms) {
    datasets::Row row{form, smiles, molecule.log_likelihood};
    if (properties)
      for (const double value : molecule.properties) row.emplace_back(value);
    table.append(row);
  }
}

int generate(const GenerateOptions& options, Session& session) {
  const auto ranges = property_ranges(options);
  const bool properties = options.properties || !ranges.empty();
  const auto policy = generative::GraphPolicy::load(model_file(options.model, "generator"));
  const generative::CheckedRequest request(policy.vocabulary(), options.request);
  const generative::PlanSource plans = [&](std::uint64_t number) {
    chem::CounterRandom random(session.seed(), "", "request plan", number);
    return request.plan(random);
  };
  if (const std::string mode = mode_of(options.request); !mode.empty()) session.terminal().note(mode);
  if (!session.options.overwrite && std::filesystem::exists(options.out))
    throw UsageError(fmt::format("'{}' exists", options.out), "use --overwrite or another -o");
  datasets::CsvTable table(options.out, columns(properties));
  std::unordered_set<std::string> seen;
  const auto started = std::chrono::steady_clock::now();
  std::int64_t written = 0, drawn = 0, repeats = 0, strangers = 0;
  constexpr std::int64_t attempts_each = 20;
  auto progress = session.progress({"generate", "mol", options.count, 0, 0, 0, ""});
  while (written < options.count && drawn < attempts_each * options.count &&
         !session.stop().stop_requested()) {
    const auto block = static_cast<std::size_t>(std::clamp<std::int64_t>(options.count - written, 64, 4096));
    const auto batch =
        generated(policy, plans, static_cast<std::uint64_t>(drawn), block, options, ranges, session);
    for (const Generated& molecule : batch) {
      const std::int64_t number = drawn++;
      if (written == options.count) continue;
      if (!ranges.empty() && !generative::satisfies(molecule.properties, ranges)) {
        ++strangers;
        continue;
      }
      if (!options.repeats && !seen.insert(molecule.smiles).second) {
        ++repeats;
        continue;
      }
      append(table, fmt::format("g{}", number), molecule, options, properties);
      ++written;
    }
    progress->update(written, 0);
  }
  progress->finish();
  table.publish();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  session.terminal().note(
      fmt::format("generated {} molecules from {} drawn in {:.1f} s ({:.0f} a second); {} repeats{}", written,
                  drawn, seconds, static_cast<double>(drawn) / seconds, repeats,
                  ranges.empty() ? "" : fmt::format(", {} outside the ranges", strangers)));
  session.terminal().note(fmt::format("wrote     {}", options.out));
  if (written < options.count && !session.stop().stop_requested())
    session.terminal().warn("short", fmt::format("only {} of {} molecules: {} draws gave no more", written,
                                                 options.count, drawn));
  return session.exit_code({options.count, options.count - written});
}

}  // namespace

Command generate_command() {
  Command command;
  command.name = "generate";
  command.group = "Ideas";
  command.summary =
      "new molecules from the trained generator: free, within property ranges, from a scaffold, as linkers";
  command.examples = {"theriac generate -n 10000 -o molecules.csv",
                      "theriac generate -n 500 --mw 250:350 --clogp :3 --qed 0.7: -o leads.csv",
                      "theriac generate -n 200 --scaffold '[*:1]c1ccc(cc1)C(=O)N[*:2]' -o series.csv",
                      "theriac generate --model my-generator/generator.safetensors -n 200 --link "
                      "'[*]c1ccncc1' '[*]N1CCOCC1' --max_linker 6 -o "
                      "linked.csv"};
  command.declare = [](CLI::App& app, Session& session) -> std::function<int()> {
    auto o = std::make_shared<GenerateOptions>();
    const char* group = "Generation";
    app.add_option("-n,--count", o->count, "molecules wanted")
        ->check(CLI::Range(1, 1000000000))
        ->type_name("N")
        ->capture_default_str()
        ->group(group);
    app.add_option("-o,--out", o->out, "CSV file")->type_name("FILE")->required()->group(group);
    app.add_option("--model", o->model,
                   "the generator that ships, or weights that theriac train generator wrote")
        ->type_name("NAME|FILE")
        ->capture_default_str()
        ->group(group);
    app.add_option("--temperature", o->temperature, "above 1: more varied, below: more typical")
        ->check(CLI::Range(0.05, 10.0))
        ->type_name("X")
        ->capture_default_str()
        ->group(group);
    const auto whole = [&app](const char* name, int& value, const char* text, const char* heading) {
      app.add_option(name, value, text)
          ->check(CLI::Range(0, generative::max_graph_atoms))
          ->type_name("N")
          ->capture_default_str()
          ->group(heading);
    };
    auto& r = o->request;
    whole("--min_atoms", r.min_atoms, "heavy atoms, at least", group);
    whole("--max_atoms", r.max_atoms, "heavy atoms, at most; 0: as in the training data", group);
    app.add_option("--stereo", o->stereo, "write up to N stereoisomers of each molecule; 0: flat")
        ->check(CLI::Range(0, 1024))
        ->type_name("N")
        ->capture_default_str()
        ->group(group);
    const char* pieces = "From given pieces";
    app.add_option("--scaffold", r.scaffold, "grow this at its attachment points: [*:1]c1ccc([*:2])cc1")
        ->type_name("SMILES")
        ->group(pieces);
    app.add_option("--optional", r.optional_points, "numbers of attachment points that may stay hydrogen")
        ->type_name("N")
        ->group(pieces);
    app.add_option("--link", r.warheads,
                   "join these, each with one attachment point: '[*]c1ccncc1' '[*]N1CCOCC1'")
        ->type_name("SMILES")
        ->expected(2, 4)
        ->group(pieces);
    whole("--min_linker", r.min_linker, "atoms on the shortest way between two linked pieces, at least",
          pieces);
    whole("--max_linker", r.max_linker, "the same, at most; 0: no limit", pieces);
    app.add_flag("--repeats", o->repeats, "keep molecules that come more than once")->group(group);
    app.add_flag("--properties", o->properties, "columns of mw, clogp, tpsa, hbd, rotb, qed and sa")
        ->group(group);
    for (const auto& property : generative::condition_properties())
      app.add_option("--" + property.name, o->ranges[property.name],
                     fmt::format("range of {}{}: low:high, an end may be left out", property.name,
                                 property.unit.empty() ? "" : " (" + property.unit + ")"))
          ->type_name("LOW:HIGH")
          ->group("Property ranges");
    add_run_options(app, session);
    add_output_options(app, session);
    return [o, &session] { return generate(*o, session); };
  };
  return command;
}

}  // namespace theriac::cli
