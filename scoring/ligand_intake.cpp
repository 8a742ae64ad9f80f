#include "scoring/ligand_intake.hpp"

#include <utility>

#include "chem/counter_random.hpp"
#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

DockedRow row_of(const chem::Record& record) {
  DockedRow row;
  row.input_index = record.index;
  row.input_file = record.file;
  row.input_line = record.line;
  row.name = record.name;
  row.smiles_in = record.smiles_in();
  row.input_columns = record.properties;
  row.status = RowStatus::ok;
  return row;
}

}  // namespace

void fail(LigandJob& job, const std::string& why) {
  job.row.status = RowStatus::failed;
  job.row.message = why;
  job.row.poses.clear();
  job.row.pose_text.clear();
  job.row.pdbqt_text.clear();
  job.done = true;
}

LigandIntake::LigandIntake(LigandOptions options, const std::string& filter, NamesThatMatter names)
    : options_(std::move(options)), filter_(filter), names_(std::move(names)) {}

LigandJob LigandIntake::identified(const chem::RawRecord& raw) const {
  LigandJob job;
  job.record = chem::parse(raw);
  job.row = row_of(job.record);
  try {
    job.identity = ligand_identity(job.record, options_);
    job.row.smiles = job.identity.smiles;
    job.row.inchikey = job.identity.inchikey;
    job.row.key_high = job.identity.key_high;
    job.row.key_low = job.identity.key_low;
    if (names_.count(job.row.name)) job.row.key_low ^= chem::stable_hash("seed pose\n" + job.row.name);
    if (filter_.text().empty() || !job.identity.parent) return job;
    const std::string violation = filter_.first_violation(chem::descriptors(*job.identity.parent));
    if (violation.empty()) return job;
    job.row.status = RowStatus::skipped;
    job.row.message = violation;
    job.done = true;
  } catch (const std::exception& error) {
    fail(job, error.what());
  }
  return job;
}

}  // namespace theriac::scoring
