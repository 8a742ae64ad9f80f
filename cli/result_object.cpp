#include "cli/result_object.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/session.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/results_table.hpp"

namespace theriac::cli {
namespace {

using Json = nlohmann::ordered_json;

Json cell_json(const std::string& cell) {
  if (cell.empty()) return {};
  double value = 0;
  const auto [end, problem] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  const bool number = problem == std::errc() && end == cell.data() + cell.size() && std::isfinite(value);
  return number ? Json(value) : Json(cell);
}

Json rows_json(const std::string& csv_file) {
  const auto lines = datasets::read_csv(datasets::read_file(csv_file));
  Json rows = Json::array();
  for (std::size_t i = 1; i < lines.size(); ++i) {
    Json row = Json::object();
    for (std::size_t c = 0; c < lines[i].size() && c < lines.front().size(); ++c)
      row[lines.front()[c]] = cell_json(lines[i][c]);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

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

int print_tables(const Session& session, const std::string& command, const std::string& text,
                 const std::vector<std::string>& csv_files, int code) {
  if (!session.options.json) {
    std::fputs(text.c_str(), stdout);
    return code;
  }
  Json tables = Json::object();
  for (const auto& file : csv_files) tables[std::filesystem::path(file).stem().string()] = rows_json(file);
  return print_result(session, command, {{"tables", tables}}, code);
}

}  // namespace theriac::cli
