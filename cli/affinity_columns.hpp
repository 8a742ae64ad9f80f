// The columns of `theriac predict --target`: predicted affinities to the proteins of a FASTA file.
#pragma once
#include <string>
#include <vector>

namespace theriac::cli {

class Predictors;
class Session;

/// A column per model and protein: "pkd" (or "kiba_score"), with the protein's name behind it when there are
/// several. A protein that the model has no basis for is named in a warning; its values stay empty. Throws
/// what reading the files throws.
void add_affinities(const std::string& fasta, const std::vector<std::string>& models, Predictors& predictors,
                    Session& session);

}  // namespace theriac::cli
