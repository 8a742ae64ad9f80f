// What theriac store does, one function per task. Each returns an exit code.
#pragma once
#include <string>
#include <vector>

#include "datasets/import/import_run.hpp"

namespace theriac::cli {

class Session;

struct StoreOptions {
  std::string task;
  std::vector<std::string> files;  ///< the store first, where a task takes one
  std::vector<std::string> from;
  std::string out, licence = "any", format, links, target;
  datasets::ImportSource source;
};

int store_build(const StoreOptions& options, Session& session);
int store_import(const StoreOptions& options, Session& session);
int store_merge(const StoreOptions& options, Session& session);
int store_info(const StoreOptions& options, Session& session);
int store_check(const StoreOptions& options, Session& session);
int store_export(const StoreOptions& options, Session& session);
int store_formats(const StoreOptions& options, Session& session);

/// 1,234,567
std::string grouped_number(std::size_t number);

}  // namespace theriac::cli
