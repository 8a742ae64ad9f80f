#include "cli/record_blocks.hpp"

#include <algorithm>

#include "chem/counter_random.hpp"
#include "cli/session.hpp"

namespace theriac::cli {

void check_stop(const Session& session) {
  if (session.stop().stop_requested()) throw StoppedEarly{};
}

generative::RecordBlocks record_blocks(chem::RecordReader& reader, Progress& progress,
                                       const Session& session) {
  return [&reader, &progress, &session] {
    check_stop(session);
    progress.update(reader.records_read(), 0);
    std::vector<chem::RawRecord> block;
    while (block.size() < block_records) {
      auto record = reader.next_raw();
      if (!record) break;
      block.push_back(std::move(*record));
    }
    return block;
  };
}

RecordDraw draw_records(const std::string& path, std::int64_t n, std::uint64_t seed,
                        const std::string& stage) {
  chem::RecordReader reader({path});
  chem::CounterRandom random(seed, "", stage);
  RecordDraw draw;
  while (auto record = reader.next_raw()) {
    ++draw.total;
    if (n == 0 || draw.total <= n) {
      draw.records.push_back(std::move(*record));
      continue;
    }
    const auto slot = random.below(static_cast<std::uint32_t>(draw.total));
    if (slot < static_cast<std::uint64_t>(n)) draw.records[slot] = std::move(*record);
  }
  if (n == 0) return draw;
  for (std::size_t i = draw.records.size(); i > 1; --i)
    std::swap(draw.records[i - 1], draw.records[random.below(static_cast<std::uint32_t>(i))]);
  return draw;
}

void sort_by_place(std::vector<chem::RawRecord>& records) {
  std::sort(records.begin(), records.end(),
            [](const chem::RawRecord& a, const chem::RawRecord& b) { return a.index < b.index; });
}

}  // namespace theriac::cli
