// The report of a run as one HTML page: no network, readable without JavaScript, printable.
//
// Everything in it comes from the finished files of the run folder, and nothing that differs between two
// equal runs (time, host, threads), so that equal runs have equal reports.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/result_list.hpp"

namespace theriac::cli {

/// One line of the table that compares groups of molecules of a campaign.
struct ReportGroup {
  std::string name;
  int molecules = 0;
  double best_total = 0, mean_total = 0, best_score = 0, mean_score = 0;  ///< score in kcal/mol
};

struct ReportReference {
  std::string name;
  double score = 0, rmsd = 0;  ///< kcal/mol; angstrom to the crystal
};

/// An objective of a campaign in words.
struct ReportObjective {
  std::string name, source, want;
  double weight = 1;
};

/// The Pareto front of a campaign with several objectives.
struct ReportFront {
  int molecules = 0;
  double hypervolume = 0, hypervolume_at_start = 0;  ///< 0 to 1; NaN beyond six objectives
};

/// A stage of a campaign.
struct ReportStage {
  std::string name, objectives;  ///< of the active ones, with commas between
  int first_round = 0, last_round = 0;
  int docked = 0, scored = 0;
  double best_total = 0;
  std::string ending;
};

/// What a report shows.
struct RunReport {
  std::string command;                     ///< "dock", "campaign"
  std::string name;                        ///< of the run
  ResultList results;                      ///< results.csv
  std::optional<ResultList> rounds;        ///< rounds.csv of a campaign
  std::string identity;                    ///< JSON: version, seed, settings, inputs
  std::string ending;                      ///< why a campaign ended
  std::string proposer, proposer_summary;  ///< of a campaign: its name, and one line on how it works
  std::optional<ReportReference> reference;
  std::vector<ReportGroup> groups;
  std::optional<ReportFront> front;
  std::vector<ReportStage> stages;  ///< empty for a campaign without
  std::vector<ReportObjective> objectives;
  std::vector<std::string> remarks;  ///< of a campaign's proposer, with the round
  std::string variety;               ///< of the top list, in words
};

/// Reads results.csv, and rounds.csv and summary.json where they are. `identity` is taken from
/// provenance.json when empty. Throws InputError when the folder holds no finished run.
RunReport read_run_report(const std::string& folder, std::string identity = {});

struct ReportOptions {
  std::string title;  ///< the run's name when empty
  int top = 200;      ///< molecules in the table, with their structures
};

/// The page. Equal input gives equal bytes.
std::string report_html(const RunReport& report, const ReportOptions& options = {});

}  // namespace theriac::cli
