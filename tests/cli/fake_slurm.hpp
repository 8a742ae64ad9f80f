// sbatch and squeue as a file: what a program that submits sees of Slurm.
#pragma once
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "datasets/durable_file.hpp"
#include "tests/datasets/temporary_folder.hpp"

/// Programs that are called sbatch and squeue. The queue is the file `queue`, a line "NUMBER NAME" for each
/// job.
inline void write_slurm(const TemporaryFolder& folder, const std::string& after_sbatch) {
  std::filesystem::create_directories(folder / "bin");
  const auto program = [&](const std::string& name, const std::string& text) {
    std::ofstream(folder / ("bin/" + name)) << "#!/bin/sh\ncd '" << folder.path() << "'\n" << text;
    std::filesystem::permissions(folder / ("bin/" + name), std::filesystem::perms::owner_all);
  };
  program("sbatch",
          "echo \"$1\" >> submitted\nn=$((40 + $(wc -l < submitted)))\n"
          "echo \"$n $(sed -n 's/^#SBATCH --job-name=//p' \"$OLDPWD/$1\")\" >> queue\n" +
              after_sbatch + "\necho Submitted batch job $n\n");
  // squeue -h -n NAME -o %F   squeue -h -j NUMBER -o %i
  program("squeue",
          "[ -e down ] && { echo 'slurm_load_jobs error: Unable to contact slurm controller'; exit 1; }\n"
          "touch queue\nif [ \"$2\" = -n ]; then awk -v n=\"$3\" '$2 == n { print $1 }' queue\n"
          "else awk -v n=\"$3\" '$1 == n { print $1 \"_0\" }' queue; fi\n");
}

/// Of a text file.
inline int lines(const TemporaryFolder& folder, const std::string& file) {
  const std::string all = theriac::datasets::read_file(folder / file);
  return static_cast<int>(std::count(all.begin(), all.end(), '\n'));
}
