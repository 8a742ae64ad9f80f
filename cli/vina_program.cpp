#include "cli/vina_program.hpp"

#include <fmt/format.h>

#include <charconv>
#include <sstream>

#include "chem/error.hpp"
#include "chem/pdbqt.hpp"
#include "chem/text_file.hpp"

namespace theriac::cli {
namespace {

/// The first number behind `label` in `text`; label and number may have blanks and a colon between them.
double number_after(const std::string& text, const std::string& label) {
  auto at = text.find(label);
  if (at == std::string::npos)
    throw InputError(fmt::format("vina did not print '{}'", label), "is this AutoDock Vina 1.2?");
  at = text.find_first_not_of(" \t:", at + label.size());
  double value = 0;
  const char* first = text.data() + std::min(at, text.size());
  const auto [end, error] = std::from_chars(first, text.data() + text.size(), value);
  if (error != std::errc() || end == first)
    throw InputError(fmt::format("vina printed no number behind '{}'", label));
  return value;
}

/// What a failed program said, on one line.
std::string last_words(const std::string& output) {
  std::istringstream lines(output);
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    const std::string words(chem::trimmed(line));
    if (!words.empty()) text += (text.empty() ? "" : " | ") + words;
  }
  constexpr std::size_t longest = 300;
  return text.size() > longest ? "..." + text.substr(text.size() - longest) : text;
}

ChildResult run_or_throw(const std::vector<std::string>& words) {
  ChildResult result = run_child(words);
  if (result.exit_code != 0)
    throw InputError(fmt::format("vina ended with {}: {}", result.exit_code, last_words(result.output)));
  return result;
}

}  // namespace

VinaProgram::VinaProgram(const std::string& program) : path_(find_program(program)) {
  if (path_.empty())
    throw InputError(fmt::format("no program '{}' to compare with", program), "apt install autodock-vina");
  const std::string text = run_or_throw({path_, "--version"}).output;
  const auto at = text.find_first_of("0123456789");
  version_ = at == std::string::npos ? "unknown" : text.substr(at, text.find_first_of(" \r\n", at) - at);
}

VinaDocking VinaProgram::dock(const std::string& receptor, const std::string& ligand, const chem::Box& box,
                              const VinaOptions& options, const std::string& out) const {
  std::vector<std::string> words = {path_, "--receptor", receptor, "--ligand", ligand, "--out", out};
  const auto add = [&](const std::string& flag, const auto& value) {
    words.push_back(flag);
    words.push_back(fmt::format("{}", value));
  };
  add("--center_x", box.center.x);
  add("--center_y", box.center.y);
  add("--center_z", box.center.z);
  add("--size_x", box.size.x);
  add("--size_y", box.size.y);
  add("--size_z", box.size.z);
  add("--exhaustiveness", options.exhaustiveness);
  add("--num_modes", options.num_modes);
  add("--cpu", options.cpu);
  add("--seed", options.seed);
  add("--verbosity", 0);
  const ChildResult run = run_or_throw(words);
  VinaDocking docking;
  docking.wall_seconds = run.wall_seconds;
  docking.cpu_seconds = run.cpu_seconds;
  docking.poses = read_vina_poses(chem::read_text_file(out), out);
  return docking;
}

VinaScore VinaProgram::score(const std::string& receptor, const std::string& ligand) const {
  return read_vina_score(
      run_or_throw({path_, "--receptor", receptor, "--ligand", ligand, "--score_only", "--autobox"}).output);
}

std::vector<VinaPose> read_vina_poses(const std::string& text, const std::string& source) {
  const std::string result = "REMARK VINA RESULT";
  std::vector<VinaPose> poses;
  std::size_t at = 0;
  for (const auto& model : chem::read_pdbqt_ligands(text, source)) {
    at = text.find(result, at);
    if (at == std::string::npos)
      throw MoleculeError(fmt::format("a pose without '{}' in {}", result, source));
    VinaPose pose;
    pose.affinity = number_after(text.substr(at, 80), result);
    for (const auto& atom : model.atoms) pose.coordinates.push_back(atom.position);
    poses.push_back(std::move(pose));
    at += result.size();
  }
  return poses;
}

VinaScore read_vina_score(const std::string& text) {
  return {number_after(text, "Estimated Free Energy of Binding"),
          number_after(text, "Final Intermolecular Energy")};
}

}  // namespace theriac::cli
