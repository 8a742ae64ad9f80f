#include "cli/record_sample.hpp"

#include <iterator>

#include "chem/counter_random.hpp"

namespace theriac::cli {

void RecordSample::offer(const chem::RawRecord& record) {
  if (size_ == 0) return;
  chem::CounterRandom random(seed_, "", "estimate", static_cast<std::uint64_t>(record.index));
  const std::uint64_t high = random(), low = random();
  const std::pair place{high << 32 | low, record.index};
  if (smallest_.size() == size_) {
    const auto largest = std::prev(smallest_.end());
    if (largest->first < place) return;
    smallest_.erase(largest);
  }
  smallest_.emplace(place, record);
}

std::vector<chem::RawRecord> RecordSample::drawn() const {
  std::vector<chem::RawRecord> records;
  for (const auto& [place, record] : smallest_) records.push_back(record);
  return records;
}

}  // namespace theriac::cli
