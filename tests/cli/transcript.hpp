// Runs the built program as a user does, and keeps what it said.
#pragma once
#include <sys/wait.h>

#include <cstdlib>
#include <string>

#include "datasets/durable_file.hpp"
#include "tests/datasets/temporary_folder.hpp"

struct Transcript {
  int exit_code = -1;
  std::string out, err;
};

/// `arguments` go through the shell; the program runs in `folder`.
inline Transcript run_theriac(const std::string& arguments, const TemporaryFolder& folder,
                              const std::string& environment = {}) {
  const std::string line = "cd '" + folder.path() + "' && " + environment + " '" THERIAC_PROGRAM "' " +
                           arguments + " > .out 2> .err < /dev/null";
  const int status = std::system(line.c_str());
  Transcript transcript;
  transcript.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  transcript.out = theriac::datasets::read_file(folder / ".out");
  transcript.err = theriac::datasets::read_file(folder / ".err");
  return transcript;
}
