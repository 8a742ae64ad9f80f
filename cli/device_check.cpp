#include "cli/device_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "chem/binding_box.hpp"
#include "chem/conformer.hpp"
#include "chem/data_file.hpp"
#include "chem/error.hpp"
#include "chem/receptor_preparation.hpp"
#include "chem/torsion_tree.hpp"
#include "cli/bench_conditions.hpp"
#include "cli/model_choice.hpp"
#include "generative/graph_policy.hpp"
#include "generative/policy_learner.hpp"
#include "scoring/device_network.hpp"
#include "scoring/docking.hpp"
#include "scoring/endpoint_set.hpp"
#include "scoring/energy_agreement.hpp"
#include "scoring/protein_device.hpp"
#include "scoring/protein_language_model.hpp"

namespace theriac::cli {
namespace {

constexpr std::size_t docked_molecules = 12, predicted_molecules = 256, generated_molecules = 512;
constexpr std::ptrdiff_t learned_strings = 128;
constexpr double gpu_tolerance = 1e-5;       // beside LibTorch on the processor
constexpr double libtorch_tolerance = 1e-4;  // of LibTorch beside Theriac's own kernels
constexpr double score_tolerance = 0.1;      // kcal/mol, median: two seeds differ by 0.03

std::vector<chem::Molecule> starters(std::size_t count) {
  std::vector<chem::Molecule> out;
  std::ifstream file(chem::data_file("starter/starter_molecules.smi"));
  for (std::string line; out.size() < count && std::getline(file, line);)
    if (!line.empty() && line[0] != '#')
      out.push_back(chem::Molecule::from_smiles(line.substr(0, line.find_first_of(" \t"))));
  return out;
}

/// Wall time of the second of two runs.
template <typename Work>
double warm_seconds(const Work& work) {
  work();
  const Stopwatch watch;
  work();
  return watch.wall_seconds();
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Of numbers beside 1 or themselves. NaN where one of them is none.
double greatest_deviation(const std::vector<double>& found, const std::vector<double>& expected) {
  double most = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double off = std::abs(found[i] - expected[i]) / std::max(1.0, std::abs(expected[i]));
    if (std::isnan(off) != (std::isnan(found[i]) && std::isnan(expected[i])) || off > most) most = off;
  }
  return most;
}

DeviceFinding energies(const std::string& device, const chem::Receptor& receptor, const chem::Box& box,
                       const chem::FlexibleLigand& ligand) {
  const auto found = scoring::energy_agreement(scoring::opencl_device(device), receptor, box, ligand);
  DeviceFinding out{"docking: energies", "", found.within_tolerance()};
  out.result = found.same_bytes
                   ? fmt::format("{} random poses: the same bytes", found.poses)
                   : fmt::format(
                         "{} random poses: energies differ by {:.1e} at most, gradients by {:.1e} "
                         "({:.0e} stated)",
                         found.poses, found.energy, found.gradient, scoring::stated_energy_deviation);
  return out;
}

bool same_poses(const scoring::DockedLigand& a, const scoring::DockedLigand& b) {
  const auto same = [](const scoring::Pose& x, const scoring::Pose& y) {
    return x.affinity == y.affinity &&
           std::equal(x.coordinates.begin(), x.coordinates.end(), y.coordinates.begin(), y.coordinates.end(),
                      [](const chem::Vector3& p, const chem::Vector3& q) {
                        return p.x == q.x && p.y == q.y && p.z == q.z;
                      });
  };
  return std::equal(a.poses.begin(), a.poses.end(), b.poses.begin(), b.poses.end(), same);
}

DeviceFinding searches(const std::string& device, const chem::Receptor& receptor, const chem::Box& box,
                       const std::vector<chem::FlexibleLigand>& ligands) {
  scoring::DockingOptions options;
  options.exhaustiveness = 4;
  std::string failure;
  options.on_device_failure = [&](const std::string& what) { failure = what; };
  const scoring::DockingEngine here(receptor, box, options);
  options.device = device;
  const scoring::DockingEngine there(receptor, box, options);
  std::vector<scoring::DockedLigand> expected, found;
  DeviceFinding out{"docking: searches", "", false};
  out.seconds_here = warm_seconds([&] { expected = here.dock(ligands); });
  out.seconds_there = warm_seconds([&] { found = there.dock(ligands); });
  if (!failure.empty()) throw DeviceError(failure, "--device cpu docks without it");
  std::vector<double> off;
  std::size_t same = 0;
  for (std::size_t i = 0; i < ligands.size(); ++i) {
    if (expected[i].poses.empty() || found[i].poses.empty())
      throw DeviceError(
          fmt::format("molecule {} has no pose: {}{}", i + 1, expected[i].message, found[i].message));
    same += same_poses(found[i], expected[i]);
    off.push_back(std::abs(found[i].poses[0].affinity - expected[i].poses[0].affinity));
  }
  out.good = same == ligands.size() || median(off) <= score_tolerance;
  out.result = same == ligands.size()
                   ? fmt::format("{} molecules: the same bytes", same)
                   : fmt::format(
                         "{} molecules, {} with the same bytes: best scores differ by {:.3f} kcal/mol "
                         "in the median, {:.3f} at most ({} stated for the median)",
                         ligands.size(), same, median(off), *std::max_element(off.begin(), off.end()),
                         score_tolerance);
  return out;
}

std::vector<DeviceFinding> check_docking(const std::string& device) {
  scoring::opencl_device(device);  // before anything is prepared
  const auto box = chem::box_from_ligand_file(chem::data_file("examples/2xnb_ligand.sdf"));
  chem::PreparationOptions preparation;
  preparation.site = box;
  const auto receptor =
      chem::read_receptor(chem::data_file("examples/2xnb_receptor.pdb"), preparation).receptor;
  std::vector<chem::FlexibleLigand> ligands;
  for (const auto& molecule : starters(docked_molecules))
    ligands.push_back(chem::flexible_ligand(chem::embedded(molecule)));
  return {energies(device, receptor, box, ligands.front()), searches(device, receptor, box, ligands)};
}

/// What a class's probability or a value is before it is shaped for people.
double output_of(const scoring::MessageTask& task, double measured) {
  return task.kind == scoring::TaskKind::classification ? std::log(measured / (1 - measured))
                                                        : task.learned(measured);
}

/// Shipped networks on one device beside the same on another.
class NetworkCheck {
 public:
  explicit NetworkCheck(const std::string& device)
      : own_(device == "libtorch"),
        there_(own_ ? "cpu" : device),
        tolerance_(own_ ? libtorch_tolerance : gpu_tolerance) {}

  std::vector<DeviceFinding> run() const {
    std::vector<DeviceFinding> out = {properties()};
    for (auto& finding : generator()) out.push_back(std::move(finding));
    out.push_back(protein());
    return out;
  }

 private:
  DeviceFinding compared(const std::string& part, const std::string& of, const std::vector<double>& found,
                         const std::vector<double>& expected, double here, double there) const {
    const double most = greatest_deviation(found, expected);
    return {part, fmt::format("{}: differ by {:.1e} at most ({:.0e} stated)", of, most, tolerance_),
            most <= tolerance_, there, here};
  }

  DeviceFinding properties() const {
    const auto set = scoring::EndpointSet::load(model_file("default", "admet"));
    const auto& network = *set.network();
    const auto molecules = starters(predicted_molecules);
    std::vector<double> found, expected;
    const scoring::DeviceNetwork there(network, there_), libtorch(network, "cpu");
    const double there_seconds = warm_seconds([&] { found = there.predict(molecules); });
    const double here_seconds =
        warm_seconds([&] { expected = own_ ? network.predict(molecules) : libtorch.predict(molecules); });
    const auto& tasks = network.tasks();
    for (auto* values : {&found, &expected})
      for (std::size_t i = 0; i < values->size(); ++i)
        (*values)[i] = output_of(tasks[i % tasks.size()], (*values)[i]);
    return compared("properties", fmt::format("{} outputs for {} molecules", tasks.size(), molecules.size()),
                    found, expected, here_seconds, there_seconds);
  }

  std::vector<DeviceFinding> generator() const {
    auto here = generative::GraphPolicy::load(model_file("default", "generator"));
    auto there = here.copy();
    there.compute_on(there_);
    const generative::GenerationPlan plan(here.vocabulary()), plan_there(there.vocabulary());
    std::vector<generative::SampledMolecule> expected, found;
    const double drawn_here = warm_seconds([&] { expected = here.sample(plan, 0, generated_molecules); });
    const double drawn_there =
        warm_seconds([&] { found = there.sample(plan_there, 0, generated_molecules); });
    std::size_t same = 0;
    std::vector<std::vector<generative::Action>> strings;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      same += found[i].actions == expected[i].actions;
      strings.push_back(expected[i].actions);
    }
    const std::size_t others = expected.size() - same;
    DeviceFinding samples{
        "generator: samples",
        fmt::format("{} of {} molecules the same (all but 1 in 100 stated)", same, expected.size()),
        100 * others <= expected.size(), drawn_there, drawn_here};
    if (!own_) here.compute_on("cpu");
    std::vector<double> values_here, values_there;
    const double read_here = warm_seconds([&] { values_here = here.log_likelihoods(plan, strings); });
    const double read_there =
        warm_seconds([&] { values_there = there.log_likelihoods(plan_there, strings); });
    return {samples,
            compared("generator: likelihoods", fmt::format("{} strings", strings.size()), values_there,
                     values_here, read_here, read_there),
            learning(here, there, plan, plan_there, strings)};
  }

  /// Steps of learning, by what they do to the likelihood of other strings.
  DeviceFinding learning(const generative::GraphPolicy& here, const generative::GraphPolicy& there,
                         const generative::GenerationPlan& plan, const generative::GenerationPlan& plan_there,
                         std::vector<std::vector<generative::Action>> strings) const {
    const std::vector<std::vector<generative::Action>> others(strings.begin(), strings.begin() + 64);
    strings.erase(strings.begin(), strings.end() - learned_strings);
    double seconds[2];
    const auto gains = [&](const generative::GraphPolicy& policy, const generative::GenerationPlan& of,
                           double& time) {
      generative::PolicyLearner learner(policy);
      const Stopwatch watch;
      for (int step = 0; step < 3; ++step)
        learner.step(
            of, strings, [&](std::size_t, double) { return -1.0 / static_cast<double>(strings.size()); },
            1e-3);
      time = watch.wall_seconds();
      return learner.policy().log_likelihoods(of, others);
    };
    const auto expected = gains(here, plan, seconds[0]);
    const auto found = gains(there, plan_there, seconds[1]);
    // Adam divides by the size of slopes: what is rounding in a small one is not small in its step
    const double most = greatest_deviation(found, expected), stated = 10 * tolerance_;
    return {
        "generator: learning",
        fmt::format("likelihoods of {} strings after 3 steps on {}: differ by {:.1e} at most ({:.0e} stated)",
                    others.size(), strings.size(), most, stated),
        most <= stated, seconds[1], seconds[0]};
  }

  DeviceFinding protein() const {
    // human ubiquitin, UniProt P62987 1-76
    const std::string ubiquitin =
        "MQIFVKTLTGKTITLEVEPSDTIENVKAKIQDKEGIPPDQQRLIFAGKQLEDGRTLSDYNIQKESTLHLVLRLRGG";
    const std::string file = model_file("default", "protein-lm");
    auto weights = scoring::read_protein_weights(file);
    auto device = scoring::protein_device(weights, there_);
    auto libtorch = own_ ? nullptr : scoring::protein_device(weights, "cpu");
    scoring::ProteinLanguageModel here(scoring::read_protein_weights(file)), there(std::move(weights));
    there.compute_on(std::move(device));
    if (libtorch) here.compute_on(std::move(libtorch));
    std::vector<std::string> sequences;  // its ends cut off more and more
    for (std::size_t cut = 0; cut < 32; ++cut) sequences.push_back(ubiquitin.substr(cut, 76 - cut));
    std::vector<double> found, expected;
    const auto read = [&](const scoring::ProteinLanguageModel& model, std::vector<double>& out) {
      out.clear();
      for (const auto& likelihood : model.log_likelihoods(sequences))
        out.insert(out.end(), likelihood.log_p.begin(), likelihood.log_p.end());
    };
    const double there_seconds = warm_seconds([&] { read(there, found); });
    const double here_seconds = warm_seconds([&] { read(here, expected); });
    return compared("protein model", fmt::format("{} residues", expected.size()), found, expected,
                    here_seconds, there_seconds);
  }

  const bool own_;  ///< LibTorch's processor beside our kernels
  const std::string there_;
  const double tolerance_;
};

}  // namespace

std::vector<DeviceFinding> check_device(const std::string& device) {
  if (device.rfind("opencl:", 0) == 0) return check_docking(device);
  if (device != "libtorch" &&
      (device == "cpu" || device == "auto" || !scoring::names_prediction_device(device)))
    throw UsageError(
        fmt::format("'{}' cannot be checked", device),
        "known: opencl:0, opencl:0:fused, cuda:0 ..., and libtorch, which is LibTorch on the processor; "
        "theriac doctor lists the devices");
  if (device != "libtorch") scoring::prediction_device(device);
  return NetworkCheck(device).run();
}

}  // namespace theriac::cli
