// theriac train repurposing: the weights of the evidence lines, learned from the treatments of a store.
#pragma once
#include <string>
#include <vector>

#include "datasets/store.hpp"

namespace theriac::cli {

class Session;

struct RepurposingTrainingOptions {
  std::string store, out;
  std::string links = "any";         ///< licences of the links, as allowed_licences takes them
  std::vector<std::string> sources;  ///< of treatments, by the beginnings of their names; empty: all
  std::string drugs;                 ///< file of the ids of the candidates; empty: those Hetionet covers
  std::string name = "repurposing", about;
};

/// Rows of the drugs whose DrugBank ids (DB00945) stand in a file, one or more a line. Throws InputError when
/// the store knows none of them.
std::vector<std::uint32_t> drugs_of_file(const datasets::Store& store, const std::string& path);

/// Writes the weights to `out` (safetensors) and prints what they are. Returns an exit code.
int train_repurposing(const RepurposingTrainingOptions& options, Session& session);

}  // namespace theriac::cli
