// What --json leaves on standard output: one object at the end of a run.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace theriac::cli {

class Session;

/// With --json prints {"schema": "theriac.result/1", "command": ..., the facts ..., "exit_code": code}.
/// Returns the code.
int print_result(const Session& session, const std::string& command, const nlohmann::ordered_json& facts,
                 int code);

}  // namespace theriac::cli
