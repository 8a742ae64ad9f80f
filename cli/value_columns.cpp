#include "cli/value_columns.hpp"

#include <fmt/format.h>

#include "chem/error.hpp"
#include "cli/predicted_records.hpp"
#include "cli/predictors.hpp"
#include "cli/record_blocks.hpp"
#include "cli/session.hpp"

namespace theriac::cli {

void ValueColumns::take(const Prediction& row) {
  for (std::size_t k = 0; k < row.scores.size(); ++k) values_[k].push_back(row.scores[k].value);
  if (!row.scores.empty() && ++molecules_ > most_molecules)
    throw UsageError(fmt::format("percentiles are made from at most {} molecules", most_molecules),
                     "give a sample of the file");
}

scoring::PercentileTable ValueColumns::table() {
  scoring::PercentileTable out;
  for (std::size_t k = 0; k < kinds_.size(); ++k) out.add(*kinds_[k], std::move(values_[k]));
  return out;
}

scoring::PercentileTable compared_set(const std::string& path, const Predictors& predictors, bool as_drawn,
                                      Session& session) {
  chem::RecordReader reader({path});
  ValueColumns values(predictors.kinds());
  auto progress = session.progress({"compare", "mol", 0, 0, 0, 0, ""});
  const auto next = record_blocks(reader, *progress, session);
  for (auto block = next(); !block.empty(); block = next())
    for (const Prediction& row : predicted(block, predictors, as_drawn, false)) values.take(row);
  progress->finish();
  if (values.molecules() == 0) throw InputError(fmt::format("no molecule of '{}' could be predicted", path));
  session.terminal().note(fmt::format("compared  with {} molecules of {}", values.molecules(), path));
  return values.table();
}

}  // namespace theriac::cli
