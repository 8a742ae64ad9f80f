// What --json leaves on standard output: one object at the end of a run.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace theriac::cli {

class Session;

/// With --json prints {"schema": "theriac.result/1", "command": ..., the facts ..., "exit_code": code}.
/// Returns the code.
int print_result(const Session& session, const std::string& command, const nlohmann::ordered_json& facts,
                 int code);

/// What a benchmark ends with: `text`, or with --json an object whose "tables" hold the rows of these CSV
/// files, by file name; numbers as numbers, empty cells as null. Returns the code. Throws InputError when a
/// file is not there.
int print_tables(const Session& session, const std::string& command, const std::string& text,
                 const std::vector<std::string>& csv_files, int code);

}  // namespace theriac::cli
