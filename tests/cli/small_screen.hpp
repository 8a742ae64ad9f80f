// A screen of nine molecules: its library, its site, and the results that it shares with theriac dock.
#pragma once
#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "datasets/durable_file.hpp"
#include "tests/cli/result_rows.hpp"
#include "tests/cli/transcript.hpp"
#include "tests/datasets/temporary_folder.hpp"

inline const std::string site = " -r '" THERIAC_TEST_DATA
                                "/zinc_site.pdbqt' --center_x 11 --center_y 11.5 --center_z 13"
                                " --size_x 18 --size_y 18 --size_z 18 --exhaustiveness 0.5 --num_modes 3 ";
inline const std::string plan = "screen plan library.smi --shards 3 --sample 0 -o p" + site;

/// Names, a bad record, a repetition, a salt of another record.
inline void write_library(const TemporaryFolder& folder) {
  std::ofstream(folder / "library.smi") << "CCO m1\nCC(=O)Oc1ccccc1C(=O)O m2\nc1ccccc(N m3\nOCC m4\n"
                                           "NS(=O)(=O)c1ccccc1 m5\nC1CCNCC1 m6\nC1CCNCC1.Cl m7\n"
                                           "c1ccccc1CCN m8\nCC(=O)Nc1ccc(O)cc1 m9\n";
}

/// All result files of a run, one after the other.
inline std::string bytes_of(const TemporaryFolder& folder, const std::string& run) {
  std::string all;
  for (const char* name : {"results.csv", "failures.csv", "results.h5", "poses.sdf.gz"})
    all += std::string(name) + '\n' + theriac::datasets::read_file(folder / (run + "/" + name));
  return all;
}

/// Of the row-th record.
inline std::string cell(const ResultRows& table, std::size_t row, const std::string& column) {
  return result_cell(table, row + 1, column);
}

inline void require_done(const Transcript& run) {
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
}
