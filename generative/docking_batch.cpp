#include "generative/docking_batch.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/journal.hpp"
#include "datasets/sha256.hpp"
#include "datasets/shard_files.hpp"

namespace theriac::generative {
namespace {

namespace fs = std::filesystem;
using datasets::ByteReader;
using datasets::ByteWriter;

const char* const batch_identity = "theriac docking batch 2";

std::string batch_path(const std::string& folder) {
  return folder + "/batch";
}

std::string bytes_of(const BatchFacts& facts) {
  ByteWriter out;
  out.put_text(facts.campaign);
  out.put_text(facts.docking);
  out.put_integer(static_cast<std::int64_t>(facts.judges.size()));
  for (const auto& record : facts.judges) {
    out.put_text(record.judge);
    out.put_text(record.sha256);
  }
  out.put_integer(facts.round);
  out.put_byte(facts.final_tier ? 1 : 0);
  out.put_integer(facts.tasks);
  out.put_integer(static_cast<std::int64_t>(facts.requests.size()));
  for (const DockingRequest& request : facts.requests) {
    out.put_integer(request.id.first);
    out.put_integer(request.id.second);
    out.put_text(request.smiles);
  }
  return out.bytes();
}

BatchFacts facts_in(std::string_view bytes) {
  ByteReader in(bytes);
  BatchFacts facts;
  facts.campaign = in.get_text();
  facts.docking = in.get_text();
  for (std::size_t n = get_count(in); n > 0; --n) {
    scoring::JudgeRecord record;
    record.judge = in.get_text();
    record.sha256 = in.get_text();
    facts.judges.push_back(std::move(record));
  }
  facts.round = static_cast<int>(in.get_integer());
  facts.final_tier = in.get_byte() != 0;
  facts.tasks = static_cast<int>(in.get_integer());
  for (std::size_t n = get_count(in); n > 0; --n) {
    DockingRequest request;
    request.id.first = static_cast<int>(in.get_integer());
    request.id.second = static_cast<int>(in.get_integer());
    request.smiles = in.get_text();
    facts.requests.push_back(std::move(request));
  }
  if (facts.tasks < 1) throw StorageError("it has no tasks");
  return facts;
}

}  // namespace

void DockingBatch::write(const std::string& folder, const BatchFacts& facts) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) datasets::throw_storage_error("make the folder", folder, error.value());
  const std::string temporary = batch_path(folder) + ".tmp";
  fs::remove(temporary, error);
  {
    datasets::Journal file(temporary, batch_identity, datasets::Durability::on_publish);
    file.append(bytes_of(facts), static_cast<std::uint32_t>(facts.requests.size()));
  }
  datasets::publish_file(temporary, batch_path(folder));
}

bool DockingBatch::exists(const std::string& folder) {
  return fs::exists(batch_path(folder));
}

DockingBatch::DockingBatch(std::string folder) : folder_(std::move(folder)) {
  while (folder_.size() > 1 && folder_.back() == '/') folder_.pop_back();
  if (!exists(folder_))
    throw InputError(fmt::format("'{}' holds no docking of a campaign", folder_),
                     "the campaign may have taken its rows already; theriac campaign FILE.toml --hand_out "
                     "names the folder of what is to be docked");
  try {
    datasets::JournalFile file(batch_path(folder_));
    if (file.identity() != batch_identity) throw StorageError("it is of another kind or version");
    const auto block = file.next();
    if (!block) throw StorageError("it is empty");
    hash_ = datasets::sha256(std::string(block->payload));
    facts_ = facts_in(block->payload);
  } catch (const StorageError& e) {
    throw StorageError(
        fmt::format("'{}' is damaged: {}", batch_path(folder_), e.what()),
        fmt::format("remove the folder '{}' and continue the campaign: it is handed out anew", folder_));
  }
}

std::string DockingBatch::text() const {
  return facts_.final_tier ? "the final docking" : fmt::format("round {}", facts_.round);
}

std::vector<DockingRequest> DockingBatch::requests(int task) const {
  std::vector<DockingRequest> out;
  const auto step = static_cast<std::size_t>(facts_.tasks);
  for (auto i = static_cast<std::size_t>(task); i < facts_.requests.size(); i += step)
    out.push_back(facts_.requests[i]);
  return out;
}

std::string DockingBatch::task_stem(int task) const {
  return fmt::format("{}/task-{:05}", folder_, task);
}

std::string DockingBatch::task_identity(int task) const {
  return fmt::format("{{\"batch\":\"{}\",\"task\":{}}}", hash_, task);
}

bool DockingBatch::finished(int task) const {
  return fs::exists(task_stem(task) + ".rows");
}

std::vector<int> DockingBatch::unfinished() const {
  std::vector<int> tasks;
  for (int k = 0; k < facts_.tasks; ++k)
    if (!finished(k)) tasks.push_back(k);
  return tasks;
}

std::vector<DockedCandidate> DockingBatch::rows(int task) const {
  const std::string path = task_stem(task) + ".rows";
  try {
    std::vector<DockedCandidate> out;
    datasets::JournalFile file(path);
    if (file.identity() != task_identity(task)) throw StorageError("it is of another task or campaign");
    while (const auto block = file.next()) {
      ByteReader in(block->payload);
      for (DockedCandidate& row : get_docked(in)) out.push_back(std::move(row));
    }
    const auto wanted = requests(task);
    if (out.size() != wanted.size())
      throw StorageError(fmt::format("it holds {} rows, not {}", out.size(), wanted.size()));
    for (std::size_t i = 0; i < out.size(); ++i)
      if (CandidateId{out[i].round, out[i].index} != wanted[i].id)
        throw StorageError(fmt::format("row {} is of another molecule", i + 1));
    return out;
  } catch (const StorageError& e) {
    throw StorageError(
        fmt::format("the result of task {} of {} cannot be used: '{}': {}", task, text(), path, e.what()),
        fmt::format("theriac campaign dock {} --task {} --overwrite makes it anew", folder_, task));
  }
}

}  // namespace theriac::generative
