#include "cli/affinity_columns.hpp"

#include <fmt/format.h>

#include <cctype>
#include <memory>

#include "chem/sequence.hpp"
#include "cli/model_choice.hpp"
#include "cli/predictors.hpp"
#include "cli/session.hpp"
#include "scoring/affinity_scorer.hpp"

namespace theriac::cli {
namespace {

/// "KIBA score" is "kiba_score".
std::string column_of(const std::string& text) {
  std::string out;
  for (const char c : text)
    out += std::isalnum(static_cast<unsigned char>(c))
               ? static_cast<char>(std::tolower(static_cast<unsigned char>(c)))
               : '_';
  return out;
}

}  // namespace

void add_affinities(const std::string& fasta, const std::vector<std::string>& models, Predictors& predictors,
                    Session& session) {
  const auto targets = chem::read_sequences(fasta);
  for (const std::string& choice : models) {
    const auto model = std::make_shared<const scoring::AffinityModel>(
        scoring::AffinityModel::load(model_file(choice, "affinity-davis")));
    for (const auto& target : targets) {
      std::string column = column_of(model->unit);
      if (targets.size() > 1) column += "_" + column_of(target.name);
      auto scorer = std::make_unique<scoring::AffinityScorer>(model, target, column);
      const auto& basis = scorer->basis();
      if (basis.domain == scoring::Domain::out)
        session.terminal().warn(
            "affinity",
            fmt::format("{}: no basis: the model knows {} only, and this protein is like none of its {} "
                        "targets (nearest {}, likeness {:.2f})",
                        target.name.empty() ? fasta : target.name, model->family,
                        model->table().targets.size(), basis.nearest, basis.likeness));
      predictors.add(std::move(scorer));
    }
  }
}

}  // namespace theriac::cli
