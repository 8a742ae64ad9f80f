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

void put_reals(ByteWriter& out, const std::vector<double>& values) {
  out.put_integer(static_cast<std::int64_t>(values.size()));
  for (const double v : values) out.put_real(v);
}

std::size_t get_count(ByteReader& in) {
  const auto n = in.get_integer();
  if (n < 0)
    throw StorageError("the campaign's journal holds a negative count", "start again with --overwrite");
  return static_cast<std::size_t>(n);
}

std::vector<double> get_reals(ByteReader& in) {
  std::vector<double> values;
  for (std::size_t n = get_count(in); n > 0; --n) values.push_back(in.get_real());
  return values;
}

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

DockedCandidate get_docked(ByteReader& in) {
  DockedCandidate docked;
  docked.round = static_cast<int>(in.get_integer());
  docked.index = static_cast<int>(in.get_integer());
  docked.affinities = get_reals(in);
  docked.hydrogen_bonds = static_cast<int>(in.get_integer());
  for (std::string* text :
       {&docked.message, &docked.inchikey, &docked.contacts, &docked.failed_checks, &docked.pose})
    *text = in.get_text();
  docked.pose_probability = in.get_real();
  return docked;
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

void visit_docked(ByteReader& in, const std::function<void(DockedCandidate)>& visit) {
  for (std::size_t n = get_count(in); n > 0; --n) visit(get_docked(in));
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
  out.put_integer(static_cast<std::int64_t>(docked.size()));
  for (const DockedCandidate& d : docked) {
    out.put_integer(d.round);
    out.put_integer(d.index);
    put_reals(out, d.affinities);
    out.put_integer(d.hydrogen_bonds);
    for (const std::string* text : {&d.message, &d.inchikey, &d.contacts, &d.failed_checks, &d.pose})
      out.put_text(*text);
    out.put_real(d.pose_probability);
  }
  journal_.append(out.bytes(), static_cast<std::uint32_t>(docked.size()));
}

CampaignJournal::Contents CampaignJournal::read() const {
  Contents contents;
  journal_.for_each([&](std::string_view payload, std::uint32_t) {
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
        visit_docked(in, [&](DockedCandidate d) {
          d.pose.clear();
          into.insert_or_assign(CandidateId{d.round, d.index}, std::move(d));
        });
        break;
      }
      default:
        throw StorageError("the campaign's journal holds a block of an unknown kind",
                           "start again with --overwrite");
    }
  });
  return contents;
}

std::map<CandidateId, std::string> CampaignJournal::poses(const std::vector<CandidateId>& wanted) const {
  const std::set<CandidateId> names(wanted.begin(), wanted.end());
  std::map<CandidateId, std::string> packed, out;
  for (const Block tier : {Block::docked, Block::final_tier})
    journal_.for_each([&](std::string_view payload, std::uint32_t) {
      ByteReader in(payload);
      if (static_cast<Block>(in.get_byte()) != tier) return;
      visit_docked(in, [&](DockedCandidate d) {
        const CandidateId id{d.round, d.index};
        if (!d.pose.empty() && names.count(id) > 0) packed.insert_or_assign(id, std::move(d.pose));
      });
    });
  for (const auto& [id, bytes] : packed) out.emplace(id, datasets::gunzip(bytes));
  return out;
}

}  // namespace theriac::generative
