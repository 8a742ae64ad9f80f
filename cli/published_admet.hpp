// What others reached on the tasks of the Therapeutics Data Commons ADMET group, to stand beside our own
// figures.
#pragma once
#include <string>
#include <vector>

namespace theriac::cli {

struct PublishedAdmet {
  std::string task;
  double best = 0;      ///< best figure without known leaks, in the task's metric
  double maplight = 0;  ///< MapLight run again by others
};

const std::vector<PublishedAdmet>& published_admet();
/// nullptr for another endpoint.
const PublishedAdmet* published_admet(const std::string& task);
/// Sentence for below the table.
const char* published_admet_source();

}  // namespace theriac::cli
