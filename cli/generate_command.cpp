// theriac generate: new molecules from the trained generator.
#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <chrono>
#include <filesystem>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_set>

#include "chem/error.hpp"
#include "chem/record_reader.hpp"
#include "chem/stereo.hpp"
#include "cli/command.hpp"
#include "cli/device_option.hpp"
#include "cli/model_choice.hpp"
#include "cli/molecule_source.hpp"
#include "cli/result_object.hpp"
#include "cli/session.hpp"
#include "datasets/results_table.hpp"
#include "generative/decoded_molecule.hpp"
#include "generative/generation_request.hpp"
#include "generative/graph_policy.hpp"
#include "generative/molecule_edit.hpp"
#include "generative/policy_conditions.hpp"

namespace theriac::cli {
namespace {

using datasets::Cell;
using datasets::Column;
using datasets::ColumnType;

struct GenerateOptions {
  std::string model = "default", device = "cpu", out;
  std::int64_t count = 1000;
  double temperature = 1;
  bool repeats = false, properties = false, random_policy = false;
  int stereo = 0;
  generative::GenerationRequest request;
  std::string optimise;  ///< a molecule or its file
  generative::EditOptions edit;
  std::map<std::string, std::string> ranges;
};

struct Generated {
  std::string smiles;
  double log_likelihood = 0;
  std::vector<double> properties;
  std::optional<generative::EditedMolecule> edited;
};

/// What grows: one of the two, or neither.
struct Task {
  std::optional<generative::CheckedRequest> request;
  std::optional<generative::MoleculeEdits> edits;
  generative::PlanSource plans;
};

/// Molecules that were drawn and not written.
struct Dropped {
  std::int64_t repeats = 0, outside_ranges = 0, outside_similarity = 0;
};

std::vector<generative::PropertyRange> property_ranges(const GenerateOptions& options) {
  std::vector<generative::PropertyRange> out;
  for (const auto& [property, text] : options.ranges)
    if (!text.empty()) out.push_back(generative::property_range(property, text));
  return out;
}

/// The one molecule of a file, or the SMILES itself.
std::string molecule_to_edit(const std::string& text) {
  if (!std::filesystem::is_regular_file(text)) return text;
  chem::RecordReader reader({text});
  const auto record = reader.next();
  if (!record->molecule) throw InputError(record->message);
  if (reader.next_raw())
    throw UsageError(fmt::format("'{}' holds more than one molecule", text), "--optimise starts from one");
  return record->molecule->smiles();
}

void make_task(Task& task, const GenerateOptions& options, const generative::ActionVocabulary& vocabulary,
               std::uint64_t seed) {
  const auto& r = options.request;
  if (!options.optimise.empty()) {
    generative::EditOptions edit = options.edit;
    edit.min_atoms = r.min_atoms;
    edit.max_atoms = r.max_atoms;
    task.edits.emplace(vocabulary, molecule_to_edit(options.optimise), edit);
    task.plans = task.edits->plans(seed);
    return;
  }
  task.request.emplace(vocabulary, r);
  task.plans = [&request = *task.request, seed](std::uint64_t number) {
    chem::CounterRandom random(seed, "", "request plan", number);
    return request.plan(random);
  };
}

/// The lightest molecule that can come is within the range of weights.
void check_weight(const Task& task, const GenerateOptions& options,
                  const std::vector<generative::PropertyRange>& ranges) {
  constexpr double lightest_atom = 10.8;  // boron, Da
  const int atoms = std::max(options.request.min_atoms, task.request ? task.request->given_atoms() : 0);
  for (const auto& range : ranges)
    if (range.property == "mw" && lightest_atom * atoms > range.high)
      throw UsageError(fmt::format("{} heavy atoms weigh more than {} Da", atoms, range.high),
                       "widen --mw, or ask for fewer atoms");
}

/// Of the ways to ask for pieces, one at most.
void check_modes(const GenerateOptions& o) {
  std::vector<std::string> given;
  if (!o.request.scaffold.empty()) given.emplace_back("--scaffold");
  if (!o.request.warheads.empty()) given.emplace_back("--link");
  if (!o.optimise.empty()) given.emplace_back("--optimise");
  if (given.size() > 1)
    throw UsageError(fmt::format("{} exclude each other", fmt::join(given, " and ")), "give one of them");
}

/// What is asked for, in words.
std::string mode_of(const GenerateOptions& options, const Task& task) {
  const auto& request = options.request;
  if (task.edits)
    return fmt::format("optimise  {}, {} ways to cut", task.edits->molecule().smiles(),
                       task.edits->ways_to_cut());
  if (!request.scaffold.empty()) return "grow      " + request.scaffold;
  if (!request.warheads.empty()) return fmt::format("link      {}", fmt::join(request.warheads, " and "));
  return {};
}

/// Molecules `first` .. of the stream, with SMILES and, where needed, properties.
std::vector<Generated> generated(const generative::ActionVocabulary& vocabulary, const MoleculeSource& source,
                                 const Task& task, std::uint64_t first, std::size_t count,
                                 const GenerateOptions& options,
                                 const std::vector<generative::PropertyRange>& ranges, Session& session) {
  generative::SamplingOptions sampling;
  sampling.seed = session.seed();
  sampling.temperature = options.temperature;
  if (!ranges.empty())
    for (std::size_t i = 0; i < count; ++i) {
      chem::CounterRandom random(session.seed(), "", "wished bins", first + i);
      sampling.conditions.push_back(generative::wished_bins(ranges, random));
    }
  const auto molecules = source.sample(task.plans, first, count, sampling, session.stop());
  std::vector<Generated> out(molecules.size());
  tbb::parallel_for(std::size_t{0}, molecules.size(), [&](std::size_t i) {
    const auto& [state, actions, log_likelihood] = molecules[i];
    if (task.edits) {
      out[i].edited = task.edits->edited(task.plans(first + i), state, actions);
      out[i].smiles = out[i].edited->molecule.smiles();
    } else {
      out[i].smiles = generative::settled_smiles(vocabulary, state);
    }
    out[i].log_likelihood = options.random_policy ? std::numeric_limits<double>::quiet_NaN() : log_likelihood;
    if (options.properties || !ranges.empty())
      out[i].properties = generative::condition_values(chem::Molecule::from_smiles(out[i].smiles));
  });
  return out;
}

std::vector<Column> columns(bool edits, bool properties) {
  std::vector<Column> out = {
      {"name", ColumnType::text, "", "number of the molecule in the stream of this seed", -1, {}},
      {"smiles", ColumnType::text, "", "canonical SMILES; what grew has no stereochemistry", -1, {}},
      {"log_likelihood",
       ColumnType::float64,
       "nat",
       "of the string of actions that made it; empty with --random-policy",
       3,
       {}}};
  if (edits) {
    out.push_back(
        {"similarity", ColumnType::float64, "", "Tanimoto to the molecule given, Morgan radius 2", 3, {}});
    out.push_back({"kept_atoms", ColumnType::int64, "", "heavy atoms of it that are still there", -1, {}});
    out.push_back({"replaced", ColumnType::text, "", "what was cut away, with attachment points", -1, {}});
    out.push_back({"replacement", ColumnType::text, "", "what grew, at the same attachment points", -1, {}});
  }
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
    if (const auto& e = molecule.edited)
      row.insert(row.end(), {e->similarity, std::int64_t{e->kept_atoms}, e->replaced, e->replacement});
    if (properties)
      for (const double value : molecule.properties) row.emplace_back(value);
    table.append(row);
  }
}

/// The count that this molecule belongs to when it is not wanted.
std::int64_t* reason_to_drop(const Generated& molecule, const Task& task,
                             const std::vector<generative::PropertyRange>& ranges, Dropped& dropped) {
  if (task.edits && !task.edits->accepts(*molecule.edited)) return &dropped.outside_similarity;
  if (!ranges.empty() && !generative::satisfies(molecule.properties, ranges)) return &dropped.outside_ranges;
  return nullptr;
}

std::string dropped_text(const Dropped& dropped, bool edits, bool ranges) {
  std::string text = fmt::format("{} repeats", dropped.repeats);
  if (ranges) text += fmt::format(", {} outside the ranges", dropped.outside_ranges);
  if (edits) text += fmt::format(", {} outside the bounds of similarity", dropped.outside_similarity);
  return text;
}

int generate(const GenerateOptions& options, Session& session) {
  check_modes(options);
  const auto ranges = property_ranges(options);
  const bool properties = options.properties || !ranges.empty();
  const auto generator = generator_of(options.model, options.device);
  const auto& policy = *generator;
  const auto source = options.random_policy ? random_source() : network_source(policy);
  Task task;
  make_task(task, options, policy.vocabulary(), session.seed());
  check_weight(task, options, ranges);
  if (const std::string mode = mode_of(options, task); !mode.empty()) session.terminal().note(mode);
  if (!session.options.overwrite && std::filesystem::exists(options.out))
    throw UsageError(fmt::format("'{}' exists", options.out), "use --overwrite or another -o");
  if (session.options.dry_run) {
    session.terminal().note(fmt::format("plan      {} molecules of {} would go to {}", options.count,
                                        options.random_policy ? "the random policy" : options.model,
                                        options.out));
    return exit_done;
  }
  datasets::CsvTable table(options.out, columns(task.edits.has_value(), properties));
  std::unordered_set<std::string> seen;
  const auto started = std::chrono::steady_clock::now();
  std::int64_t written = 0, drawn = 0;
  Dropped dropped;
  constexpr std::int64_t attempts_each = 20;
  auto progress = session.progress({"generate", "mol", options.count, 0, 0, 0, ""});
  while (written < options.count && drawn < attempts_each * options.count &&
         !session.stop().stop_requested()) {
    const auto block = static_cast<std::size_t>(std::clamp<std::int64_t>(options.count - written, 64, 4096));
    const auto batch = generated(policy.vocabulary(), *source, task, static_cast<std::uint64_t>(drawn), block,
                                 options, ranges, session);
    for (const Generated& molecule : batch) {
      const std::int64_t number = drawn++;
      if (written == options.count) continue;
      if (const auto reason = reason_to_drop(molecule, task, ranges, dropped)) {
        ++*reason;
        continue;
      }
      if (!options.repeats && !seen.insert(molecule.smiles).second) {
        ++dropped.repeats;
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
  session.terminal().note(fmt::format(
      "generated {} molecules from {} drawn in {:.1f} s ({:.0f} a second); {}", written, drawn, seconds,
      static_cast<double>(drawn) / seconds, dropped_text(dropped, task.edits.has_value(), !ranges.empty())));
  session.terminal().note(fmt::format("wrote     {}", options.out));
  if (written < options.count && !session.stop().stop_requested())
    session.terminal().warn("short", fmt::format("only {} of {} molecules: {} draws gave no more", written,
                                                 options.count, drawn));
  const int code = session.exit_code(
      {options.count, options.count - written},
      fmt::format("'{}' holds the first {} molecules; --overwrite starts over", options.out, written));
  return print_result(session, "generate",
                      {{"molecules", written},
                       {"drawn", drawn},
                       {"repeats", dropped.repeats},
                       {"outside_ranges", dropped.outside_ranges},
                       {"outside_similarity", dropped.outside_similarity},
                       {"model", options.random_policy ? "random policy" : options.model},
                       {"device", policy.device().empty() ? "cpu" : policy.device()},
                       {"seed", session.seed()},
                       {"seconds", seconds},
                       {"out", options.out}},
                      code);
}

void declare_edit(CLI::App& app, GenerateOptions& o) {
  const char* group = "From a molecule";
  auto* optimise = app.add_option("--optimise", o.optimise,
                                  "cut this molecule and grow a part of it anew: analogues and scaffold hops")
                       ->type_name("SMILES|FILE")
                       ->group(group);
  const auto similarity = [&](const char* name, double& value, const char* text) {
    app.add_option(name, value, text)
        ->check(CLI::Range(0.0, 1.0))
        ->type_name("X")
        ->capture_default_str()
        ->needs(optimise)
        ->group(group);
  };
  similarity("--min_similarity", o.edit.min_similarity,
             "Tanimoto similarity to it, at least (Morgan, radius 2)");
  similarity("--max_similarity", o.edit.max_similarity, "the same, at most; the molecule itself never comes");
  app.add_option("--max_cut", o.edit.max_cut, "heavy atoms removed, at most")
      ->check(CLI::Range(1, generative::max_graph_atoms))
      ->type_name("N")
      ->capture_default_str()
      ->needs(optimise)
      ->group(group);
  app.add_option("--keep", o.edit.keep, "atoms that this pattern matches are never removed")
      ->type_name("SMARTS")
      ->needs(optimise)
      ->group(group);
}

}  // namespace

Command generate_command() {
  Command command;
  command.name = "generate";
  command.group = "Ideas";
  command.summary =
      "new molecules from the trained generator: free, within property ranges, from a scaffold, as linkers, "
      "as analogues of a molecule";
  command.examples = {"theriac generate -n 10000 -o molecules.csv",
                      "theriac generate -n 500 --mw 250:350 --clogp :3 --qed 0.7: -o leads.csv",
                      "theriac generate -n 200 --scaffold '[*:1]c1ccc(cc1)C(=O)N[*:2]' -o series.csv",
                      "theriac generate --model my-generator/generator.safetensors -n 200 --link "
                      "'[*]c1ccncc1' '[*]N1CCOCC1' --max_linker 6 -o linked.csv",
                      "theriac generate -n 200 --optimise 'CC(=O)Nc1ccc(O)cc1' --keep c1ccccc1 "
                      "--min_similarity 0.5 -o analogues.csv"};
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
    auto* temperature =
        app.add_option("--temperature", o->temperature, "above 1: more varied, below: more typical");
    auto* device = add_device_option(app, o->device, "of the network")->group(group);
    app.add_flag("--random-policy", o->random_policy,
                 "the model's units, but legal actions at random: what any network should beat")
        ->excludes(temperature)
        ->excludes(device)
        ->group(group);
    temperature->check(CLI::Range(0.05, 10.0))->type_name("X")->capture_default_str()->group(group);
    const auto whole = [&app](const char* name, int& value, const char* text, const char* heading) {
      app.add_option(name, value, text)
          ->check(CLI::Range(0, generative::max_graph_atoms))
          ->type_name("N")
          ->capture_default_str()
          ->group(heading);
    };
    auto& r = o->request;
    whole("--min_atoms", r.min_atoms, "heavy atoms, at least", group);
    whole("--max_atoms", r.max_atoms,
          "heavy atoms, at most; 0: as in the training data, or as the pieces given need", group);
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
    declare_edit(app, *o);
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
