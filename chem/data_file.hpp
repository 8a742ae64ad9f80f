// Where the tables and models that ship with Theriac lie: share/theriac beside the program.
//
// Looked for in this order: the folder that the environment variable THERIAC_DATA names, ../share/theriac
// from the running program (installed, or in the build tree), and the folder given to `cmake --install`.
#pragma once
#include <string>
#include <vector>

namespace theriac::chem {

/// Path of a shipped file, e.g. data_file("sa_fragments.bin"). Throws InputError that lists the places looked
/// in. With THERIAC_DATA set, only that folder counts: a typing error there is never hidden by another copy.
std::string data_file(const std::string& name);

/// The folders that `data_file` looks in, first to last.
std::vector<std::string> data_folders();

}  // namespace theriac::chem
