// What a campaign looks for, as its file says it: filters, objectives and the stages that look at them.
#pragma once
#include "cli/campaign_file.hpp"
#include "cli/toml_table.hpp"

namespace theriac::cli {

/// [filter] of `owner`, the file or a stage. What is not said stays as it is. Throws UsageError, as the
/// others.
void read_filter(TomlTable& owner, generative::FilterSettings& filter);

/// [[objective]]; targets and predictions of `out` have been read.
void read_objectives(TomlTable& file, CampaignFile& out);

/// [[stage]]; the objectives have been read.
void read_stages(TomlTable& file, generative::CampaignSettings& settings);

}  // namespace theriac::cli
