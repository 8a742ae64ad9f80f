#include "scoring/docked_row.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "chem/error.hpp"

namespace theriac::scoring {
namespace {

using datasets::ByteReader;
using datasets::ByteWriter;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

template <typename Element, typename Put>
void put_all(ByteWriter& out, const std::vector<Element>& elements, Put put) {
  out.put_integer(static_cast<std::int64_t>(elements.size()));
  for (const auto& element : elements) put(element);
}

template <typename Element, typename Get>
std::vector<Element> get_all(ByteReader& in, Get get) {
  std::vector<Element> elements;
  for (std::int64_t n = in.get_integer(); n > 0; --n) elements.push_back(get());
  return elements;
}

void put_pose(ByteWriter& out, const DockedPose& pose) {
  for (const double value :
       {pose.score, pose.inter, pose.intra, pose.torsion_divisor, pose.rmsd_to_best, pose.rmsd_to_reference,
        pose.probability, pose.pose_affinity, pose.pose_affinity_size_corrected, pose.cnn_score,
        pose.cnn_affinity, pose.cnn_spread})
    out.put_real(value);
  put_all(out, pose.coordinates, [&](const chem::Vector3& p) {
    for (int axis = 0; axis < 3; ++axis) out.put_real(p[axis]);
  });
  put_all(out, pose.contacts, [&](const PoseContact& contact) {
    out.put_text(contact.type);
    out.put_text(contact.residue);
    out.put_integer(contact.ligand_atom);
    out.put_real(contact.distance);
  });
  for (const auto* text : {&pose.failed_checks, &pose.origin, &pose.waters, &pose.reasons})
    out.put_text(*text);
}

DockedPose get_pose(ByteReader& in) {
  DockedPose pose;
  for (double* value :
       {&pose.score, &pose.inter, &pose.intra, &pose.torsion_divisor, &pose.rmsd_to_best,
        &pose.rmsd_to_reference, &pose.probability, &pose.pose_affinity, &pose.pose_affinity_size_corrected,
        &pose.cnn_score, &pose.cnn_affinity, &pose.cnn_spread})
    *value = in.get_real();
  pose.coordinates = get_all<chem::Vector3>(in, [&] {
    chem::Vector3 p;
    for (int axis = 0; axis < 3; ++axis) p[axis] = in.get_real();
    return p;
  });
  pose.contacts = get_all<PoseContact>(in, [&] {
    PoseContact contact;
    contact.type = in.get_text();
    contact.residue = in.get_text();
    contact.ligand_atom = static_cast<int>(in.get_integer());
    contact.distance = in.get_real();
    return contact;
  });
  for (auto* text : {&pose.failed_checks, &pose.origin, &pose.waters, &pose.reasons}) *text = in.get_text();
  return pose;
}

void put_seed(ByteWriter& out, const SeedOutcome& seed) {
  out.put_integer(seed.number);
  for (const auto* text : {&seed.title, &seed.status, &seed.message}) out.put_text(*text);
  out.put_real(seed.score);
  out.put_real(seed.moved);
  out.put_integer(seed.pose);
}

SeedOutcome get_seed(ByteReader& in) {
  SeedOutcome seed;
  seed.number = in.get_integer();
  for (auto* text : {&seed.title, &seed.status, &seed.message}) *text = in.get_text();
  seed.score = in.get_real();
  seed.moved = in.get_real();
  seed.pose = in.get_integer();
  return seed;
}

}  // namespace

const std::vector<std::string>& row_status_names() {
  static const std::vector<std::string> names = {"ok", "failed", "skipped", "duplicate"};
  return names;
}

const std::vector<PropertyName>& property_names() {
  static const std::vector<PropertyName> names = {
      {"mw", "Da", "average molecular weight of the parent", 2},
      {"clogp", "", "octanol-water log P, Crippen's estimate", 2},
      {"tpsa", "A^2", "topological polar surface area", 1},
      {"hbd", "", "hydrogen-bond donors", 0},
      {"hba", "", "hydrogen-bond acceptors", 0},
      {"rotb", "", "rotatable bonds", 0},
      {"qed", "", "drug-likeness, 0 to 1, higher is better", 3},
      {"sa", "", "synthetic accessibility, 1 easy to 10 hard, lower is better", 2}};
  return names;
}

double DockedRow::score() const {
  return poses.empty() ? nan : poses.front().score;
}

double DockedRow::ranking_value(LigandOrder order) const {
  if (poses.empty()) return nan;
  switch (order) {
    case LigandOrder::energy:
      return score();
    case LigandOrder::affinity:
      return -poses.front().pose_affinity;
    case LigandOrder::size_corrected:
      break;
  }
  return -poses.front().pose_affinity_size_corrected;
}

double DockedRow::ligand_efficiency() const {
  return poses.empty() || heavy_atoms == 0 ? nan : poses.front().score / heavy_atoms;
}

int DockedRow::contact_count(const std::string& type) const {
  return poses.empty() ? 0 : scoring::contact_count(poses.front().contacts, type);
}

std::string DockedRow::contact_residues() const {
  return poses.empty() ? std::string() : scoring::contact_residues(poses.front().contacts);
}

void put_docked_row(ByteWriter& out, const DockedRow& row) {
  out.put_integer(row.input_index);
  out.put_text(row.input_file);
  out.put_integer(row.input_line);
  out.put_text(row.name);
  out.put_byte(static_cast<std::uint8_t>(row.status));
  for (const auto* text : {&row.message, &row.smiles_in, &row.smiles, &row.inchikey}) out.put_text(*text);
  out.put_integer(static_cast<std::int64_t>(row.key_high));
  out.put_integer(static_cast<std::int64_t>(row.key_low));
  out.put_integer(row.duplicate_of);
  out.put_integer(row.heavy_atoms);
  put_all(out, row.properties, [&](double value) { out.put_real(value); });
  out.put_text(row.alerts);
  put_all(out, row.poses, [&](const DockedPose& pose) { put_pose(out, pose); });
  put_all(out, row.seeds, [&](const SeedOutcome& seed) { put_seed(out, seed); });
  out.put_byte(row.has_contacts);
  out.put_text(row.pose_text);
  out.put_text(row.side_chains_text);
  out.put_text(row.pdbqt_text);
  put_all(out, row.input_columns, [&](const std::pair<std::string, std::string>& column) {
    out.put_text(column.first);
    out.put_text(column.second);
  });
  datasets::put_row(out, row.predicted);
}

DockedRow get_docked_row(ByteReader& in) {
  DockedRow row;
  row.input_index = in.get_integer();
  row.input_file = in.get_text();
  row.input_line = in.get_integer();
  row.name = in.get_text();
  const auto status = in.get_byte();
  if (status >= row_status_names().size())
    throw StorageError("a journal block holds a row of unknown status");
  row.status = static_cast<RowStatus>(status);
  for (auto* text : {&row.message, &row.smiles_in, &row.smiles, &row.inchikey}) *text = in.get_text();
  row.key_high = static_cast<std::uint64_t>(in.get_integer());
  row.key_low = static_cast<std::uint64_t>(in.get_integer());
  row.duplicate_of = in.get_integer();
  row.heavy_atoms = static_cast<int>(in.get_integer());
  row.properties = get_all<double>(in, [&] { return in.get_real(); });
  row.alerts = in.get_text();
  row.poses = get_all<DockedPose>(in, [&] { return get_pose(in); });
  row.seeds = get_all<SeedOutcome>(in, [&] { return get_seed(in); });
  row.has_contacts = in.get_byte() != 0;
  row.pose_text = in.get_text();
  row.side_chains_text = in.get_text();
  row.pdbqt_text = in.get_text();
  row.input_columns = get_all<std::pair<std::string, std::string>>(in, [&] {
    std::string name = in.get_text();
    return std::make_pair(std::move(name), in.get_text());
  });
  row.predicted = datasets::get_row(in);
  return row;
}

}  // namespace theriac::scoring
