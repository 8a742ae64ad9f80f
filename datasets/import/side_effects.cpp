// Side effects of drugs: SIDER 4.1 (M. Kuhn et al., Nucleic Acids Res. 44, D1075 (2016)), brought to DrugBank
// ids.
#include <fmt/format.h>

#include <map>

#include "datasets/import/importers.hpp"

namespace theriac::datasets {
namespace {

struct Share {
  double sum = 0;
  int labels = 0;
};

/// PubChem's number in a STITCH id: "CID000002244" (with stereo), "CID100002244" (without).
std::string pubchem_of(std::string_view stitch) {
  constexpr std::size_t digits = 8;
  if (stitch.size() != 12 || stitch.substr(0, 3) != "CID") return {};
  const std::string_view number = stitch.substr(stitch.size() - digits);
  const auto start = number.find_first_not_of('0');
  return start == std::string_view::npos ? std::string() : "PUBCHEM:" + std::string(number.substr(start));
}

}  // namespace

void import_sider_labels(ImportRun& run) {
  const auto flat = run.table.column("flat"), stereo = run.table.column("stereo"),
             type = run.table.column("type"), effect = run.table.column("concept"),
             name = run.table.column("name");
  while (run.next()) {
    if (pubchem_of(run[flat]).empty() && pubchem_of(run[stereo]).empty()) {
      run.reject(fmt::format("'{}' and '{}' are no STITCH ids", run[flat], run[stereo]));
      continue;
    }
    std::int64_t from = run.store.find(EntityKind::drug, pubchem_of(run[stereo]));
    if (from < 0) from = run.store.find(EntityKind::drug, pubchem_of(run[flat]));
    if (from < 0 || run[type] != "PT") {  // no drug of the store, or a narrower term of a preferred one
      run.pass_over();
      continue;
    }
    const auto to = run.end(EntityKind::side_effect, run.text(effect), run.text(name));
    if (to < 0) continue;
    LinkFacts link;
    link.kind = LinkKind::causes;
    link.from = static_cast<std::uint32_t>(from);
    link.to = static_cast<std::uint32_t>(to);
    link.source = run.source();
    run.link(link);
  }
}

void import_side_effect_names(ImportRun& run) {
  const auto id = run.table.column("umls_cui"), name = run.table.column("meddra_name");
  while (run.next())
    if (run.end(EntityKind::side_effect, run.text(id), run.text(name)) >= 0)
      run.entity({EntityKind::side_effect, run.text(id), {}, run.text(name), {}, {}, {}});
}

void import_side_effects(ImportRun& run) {
  const auto drugbank = run.table.column("drugbank_id"), effect = run.table.column("umls_cui");
  const auto lower = run.table.optional_column({"freq_lower"}),
             upper = run.table.optional_column({"freq_upper"});
  std::map<std::pair<std::uint32_t, std::uint32_t>, Share> shares;  // the mean over labels and studies
  while (run.next()) {
    const auto from = run.end(EntityKind::drug, run.text(drugbank));
    const auto to = from < 0 ? -1 : run.end(EntityKind::side_effect, run.text(effect));
    if (to < 0) continue;
    auto& share = shares[{static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to)}];
    const auto low = run.number(lower), high = run.number(upper);
    if (!low || !high) continue;
    if (*low < 0 || *high > 1 || *low > *high) {
      run.reject(fmt::format("'{}' to '{}' is no share of patients", run[lower], run[upper]));
      continue;
    }
    share.sum += (*low + *high) / 2;
    ++share.labels;
  }
  for (const auto& [ends, share] : shares) {
    LinkFacts link;
    link.kind = LinkKind::causes;
    link.from = ends.first;
    link.to = ends.second;
    if (share.labels > 0) link.strength = static_cast<float>(share.sum / share.labels);
    link.source = run.source();
    run.link(link);
  }
}

}  // namespace theriac::datasets
