// What `theriac repurpose` shows of one question: what was asked, what it was answered from, and the drugs
// with their reasons. Terminal, JSON, tables and the page are four views of it.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/affinity_evidence.hpp"
#include "datasets/store.hpp"
#include "repurpose/answer.hpp"
#include "repurpose/derived_score.hpp"
#include "repurpose/evidence.hpp"
#include "repurpose/gene_profile.hpp"

namespace theriac::cli {

/// A drug with its evidence laid open: one entry per line, paths included.
struct ExplainedDrug {
  repurpose::AnswerRow row;
  std::vector<repurpose::Evidence> evidence;      ///< largest contribution first, by size
  std::vector<repurpose::DerivedScore> computed;  ///< of drugs laid open: shown, no part of the rank
  std::vector<PredictedAffinity> affinities;      ///< the same, by the model that ships
};

struct RepurposeAnswer {
  const datasets::Store* store = nullptr;
  std::string question;       ///< "rheumatoid arthritis (DOID:7148)", "genes of my.txt"
  std::string matched;        ///< the synonym that was typed, where it is not the name
  std::int64_t disease = -1;  ///< row; -1 for a list of genes
  std::vector<std::pair<std::string, std::string>> facts;  ///< "linked genes" -> "41"
  std::vector<std::string> warnings;                       ///< unknown genes, dropped links ...
  std::string model;                                       ///< name, date and what it was fitted on
  repurpose::Ranking ranking;
  repurpose::Answer answer;
  std::vector<ExplainedDrug> explained;  ///< rows with their evidence: reasons are taken from it
  std::size_t laid_open = 0;             ///< of these the first so many are shown in full
};

/// Preferred name and id of an entity.
std::string entity_name(const datasets::Store& store, datasets::EntityKind kind, std::uint32_t entity);
std::string entity_id(const datasets::Store& store, datasets::EntityKind kind, std::uint32_t entity);

/// "12 %" / "0.4 %" / "below 0.01 %".
std::string percent(double share);
/// "-" without basis.
std::string probability_text(const repurpose::RankedDrug& drug);
/// The line that speaks most for a drug, with its strongest path where it is explained.
std::string main_reason(const RepurposeAnswer& answer, const repurpose::AnswerRow& row);
/// What is on record against a drug, in words; empty when nothing is.
std::string against_text(const datasets::Store& store, const repurpose::AnswerRow& row);
/// "97.5", "-" where it is not known.
std::string percentile_text(double percentile);
/// Whether any row says where its drug stands among the diseases.
bool has_disease_percentiles(const std::vector<repurpose::AnswerRow>& rows);
/// Title of the computed scores, the same in every view.
extern const char* const computed_title;
/// The source, licence and reference of a link: "Hetionet v1.0 CbG (CC0 1.0), PMID:10505536".
std::string link_source(const datasets::Store& store, const repurpose::PathLink& link);

/// One paragraph that every output ends with.
extern const char* const repurpose_notice;
/// In lines of at most `width` letters.
std::string wrapped(const std::string& text, std::size_t width = 108);

/// For people, on a terminal.
std::string repurpose_text(const RepurposeAnswer& answer);
/// One JSON object, schema theriac.repurpose/1.
std::string repurpose_json(const RepurposeAnswer& answer);
/// A row per drug: `.csv` or `.h5` by the name. Throws UsageError for other endings, StorageError.
void write_repurpose_table(const RepurposeAnswer& answer, const std::string& path);
/// A page that loads nothing and needs no script.
std::string repurpose_html(const RepurposeAnswer& answer);

}  // namespace theriac::cli
