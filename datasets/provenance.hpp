// Where a result comes from: everything that may differ between two runs with equal results (time, host,
// number of threads) and everything needed to repeat one (command, versions, hashes of the inputs).
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace theriac::datasets {

struct Provenance {
  std::string command_line;
  std::string device = "cpu";
  int threads = 1;
  std::string started_utc;                                     ///< ISO 8601
  double seconds = 0;                                          ///< of this process, wall time
  std::vector<std::pair<std::string, std::string>> libraries;  ///< name, version
  std::vector<std::pair<std::string, std::string>> notes;      ///< e.g. {"receptor", "chain A of A,B"}
};

std::string utc_now();  ///< "2026-05-04T10:12:01Z"
std::string host_name();
std::string cpu_name();  ///< as /proc/cpuinfo says; empty when unknown

}  // namespace theriac::datasets
