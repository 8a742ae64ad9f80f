#include "generative/campaign_journal.hpp"

#include <algorithm>
#include <set>

#include "chem/error.hpp"
#include "datasets/byte_stream.hpp"
#include "datasets/gzip.hpp"

namespace theriac::generative {
namespace {

using datasets::ByteReader;
using datasets::ByteWriter;

// 2 and 5 were rounds of older versions, without likelihoods or stages
enum class Block : std::uint8_t { reference = 1, docked = 3, final_tier = 4, round = 6 };

void put_row(ByteWriter& out, const CampaignRow& row) {
  out.put_integer(row.round);
  out.put_integer(row.index);
  for (const std::string* text :
       {&row.name, &row.smiles, &row.origin, &row.message, &row.bucket, &row.alerts})
    out.put_text(*text);
  out.put_byte(static_cast<std::uint8_t>(row.status));
  out.put_integer(row.heavy_atoms);
  out.put_real(row.log_likelihood);
  out.put_byte(row.docked_before ? 1 : 0);
  if (row.docked_before) {
    out.put_integer(row.docked_before->first);
    out.put_integer(row.docked_before->second);
  }
  put_reals(out, row.properties);
}

CampaignRow get_row(ByteReader& in) {
  CampaignRow row;
  row.round = static_cast<int>(in.get_integer());
  row.index = static_cast<int>(in.get_integer());
  for (std::string* text : {&row.name, &row.smiles, &row.origin, &row.message, &row.bucket, &row.alerts})
    *text = in.get_text();
  row.status = static_cast<CandidateStatus>(in.get_byte());
  row.heavy_atoms = static_cast<int>(in.get_integer());
  row.log_likelihood = in.get_real();
  if (in.get_byte() != 0) {
    const auto round = static_cast<int>(in.get_integer());
    row.docked_before = {round, static_cast<int>(in.get_integer())};
  }
  row.properties = get_reals(in);
  return row;
}

JournalRound get_round(ByteReader& in) {
  JournalRound round;
  round.number = static_cast<int>(in.get_integer());
  round.stage = static_cast<int>(in.get_integer());
  for (std::size_t n = get_count(in); n > 0; --n) {
    round.rows.push_back(get_row(in));
    round.rows.back().stage = round.stage;
  }
  for (std::size_t n = get_count(in); n > 0; --n) round.remarks.push_back(in.get_text());
  return round;
}

ReferenceResult get_reference(ByteReader& in) {
  ReferenceResult reference;
  reference.name = in.get_text();
  reference.affinity = in.get_real();
  reference.rmsd = in.get_real();
  reference.best_rmsd = in.get_real();
  reference.properties = get_reals(in);
  reference.heavy_atoms = static_cast<int>(in.get_integer());
  reference.message = in.get_text();
  return reference;
}

}  // namespace

void CampaignJournal::append(const ReferenceResult& reference) {
  ByteWriter out;
  out.put_byte(static_cast<std::uint8_t>(Block::reference));
  out.put_text(reference.name);
  out.put_real(reference.affinity);
  out.put_real(reference.rmsd);
  out.put_real(reference.best_rmsd);
  put_reals(out, reference.properties);
  out.put_integer(reference.heavy_atoms);
  out.put_text(reference.message);
  journal_.append(out.bytes(), 1);
}

void CampaignJournal::append(const JournalRound& round) {
  ByteWriter out;
  out.put_byte(static_cast<std::uint8_t>(Block::round));
  out.put_integer(round.number);
  out.put_integer(round.stage);
  out.put_integer(static_cast<std::int64_t>(round.rows.size()));
  for (const CampaignRow& row : round.rows) put_row(out, row);
  out.put_integer(static_cast<std::int64_t>(round.remarks.size()));
  for (const std::string& remark : round.remarks) out.put_text(remark);
  journal_.append(out.bytes(), static_cast<std::uint32_t>(round.rows.size()));
}

void CampaignJournal::append(const std::vector<DockedCandidate>& docked, bool final_tier) {
  ByteWriter out;
  out.put_byte(static_cast<std::uint8_t>(final_tier ? Block::final_tier : Block::docked));
  put_docked(out, docked);
  journal_.append(out.bytes(), static_cast<std::uint32_t>(docked.size()));
}

namespace {

void take(std::string_view payload, CampaignJournal::Contents& contents) {
  ByteReader in(payload);
  switch (static_cast<Block>(in.get_byte())) {
    case Block::reference:
      contents.reference = get_reference(in);
      break;
    case Block::round:
      contents.rounds.push_back(get_round(in));
      break;
    case Block::docked:
    case Block::final_tier: {
      auto& into = static_cast<Block>(payload[0]) == Block::docked ? contents.docked : contents.final_tier;
      for (DockedCandidate& d : get_docked(in)) {
        d.pose.clear();
        into.insert_or_assign(CandidateId{d.round, d.index}, std::move(d));
      }
      break;
    }
    default:
      throw StorageError("the campaign's journal holds a block of an unknown kind",
                         "start again with --overwrite");
  }
}

}  // namespace

CampaignJournal::Contents CampaignJournal::read() const {
  Contents contents;
  journal_.for_each([&](std::string_view payload, std::uint32_t) { take(payload, contents); });
  return contents;
}

CampaignJournal::Contents CampaignJournal::read(const std::string& path, bool& cut) {
  Contents contents;
  datasets::JournalFile file(path);
  const auto next = [&]() -> std::optional<datasets::JournalFile::Block> {
    try {
      return file.next();
    } catch (const StorageError&) {
      cut = true;
      return {};
    }
  };
  cut = false;
  while (const auto block = next()) take(block->payload, contents);
  return contents;
}

std::map<CandidateId, std::string> CampaignJournal::poses(const std::vector<CandidateId>& wanted) const {
  const std::set<CandidateId> names(wanted.begin(), wanted.end());
  std::map<CandidateId, std::string> packed, out;
  for (const Block tier : {Block::docked, Block::final_tier})
    journal_.for_each([&](std::string_view payload, std::uint32_t) {
      ByteReader in(payload);
      if (static_cast<Block>(in.get_byte()) != tier) return;
      for (DockedCandidate& d : get_docked(in)) {
        const CandidateId id{d.round, d.index};
        if (!d.pose.empty() && names.count(id) > 0) packed.insert_or_assign(id, std::move(d.pose));
      }
    });
  for (const auto& [id, bytes] : packed) out.emplace(id, datasets::gunzip(bytes));
  return out;
}

}  // namespace theriac::generative
