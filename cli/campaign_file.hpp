// A campaign as its TOML file describes it. `theriac campaign --init` writes one with every key explained.
//
// Unknown keys, wrong types and values out of range are errors that name file, line and column. Files named
// in it are looked for beside the campaign file; `out` is relative to the current folder.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/pose_judges.hpp"
#include "generative/campaign_settings.hpp"

namespace theriac::cli {

/// How the search box of a target is chosen; exactly one way.
struct BoxChoice {
  std::string ligand;                 ///< a file, or a residue name inside the receptor file
  std::vector<std::string> residues;  ///< "A:315"
  std::vector<double> center, size;   ///< three numbers each, angstrom
  std::string file;                   ///< a Vina config or box file
  bool pocket = false;                ///< the largest pocket
  double add = 4.0;                   ///< angstrom on all six sides, round ligand or residues
};

struct TargetChoice {
  std::string name;
  std::string receptor;
  std::string reference;  ///< file or residue name of the known ligand; empty: none
  BoxChoice box;
};

struct CampaignFile {
  std::string path;
  generative::CampaignSettings settings;
  std::string out;
  std::optional<int> cpu;
  std::string max_time;               ///< as written; empty: none
  std::vector<TargetChoice> targets;  ///< the target, then the off-targets
  std::string start;                  ///< file of starting molecules; empty: those that ship with Theriac
  std::string final_preset;           ///< "thorough", "balanced", or "none"
  std::string preset;                 ///< of the loop; empty when exhaustiveness is given
  PoseJudgeOptions final_judges;      ///< what says which pose of the final docking counts
};

/// Whether a model is named by its file: a path, or a name with the ending of one.
bool names_a_model_file(const std::string& text);

/// Throws InputError (no such file) and UsageError (everything else), before anything is computed.
CampaignFile read_campaign_file(const std::string& path);

/// The campaign of a run, from its identity (JSON of a RunIdentity whose settings are those of
/// campaign_settings); `path` names it in messages. Files are not looked for.
CampaignFile campaign_file_of(const std::string& identity, const std::string& path);

/// What --init writes: every key with its default and what it means.
std::string campaign_file_example();

/// The settings in effect as TOML that `read_campaign_file` reads back to the same campaign; files are named
/// as seen from `folder`, where the text will stand.
std::string campaign_toml(const CampaignFile& file, const std::string& folder);

/// Settings as "section.key" and value, from such a text.
std::vector<std::pair<std::string, std::string>> campaign_settings(const std::string& toml);
/// The text again, from settings in their order; what is no setting of a campaign is left out.
std::string campaign_toml(const std::vector<std::pair<std::string, std::string>>& settings);

}  // namespace theriac::cli
