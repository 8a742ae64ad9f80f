#include "generative/docked_candidate.hpp"

#include "chem/error.hpp"

namespace theriac::generative {

void put_reals(datasets::ByteWriter& out, const std::vector<double>& values) {
  out.put_integer(static_cast<std::int64_t>(values.size()));
  for (const double v : values) out.put_real(v);
}

std::size_t get_count(datasets::ByteReader& in) {
  const auto n = in.get_integer();
  if (n < 0)
    throw StorageError("the campaign's journal holds a negative count", "start again with --overwrite");
  return static_cast<std::size_t>(n);
}

std::vector<double> get_reals(datasets::ByteReader& in) {
  std::vector<double> values;
  for (std::size_t n = get_count(in); n > 0; --n) values.push_back(in.get_real());
  return values;
}

void put_docked(datasets::ByteWriter& out, const std::vector<DockedCandidate>& docked) {
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
}

std::vector<DockedCandidate> get_docked(datasets::ByteReader& in) {
  std::vector<DockedCandidate> out;
  for (std::size_t n = get_count(in); n > 0; --n) {
    DockedCandidate docked;
    docked.round = static_cast<int>(in.get_integer());
    docked.index = static_cast<int>(in.get_integer());
    docked.affinities = get_reals(in);
    docked.hydrogen_bonds = static_cast<int>(in.get_integer());
    for (std::string* text :
         {&docked.message, &docked.inchikey, &docked.contacts, &docked.failed_checks, &docked.pose})
      *text = in.get_text();
    docked.pose_probability = in.get_real();
    out.push_back(std::move(docked));
  }
  return out;
}

}  // namespace theriac::generative
