// Our values beside those of RDKit's own Python modules (QED, Contrib/SA_Score, FilterCatalog, MurckoScaffold
// ...) on 1,000 molecules of ../shared/data/molecules.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <sstream>

#include "chem/fingerprint.hpp"
#include "chem/scaffold.hpp"
#include "chem/structural_alerts.hpp"
#include "scoring/drug_likeness.hpp"
#include "scoring/property_scorer.hpp"

using namespace theriac::chem;
using namespace theriac::scoring;

namespace {

using Row = std::map<std::string, std::string>;

std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = line.find('\t', begin);
    out.push_back(line.substr(begin, end - begin));
    if (end == std::string::npos) return out;
    begin = end + 1;
  }
}

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  char block[65536];
  while (const std::size_t n = std::fread(block, 1, sizeof block, pipe.get())) text.append(block, n);
  return text;
}

/// One map per molecule, column name to text; empty when RDKit for Python is not installed.
std::vector<Row> reference_rows(const std::string& folder, int count) {
  if (std::system("'" THERIAC_PYTHON "' -c 'import rdkit.Chem.QED' 2>/dev/null") != 0) return {};
  std::istringstream lines(output_of("'" THERIAC_PYTHON "' '" THERIAC_TEST_DATA
                                     "/../scoring/rdkit_reference.py' '" +
                                     folder + "' " + std::to_string(count)));
  std::string line;
  std::getline(lines, line);
  const auto names = fields(line);
  std::vector<Row> rows;
  while (std::getline(lines, line)) {
    const auto values = fields(line);
    REQUIRE(values.size() == names.size());
    Row row;
    for (std::size_t i = 0; i < names.size(); ++i) row[names[i]] = values[i];
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string hexadecimal(const Fingerprint& f) {
  std::string out;
  for (std::size_t byte = 0; byte < f.bits() / 8; ++byte) {
    char text[3];
    std::snprintf(text, sizeof text, "%02x",
                  static_cast<unsigned>(f.words[byte / 8] >> 8 * (byte % 8) & 0xff));
    out += text;
  }
  return out;
}

std::string alert_names(const std::vector<Alert>& alerts, AlertSet set) {
  std::string out;
  for (const auto& alert : alerts)
    if (alert.set == set) out += (out.empty() ? "" : "; ") + alert.name;
  return out;
}

/// The largest deviation of each column over all molecules.
class Deviations {
 public:
  void note(const std::string& column, double ours, const Row& row) {
    double& worst = worst_[column];
    worst = std::max(worst, std::fabs(ours - std::stod(row.at(column))));
  }
  double of(const std::string& column) const { return worst_.at(column); }
  std::string text() const {
    std::ostringstream out;
    for (const auto& [column, worst] : worst_) out << column << " " << worst << "  ";
    return out.str();
  }

 private:
  std::map<std::string, double> worst_;
};

void check_texts(const Molecule& molecule, const Row& row) {
  CHECK(hexadecimal(morgan_fingerprint(molecule)) == row.at("bits"));
  CHECK(murcko_scaffold(molecule) == row.at("scaffold"));
  CHECK(generic_scaffold(molecule) == row.at("generic"));
  const auto alerts = structural_alerts(molecule);
  CHECK(alert_names(alerts, AlertSet::pains_a) == row.at("PAINS_A"));
  CHECK(alert_names(alerts, AlertSet::pains_b) == row.at("PAINS_B"));
  CHECK(alert_names(alerts, AlertSet::pains_c) == row.at("PAINS_C"));
  CHECK(alert_names(alerts, AlertSet::brenk) == row.at("BRENK"));
  CHECK(alert_names(alerts, AlertSet::nih) == row.at("NIH"));
}

}  // namespace

TEST_CASE("descriptors, QED, SA, alerts, fingerprints and scaffolds equal RDKit's on 1,000 molecules") {
  const std::string folder = THERIAC_SHARED_DATA "/data/molecules";
  if (!std::filesystem::exists(folder)) {
    WARN("skipped: needs ../shared/data/molecules");
    return;
  }
  const auto rows = reference_rows(folder, 1000);
  if (rows.empty()) {
    WARN("skipped: needs the Debian package python3-rdkit");
    return;
  }
  REQUIRE(rows.size() >= 1000);

  std::vector<Molecule> molecules;
  for (const auto& row : rows) molecules.push_back(Molecule::from_smiles(row.at("smiles")));
  const auto scores = PropertyScorer().score(molecules);
  Deviations deviations;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    INFO(rows[i].at("smiles"));
    REQUIRE(scores[i].message.empty());
    for (const auto& score : scores[i].scores)
      if (rows[i].count(score.name())) deviations.note(score.name(), score.value, rows[i]);
    const auto d = descriptors(molecules[i]);
    deviations.note("lipinski_donors", d.lipinski_donors, rows[i]);
    deviations.note("lipinski_acceptors", d.lipinski_acceptors, rows[i]);
    const auto& before = molecules[i ? i - 1 : 0];
    deviations.note("tanimoto_bits", tanimoto(morgan_fingerprint(molecules[i]), morgan_fingerprint(before)),
                    rows[i]);
    deviations.note("tanimoto_counts", tanimoto(morgan_counts(molecules[i]), morgan_counts(before)), rows[i]);
    check_texts(molecules[i], rows[i]);
  }
  WARN("largest deviations over " << rows.size() << " molecules: " << deviations.text());
  CHECK(deviations.of("qed") < 1e-3);
  CHECK(deviations.of("sa") < 1e-3);
  CHECK(deviations.of("mw") < 1e-6);
  CHECK(deviations.of("refractivity") < 1e-6);
  for (const char* same : {"clogp", "tpsa", "fsp3", "hbd", "hba", "rotb", "rings", "aromatic_rings",
                           "heteroatoms", "heavy_atoms", "charge", "lipinski_donors", "lipinski_acceptors",
                           "tanimoto_bits", "tanimoto_counts"}) {
    INFO(same);
    CHECK(deviations.of(same) < 1e-9);
  }
}
