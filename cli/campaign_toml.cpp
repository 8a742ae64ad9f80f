// The campaign file written out: the commented example, and the settings in effect.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "cli/campaign_file.hpp"
#include "generative/proposer_choice.hpp"

namespace theriac::cli {
namespace {

const char* const example =
    R"(# A design campaign: theriac campaign FILE.toml        check it first: theriac campaign --dry-run FILE.toml
# Files named here are looked for beside this file. Every key but [target] and [[objective]] may be left out;
# the values shown are the defaults unless the comment says otherwise.
version  = 1
name     = "abl1-round1"     # of the run; the file's name if left out
out      = "abl1-round1"     # run folder, made in the current folder; same file + same folder = resume
seed     = 1                 # same seed = same molecules, on any number of threads
cpu      = 0                 # threads; 0 = everything this job was granted
# max_time = "11h30m"        # stop cleanly before a batch limit (exit 75); the same command continues

combine   = { method = "geometric_mean" }    # geometric_mean | weighted_sum | pareto
# Once a bucket holds 25 molecules with a total of at least 0.4, its further members are not docked.
diversity = { method = "murcko", bucket = 25, min_score = 0.4 }   # murcko | similarity | none
#             similarity = 0.6 for method "similarity": Tanimoto to the first member of a bucket
stop      = { rounds_without_gain = 8, max_docked = 20000 }       # rounds_without_gain = 0: no such rule
report    = { top = 200 }                    # molecules in the report and in poses.sdf.gz

[target]
name      = "ABL1"           # as objectives call it: "dock:ABL1"; the receptor's file name if left out
receptor  = "1iep.pdb"       # PDB or mmCIF is cleaned and protonated; PDBQT is taken as it is
ph        = 7.4              # of receptor and ligands
# One of: { ligand = "STI", add = 4.0 }     a residue of the receptor file, or a file "lig.sdf"; angstrom on all sides
#         { residues = ["A:315", "A:381"], add = 4.0 }
#         { center = [15.2, 53.9, 16.9], size = [22.0, 22.0, 22.0] }
#         { file = "box.txt" }               a Vina config
#         "pocket"                           the largest pocket, a guess
box       = { ligand = "STI", add = 4.0 }
reference = "STI"            # redocked first; the run stops if it is not found again. Left out: no such check
reference_rmsd = 2.5         # angstrom
off_targets = []             # e.g. [{ name = "KIT", receptor = "1t46.pdb", box = { ligand = "STI" } }]: source "dock:KIT"

[generate]
proposer    = "screened-gfn" # "graph-evolution"      crossover and mutation of molecular graphs, no learning
#                              "screened-evolution"   four of its ideas for each place; what was docked predicts
#                                                     which of them is tried
#                              "genetic-gfn"          the generator learns from what scored well, evolution beside it
#                              "screened-gfn"         four ideas of both for each place, screened likewise
#                              "peptides"             peptides from a protein language model that has read the target's
#                                                     sequence, and evolution; loosen [filter], alerts and sa_max too
# sequence  = "abl1.fasta"   # for "peptides": the target; peptide_length = "4-8", peptide_ring = "none" (or
#                              "head-to-tail", "disulfide"), model: as theriac protein peptides takes it
# model     = "default"      # the generator that the last two start from
# device    = "cpu"          # where it, or the protein language model, computes: cpu, cuda:0, or auto
# start     = "seeds.smi"    # any molecule file; the molecules that ship with Theriac if left out
rounds      = 30             # after the starting set
per_round   = 256            # candidates
population  = 80             # breeders kept
min_heavy_atoms = 8
max_heavy_atoms = 40

[filter]                     # cheap, applied before anything is docked
rules   = "mw <= 550 and clogp <= 5.5 and rotb <= 10 and hbd <= 5"
alerts  = ["pains", "brenk"] # pains, brenk, nih
sa_max  = 4.5                # synthetic accessibility, 1 easy to 10 hard
forbid  = []                 # SMARTS, e.g. ["[N+](=O)[O-]"]
require = []                 # SMARTS, e.g. a scaffold that every molecule keeps

# What is wanted. Each objective gives 0 (at the reject limit and beyond) to 1 (as wanted), smooth between; all are combined.
# Sources: dock, dock:NAME (kcal/mol), qed, sa, mw, clogp, tpsa, hbd, hba, rotb, fsp3 and the other cheap scores, and
# predict:NAME for a trained endpoint: predict:herg, predict:solubility_aqsoldb ... (theriac predict --list shows all).
[[objective]]
name   = "docking"
source = "dock"
weight = 2.0                 # 1.0 if left out
want   = { below = -10.0, reject_above = -7.0 }

[[objective]]
name   = "qed"
source = "qed"
want   = { above = 0.7, reject_below = 0.3 }

[[objective]]
name   = "clogp"
source = "clogp"
want   = { above = 1.0, reject_below = -1.0, below = 3.5, reject_above = 5.5 }

# Stages, if there are any, run one after the other with objectives of their own, cheap ones first. The best of
# a stage start the next, where their worth is found anew; the rank in the results is that of the last stage.
# Keys that are left out are those of the campaign. Without [[stage]] the campaign is one stage with all objectives.
# [[stage]]
# name       = "drug-like"   # for results and report
# objectives = ["qed", "clogp"]      # those that count here; left out: all (without docking: all that need none)
# docking    = false         # nothing is docked; left out: docked if an objective reads a docking score
# filter     = { sa_max = 4.0 }      # any keys of [filter]
# per_round  = 512
# rounds     = 20            # at most
# min_rounds = 5             # before the next two rules may end the stage; 0 if left out
# rounds_without_gain = 4
# until      = 0.9           # mean total of the ten best of the stage; 0 = no such rule
# carry      = 100           # its best that start the next stage
# [[stage]]
# name       = "docking"
# max_docked = 2000          # in this stage; 0 = only the limit of [stop]

[predict]                    # for objectives that read predict:NAME
model          = "default"   # trained endpoints: those that ship, or the file of theriac train properties
outside_domain = "ignore"    # molecules unlike all that an endpoint was trained on: keep the number, ignore that
                             # objective for them, or reject them
device         = "cpu"       # of the network behind them: cpu, cuda:0, or auto: cuda:0 where LibTorch has it

[docking]
preset       = "fast"        # fast | balanced | thorough in the loop; or exhaustiveness = 4.0
scoring      = "vina"        # vina | vinardo
num_modes    = 1
top_fraction = 0.25          # only the best quarter of each round by cheap scores is docked
final        = "thorough"    # the best are docked again: none | balanced | thorough
final_top    = 20
final_rank_by = "probability"  # which pose of the final docking counts: probability (the learned pose scorer;
                             # the table has that number), energy (the default with vinardo), or cnn (gnina's networks)
# cnn        = "fast"        # with final_rank_by = "cnn": as --cnn of theriac dock; a file is looked for beside this one
)";

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const auto& text : texts) out += (out.size() > 1 ? ", " : "") + quoted(text);
  return out + "]";
}

bool names_a_file(const std::string& text) {
  return text.find_first_of("./") != std::string::npos;
}

/// A file as seen from a folder; residue names stay as they are.
std::string seen_from(const std::string& folder, const std::string& path) {
  if (path.empty() || !names_a_file(path)) return quoted(path);
  namespace fs = std::filesystem;
  const fs::path near =
      fs::absolute(path).lexically_normal().lexically_relative(fs::absolute(folder).lexically_normal());
  return quoted(near.empty() ? path : near.string());
}

std::string model_seen_from(const std::string& folder, const std::string& model) {
  return names_a_model_file(model) ? seen_from(folder, model) : quoted(model);
}

std::string box_text(const BoxChoice& box, const std::string& folder) {
  if (box.pocket) return "\"pocket\"";
  if (!box.file.empty()) return fmt::format("{{ file = {} }}", seen_from(folder, box.file));
  if (!box.center.empty())
    return fmt::format("{{ center = [{}], size = [{}] }}", fmt::join(box.center, ", "),
                       fmt::join(box.size, ", "));
  if (!box.residues.empty()) return fmt::format("{{ residues = {}, add = {} }}", list(box.residues), box.add);
  return fmt::format("{{ ligand = {}, add = {} }}", seen_from(folder, box.ligand), box.add);
}

std::string stage_text(const generative::StageSettings& stage, bool last) {
  const auto& f = stage.filter;
  std::string out = fmt::format(
      "\n[[stage]]\nname = {}\nobjectives = {}\ndocking = {}\n"
      "filter = {{ rules = {}, alerts = {}, sa_max = {}, forbid = {}, require = {} }}\n"
      "per_round = {}\nrounds = {}\nmin_rounds = {}\nrounds_without_gain = {}\nuntil = {}\n",
      quoted(stage.name), list(stage.objectives), stage.docking, quoted(f.rules), list(f.alerts), f.sa_max,
      list(f.forbid), list(f.require), stage.per_round, stage.rounds, stage.min_rounds,
      stage.rounds_without_gain, stage.until);
  if (stage.docking) out += fmt::format("max_docked = {}\n", stage.max_docked);
  if (!last) out += fmt::format("carry = {}\n", stage.carry);
  return out;
}

}  // namespace

bool names_a_model_file(const std::string& text) {
  const std::string extension = std::filesystem::path(text).extension().string();
  return text.find('/') != std::string::npos || extension == ".safetensors" || extension == ".pt";
}

std::string campaign_file_example() {
  return example;
}

std::string campaign_toml(const CampaignFile& file, const std::string& folder) {
  const auto& s = file.settings;
  const char* methods[] = {"none", "murcko", "similarity"};
  std::string out = fmt::format(
      "# the settings in effect; theriac campaign run.toml repeats this run\nversion = 1\nname = {}\nseed = "
      "{}\n"
      "combine = {{ method = {} }}\n"
      "diversity = {{ method = {}, bucket = {}, min_score = {}, similarity = {} }}\n"
      "stop = {{ rounds_without_gain = {}, max_docked = {} }}\nreport = {{ top = {} }}\n",
      quoted(s.name), s.seed, quoted(scoring::name(s.combine)),
      quoted(methods[static_cast<int>(s.diversity.method)]), s.diversity.bucket, s.diversity.min_score,
      s.diversity.similarity, s.stop.rounds_without_gain, s.stop.max_docked, s.top);
  const TargetChoice& target = file.targets.front();
  out += fmt::format("\n[target]\nname = {}\nreceptor = {}\nph = {}\nbox = {}\n", quoted(target.name),
                     seen_from(folder, target.receptor), s.docking.ph, box_text(target.box, folder));
  if (!target.reference.empty())
    out += fmt::format("reference = {}\nreference_rmsd = {}\n", seen_from(folder, target.reference),
                       s.reference_rmsd);
  if (file.targets.size() > 1) {
    out += "off_targets = [";
    for (std::size_t i = 1; i < file.targets.size(); ++i)
      out += fmt::format("{}{{ name = {}, receptor = {}, box = {} }}", i > 1 ? ", " : "",
                         quoted(file.targets[i].name), seen_from(folder, file.targets[i].receptor),
                         box_text(file.targets[i].box, folder));
    out += "]\n";
  }
  out += "\n[generate]\n";
  if (!file.start.empty()) out += fmt::format("start = {}\n", seen_from(folder, file.start));
  const auto& limits = s.evolution.plausibility;
  out += fmt::format("proposer = {}\n", quoted(s.proposer));
  if (generative::proposer_kind(s.proposer).of_peptides)
    out += fmt::format("model = {}\nsequence = {}\npeptide_length = {}\npeptide_ring = {}\n",
                       model_seen_from(folder, s.model), seen_from(folder, s.peptide_target),
                       quoted(s.peptide_length), quoted(s.peptide_ring));
  if (generative::proposer_kind(s.proposer).learned)
    out += fmt::format("model = {}\n", model_seen_from(folder, s.model));
  if (s.device != "cpu" &&
      (generative::proposer_kind(s.proposer).learned || generative::proposer_kind(s.proposer).of_peptides))
    out += fmt::format("device = {}\n", quoted(s.device));
  out += fmt::format(
      "rounds = {}\nper_round = {}\npopulation = {}\nmin_heavy_atoms = {}\nmax_heavy_atoms = {}\n",
      s.stop.rounds, s.per_round, s.evolution.population, limits.min_heavy_atoms, limits.max_heavy_atoms);
  out += fmt::format("\n[filter]\nrules = {}\nalerts = {}\nsa_max = {}\nforbid = {}\nrequire = {}\n",
                     quoted(s.filter.rules), list(s.filter.alerts), s.filter.sa_max, list(s.filter.forbid),
                     list(s.filter.require));
  if (!generative::predicted_endpoints(s).empty()) {
    const char* outside[] = {"keep", "ignore", "reject"};
    out += fmt::format("\n[predict]\nmodel = {}\noutside_domain = {}\ndevice = {}\n",
                       model_seen_from(folder, s.prediction.model),
                       quoted(outside[static_cast<int>(s.prediction.outside)]), quoted(s.prediction.device));
  }
  for (const auto& o : s.objectives)
    out += fmt::format("\n[[objective]]\nname = {}\nsource = {}\nweight = {}\nwant = {}\n", quoted(o.name),
                       quoted(o.source), o.weight, o.want.toml());
  for (std::size_t i = 0; i < s.stages.size(); ++i) out += stage_text(s.stages[i], i + 1 == s.stages.size());
  out += "\n[docking]\n";
  out += file.preset.empty() ? fmt::format("exhaustiveness = {}\n", s.docking.options.exhaustiveness)
                             : fmt::format("preset = {}\n", quoted(file.preset));
  out += fmt::format("scoring = \"{}\"\nnum_modes = {}\ntop_fraction = {}\nfinal = {}\nfinal_top = {}\n",
                     s.docking.options.scoring == scoring::ScoringFunction::vina ? "vina" : "vinardo",
                     s.docking.options.num_modes, s.docking.top_fraction, quoted(file.final_preset),
                     s.docking.final_top);
  const auto& judges = file.final_judges;
  out += fmt::format("final_rank_by = {}\n", quoted(judges.rank_by));
  if (!judges.cnn.empty()) out += fmt::format("cnn = {}\n", model_seen_from(folder, judges.cnn));
  return out;
}

std::vector<std::pair<std::string, std::string>> campaign_settings(const std::string& toml) {
  std::vector<std::pair<std::string, std::string>> out;
  std::string section;
  int objectives = 0, stages = 0;
  for (std::size_t at = 0; at < toml.size();) {
    const std::size_t end = std::min(toml.find('\n', at), toml.size());
    const std::string line = toml.substr(at, end - at);
    at = end + 1;
    if (line.empty() || line[0] == '#') continue;
    if (line[0] == '[') {
      section = line == "[[objective]]" ? fmt::format("objective {}", ++objectives)
                : line == "[[stage]]"   ? fmt::format("stage {}", ++stages)
                                        : line.substr(1, line.size() - 2);
      continue;
    }
    const std::size_t equals = line.find(" = ");
    const std::string key = line.substr(0, equals);
    out.emplace_back(section.empty() ? key : section + "." + key, line.substr(equals + 3));
  }
  return out;
}

std::string campaign_toml(const std::vector<std::pair<std::string, std::string>>& settings) {
  static const std::set<std::string> sections{"target", "generate", "filter", "predict", "docking"};
  std::string out, last;
  for (const auto& [name, value] : settings) {
    const std::size_t dot = name.find('.');
    const std::string section = dot == std::string::npos ? "" : name.substr(0, dot);
    const std::string kind = section.substr(0, section.find(' '));
    const bool repeated = kind == "objective" || kind == "stage";
    if (!repeated && !section.empty() && sections.count(section) == 0) continue;
    if (section.empty() && name.find(' ') != std::string::npos) continue;  // a judge and its digest
    if (section != last) out += repeated ? fmt::format("[[{}]]\n", kind) : fmt::format("[{}]\n", section);
    last = section;
    out += fmt::format("{} = {}\n", dot == std::string::npos ? name : name.substr(dot + 1), value);
  }
  return out;
}

}  // namespace theriac::cli
