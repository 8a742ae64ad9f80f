#include "datasets/sorted_pairs.hpp"

#include <algorithm>
#include <cstring>
#include <functional>

namespace theriac::datasets {
namespace {

constexpr std::size_t pairs_read_at_once = 4096;
static_assert(sizeof(SortedPairs::Pair) == 16, "pairs are written as they lie in memory");

}  // namespace

SortedPairs::SortedPairs(std::string folder, std::size_t limit)
    : file_(std::move(folder)), limit_(std::max<std::size_t>(limit, 1)) {}

void SortedPairs::add(Pair pair) {
  if (pending_.size() == limit_) write_run();
  pending_.push_back(pair);
  ++count_;
}

void SortedPairs::write_run() {
  std::sort(pending_.begin(), pending_.end());
  file_.append({reinterpret_cast<const char*>(pending_.data()), pending_.size() * sizeof(Pair)});
  run_ends_.push_back(file_.size());
  pending_.clear();
}

void SortedPairs::finish() {
  if (run_ends_.empty()) {
    std::sort(pending_.begin(), pending_.end());
    return;
  }
  if (!pending_.empty()) write_run();
  pending_ = {};
}

SortedPairs::Reader::Reader(const SortedPairs& pairs) : pairs_(&pairs) {
  std::uint64_t begin = 0;
  for (const std::uint64_t end : pairs.run_ends_) {
    runs_.push_back({begin, end, {}, 0});
    push(runs_.size() - 1);
    begin = end;
  }
}

void SortedPairs::Reader::push(std::size_t run) {
  Run& from = runs_[run];
  if (from.given == from.buffer.size()) {
    const auto length = static_cast<std::size_t>(
        std::min<std::uint64_t>(pairs_read_at_once * sizeof(Pair), from.end - from.at));
    if (length == 0) return;
    const std::string bytes = pairs_->file_.read(from.at, length);
    from.buffer.resize(length / sizeof(Pair));
    std::memcpy(static_cast<void*>(from.buffer.data()), bytes.data(), length);
    from.at += length;
    from.given = 0;
  }
  heads_.emplace(from.buffer[from.given++], run);
}

std::optional<SortedPairs::Pair> SortedPairs::Reader::next() {
  if (runs_.empty()) {
    if (given_ == pairs_->pending_.size()) return {};
    return pairs_->pending_[given_++];
  }
  if (heads_.empty()) return {};
  const auto [pair, run] = heads_.top();
  heads_.pop();
  push(run);
  return pair;
}

}  // namespace theriac::datasets
