#include "repurpose/effect_direction.hpp"

namespace theriac::repurpose {

using datasets::LinkKind;

std::string effect_verdict_name(EffectVerdict verdict) {
  switch (verdict) {
    case EffectVerdict::unknown:
      return "unknown";
    case EffectVerdict::agrees:
      return "agrees";
    case EffectVerdict::opposes:
      return "opposes";
    case EffectVerdict::mixed:
      return "mixed";
  }
  return {};
}

std::vector<SharedTarget> shared_targets(const datasets::Store& store, std::uint32_t drug,
                                         std::uint32_t disease) {
  std::vector<SharedTarget> shared;
  const auto& binds = store.links(LinkKind::binds);
  const auto& associated = store.links(LinkKind::associated);
  // both tables are sorted by (from, to), so the targets of the drug and those of the disease merge
  auto a = binds.from_offsets[drug];
  auto b = associated.from_offsets[disease];
  const auto a_end = binds.from_offsets[drug + 1], b_end = associated.from_offsets[disease + 1];
  while (a < a_end && b < b_end) {
    if (binds.to[a] < associated.to[b]) {
      ++a;
    } else if (associated.to[b] < binds.to[a]) {
      ++b;
    } else {
      for (auto k = b; k < b_end && associated.to[k] == binds.to[a]; ++k)
        shared.push_back({binds.to[a], static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(k),
                          binds.direction[a], associated.direction[k]});
      ++a;
    }
  }
  return shared;
}

EffectVerdict effect_verdict(const std::vector<SharedTarget>& shared) {
  int agreeing = 0, opposing = 0;
  for (const auto& each : shared) {
    const int product = each.drug_direction * each.needed_direction;
    agreeing += product > 0;
    opposing += product < 0;
  }
  if (agreeing + opposing == 0) return EffectVerdict::unknown;
  if (opposing == 0) return EffectVerdict::agrees;
  return agreeing == 0 ? EffectVerdict::opposes : EffectVerdict::mixed;
}

}  // namespace theriac::repurpose
