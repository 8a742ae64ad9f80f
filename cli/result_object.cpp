#include "cli/result_object.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/session.hpp"

namespace theriac::cli {

int print_result(const Session& session, const std::string& command, const nlohmann::ordered_json& facts,
                 int code) {
  if (!session.options.json) return code;
  nlohmann::ordered_json json = {{"schema", "theriac.result/1"}, {"command", command}};
  json.update(facts);
  json["exit_code"] = code;
  const std::string text = json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  std::fputs(text.c_str(), stdout);
  return code;
}

}  // namespace theriac::cli
