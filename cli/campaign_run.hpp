// One campaign from its file to its run folder: receptors prepared, molecules read, run or continued,
// published.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chem/molecule.hpp"
#include "cli/campaign_file.hpp"
#include "cli/campaign_target.hpp"
#include "datasets/run_folder.hpp"
#include "generative/campaign.hpp"

namespace theriac::cli {

class Session;

/// Everything that is read before anything is computed.
struct CampaignInputs {
  std::vector<PreparedTarget> targets;
  std::vector<chem::Molecule> start;       ///< parent structures, named
  std::vector<std::string> bad_records;    ///< why a record of the start file was left out
  std::vector<datasets::InputFile> files;  ///< hashed
};

/// Throws InputError for files and boxes, and when no molecule can be read.
CampaignInputs read_campaign_inputs(const CampaignFile& file);

/// The campaign, ready to run; engines own their receptors.
generative::Campaign make_campaign(const CampaignFile& file, const CampaignInputs& inputs);

/// What decides the bytes of the result.
datasets::RunIdentity campaign_identity(const CampaignFile& file, const CampaignInputs& inputs);

/// Writes all files of the run folder but provenance.json.
void publish_campaign_run(datasets::RunFolder& folder, const CampaignFile& file, const CampaignInputs& inputs,
                          const generative::Campaign& campaign, const generative::CampaignResult& result,
                          const datasets::RunIdentity& identity);

/// summary.json: what the report and the closing words need beside the tables.
std::string campaign_summary(const CampaignFile& file, const generative::CampaignResult& result);

/// The gain over the starting set and the best molecules, as a table for the terminal.
std::string gain_table(const generative::CampaignResult& result);
std::string best_table(const generative::CampaignResult& result, int top);

}  // namespace theriac::cli
