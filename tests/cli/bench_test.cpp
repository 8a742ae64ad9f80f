// The benchmark command: resuming tables, other programs, reports.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <limits>

#include "chem/error.hpp"
#include "chem/pdbqt.hpp"
#include "cli/child_process.hpp"
#include "cli/figure.hpp"
#include "cli/growing_table.hpp"
#include "cli/redock_input.hpp"
#include "cli/redock_report.hpp"
#include "cli/redock_set.hpp"
#include "cli/screening_report.hpp"
#include "cli/screening_set.hpp"
#include "cli/vina_program.hpp"
#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;
using namespace theriac::cli;
using theriac::datasets::read_file;

namespace {

const Settings settings = {{"exhaustiveness", "8"}, {"seed", "1"}};

void write(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

RedockRow row(const std::string& id, double ours, double theirs, double our_seconds, double their_seconds) {
  RedockRow r;
  r.id = id;
  r.status = "ok";
  r.theriac.ran = r.vina.ran = true;
  r.theriac.set_rmsds({ours, 9.0, 1.5});
  r.vina.set_rmsds({theirs});
  r.theriac.wall_seconds = r.theriac.cpu_seconds = our_seconds;
  r.vina.wall_seconds = r.vina.cpu_seconds = their_seconds;
  return r;
}

}  // namespace

TEST_CASE("a table continues where it was stopped and drops a row cut short") {
  TemporaryFolder folder;
  const std::string path = folder / "rows.csv";
  {
    GrowingTable table(path, {"id", "text"}, 1, settings, false);
    table.append({{"a", "one, \"two\""}, {"b", ""}});
    CHECK_THROWS_AS(GrowingTable(path, {"id", "text"}, 1, settings, false), theriac::StorageError);
  }
  std::ofstream(path, std::ios::app) << "c,half";
  GrowingTable table(path, {"id", "text"}, 1, settings, false);
  CHECK(table.rows().size() == 2);
  CHECK(table.rows()[0][1] == "one, \"two\"");
  CHECK(table.contains({"b"}));
  CHECK_FALSE(table.contains({"c"}));
  table.append({{"c", "whole"}});
  CHECK(read_file(path) == "id,text\na,\"one, \"\"two\"\"\"\nb,\nc,whole\n");
}

TEST_CASE("rows made with other settings are not mixed in") {
  TemporaryFolder folder;
  const std::string path = folder / "rows.csv";
  { GrowingTable(path, {"id"}, 1, settings, false).append({{"a"}}); }
  const Settings other = {{"exhaustiveness", "32"}, {"seed", "1"}};
  CHECK_THROWS_WITH(GrowingTable(path, {"id"}, 1, other, false),
                    Contains("were made with exhaustiveness = '8', now it is '32'"));
  CHECK_THROWS_WITH(GrowingTable(path, {"id", "more"}, 1, settings, false), Contains("other columns"));
  CHECK(GrowingTable(path, {"id"}, 1, other, true).rows().empty());
}

TEST_CASE("a child's output, exit code and processor time are kept") {
  const auto ok = run_child({find_program("sh"), "-c", "echo out; echo err >&2; exit 3"});
  CHECK(ok.exit_code == 3);
  CHECK_THAT(ok.output, Contains("out\n") && Contains("err\n"));
  const auto busy =
      run_child({find_program("sh"), "-c", "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done"});
  CHECK(busy.cpu_seconds > 0.005);
  CHECK(busy.wall_seconds >= 0.9 * busy.cpu_seconds);
  CHECK(run_child({find_program("sleep"), "0.2"}).wall_seconds >= 0.2);
  CHECK(run_child({find_program("sh"), "-c", "kill -9 $$"}).exit_code == 137);
  CHECK(find_program("no-such-program").empty());
  CHECK_THROWS_AS(run_child({"/no/such/program"}), theriac::InputError);
}

TEST_CASE("vina's words and poses are read") {
  const auto score = read_vina_score(
      "Estimated Free Energy of Binding   : -7.532 (kcal/mol) [=(1)+(2)+(3)+(4)]\n"
      "(1) Final Intermolecular Energy    : -9.125 (kcal/mol)\n");
  CHECK(score.affinity == -7.532);
  CHECK(score.inter == -9.125);
  CHECK_THROWS_AS(read_vina_score("nothing"), theriac::InputError);
  const auto model = [](const std::string& number, const std::string& affinity, const std::string& z) {
    return "MODEL " + number + "\nREMARK VINA RESULT:    " + affinity +
           "      0.000      0.000\nROOT\nATOM      1  C1  UNL     1       1.000   2.000" + z +
           "  1.00  0.00    +0.000 C \nENDROOT\nTORSDOF 0\nENDMDL\n";
  };
  const auto poses =
      read_vina_poses(model("1", "-7.100", "   3.000") + model("2", "-6.5", "   4.500"), "out.pdbqt");
  REQUIRE(poses.size() == 2);
  CHECK(poses[0].affinity == -7.1);
  CHECK(poses[1].affinity == -6.5);
  CHECK(poses[1].coordinates.at(0).z == 4.5);
}

TEST_CASE("a set of complexes is read from its index") {
  TemporaryFolder folder;
  const std::string header =
      "pdbid,receptor,box_center_x,box_center_y,box_center_z,box_size_x,box_size_y,box_size_z\n";
  write(folder / "index.csv", header +
                                  "1abc,receptor.pdb,1,2,3,20,21,22\n2abc,receptor.pdbqt,-1,0,0.5,20,20,20\n"
                                  "3abc,receptor.pdb,1,2,3,20,20,20\n");
  const auto all = read_redock_set(folder.path());
  REQUIRE(all.size() == 3);
  CHECK(all[0].box.size.y == 21);
  CHECK(all[0].start.empty());
  CHECK_THAT(all[1].receptor, Contains("/2abc/receptor.pdbqt"));
  CHECK(read_redock_set(folder.path(), {2, 0, {}}).size() == 2);
  CHECK(read_redock_set(folder.path(), {1, 1, {}}).size() == 1);
  CHECK(read_redock_set(folder.path(), {1, 0, {"3abc"}}).at(0).id == "3abc");
  CHECK_THROWS_WITH(read_redock_set(folder.path(), {1, 0, {"4abc"}}), Contains("no complex '4abc'"));
  write(folder / "index.csv", header + "1abc,receptor.pdb,1,2,x,20,21,22\n");
  CHECK_THROWS_WITH(read_redock_set(folder.path()),
                    Contains("'x' is no number (row 1") && Contains("box_center_z"));
}

TEST_CASE("a redocking row survives its CSV") {
  RedockRow before = row("1abc", 0.8, 3.1, 0.5, 12.5);
  before.message = "vina: said \"no\", twice";
  before.evaluations = 123456789012;
  before.failed_checks = "internal_clash 2";
  const RedockRow after = redock_row(redock_cells(before));
  CHECK(after.id == "1abc");
  CHECK(after.theriac.rmsd_top1 == 0.8);
  CHECK(after.theriac.ran);
  CHECK(after.vina.wall_seconds == 12.5);
  CHECK(after.message == before.message);
  CHECK(after.evaluations == 123456789012);
  CHECK(redock_columns().size() == redock_cells(before).size());
  CHECK(std::isnan(redock_row(redock_cells(RedockRow{})).theriac.score));
}

TEST_CASE("the report counts an engine without poses as a miss and leaves it out of the ratios") {
  std::vector<RedockRow> rows = {row("1aaa", 0.5, 0.6, 1, 20), row("1bbb", 5, 0.6, 1, 40),
                                 row("1ccc", 1.0, 6, 1, 10)};
  RedockRow failed;
  failed.id = "1ddd";
  failed.status = "failed";
  failed.message = "vina: crashed";
  failed.theriac = rows[0].theriac;
  rows.push_back(failed);
  RedockReportHead head;
  head.vina_version = "1.2.3";
  head.left_out = {"2x00"};
  const auto report = redock_report(rows, head);
  CHECK(success(rows, &RedockRow::theriac, &RedockResult::rmsd_top1).value == 0.75);
  CHECK(success(rows, &RedockRow::theriac, &RedockResult::rmsd_top3).value == 1);
  CHECK(success(rows, &RedockRow::vina, &RedockResult::rmsd_top1).value == 0.5);
  CHECK_THAT(report.markdown, Contains("75.0 %") && Contains("+25.0 points") && Contains("20x (10 to 40)") &&
                                  Contains("1ddd: vina: crashed") && Contains("Left out") &&
                                  Contains("2x00") &&
                                  Contains("Both engines gave poses for 3 of 4 complexes"));
  CHECK_THAT(report.json, Contains("\"throughput_wall_ratio\""));
  CHECK_THAT(report.figure, Contains("1bbb: Theriac 1.00 s, Vina 40.00 s") && Contains("</svg>"));
  head.vina_version.clear();
  CHECK_THAT(redock_report(rows, head).markdown, !Contains("Vina"));
}

TEST_CASE("axes have round ticks") {
  CHECK(axis_ticks({"", 0, 5, false}) == std::vector<double>{0, 1, 2, 3, 4, 5});
  CHECK(axis_ticks({"", 0, 100, false}) == std::vector<double>{0, 20, 40, 60, 80, 100});
  const auto decades = axis_ticks({"", 0.1, 1000, true});
  CHECK(decades.size() == 5);
  CHECK(decades[2] == Approx(10));
}

TEST_CASE("poses from another program come back in the order of the ligand") {
  TemporaryFolder folder;
  theriac::chem::FlexibleLigand ligand;
  ligand.name = "ethanol";
  const auto add = [&](const char* type, int element, double x) {
    theriac::chem::LigandAtom atom;
    atom.name = atom.autodock_type = type;
    atom.element = element;
    atom.position = {x, 0.1 * x, 0};
    ligand.atoms.push_back(atom);
  };
  add("OA", 8, 2.9);
  add("C", 6, 0);
  add("C", 6, 1.5);
  ligand.bonds = {{1, 2}, {0, 2}};
  ligand.fragments = {{-1, -1, -1, {1, 2, 0}}};
  const LigandFile file(ligand, folder / "ligand.pdbqt");
  auto model = theriac::chem::read_pdbqt_ligand(read_file(file.path()), "ligand.pdbqt");
  std::vector<theriac::chem::Vector3> pose;
  for (const auto& atom : model.atoms) pose.push_back(atom.position);
  const auto ordered = file.in_ligand_order(pose);
  for (std::size_t i = 0; i < ordered.size(); ++i)
    CHECK(theriac::chem::distance(ordered[i], ligand.atoms[i].position) < 0.001);
  pose.pop_back();
  CHECK_THROWS_AS(file.in_ligand_order(pose), theriac::MoleculeError);
}

TEST_CASE("bench says what it needs") {
  TemporaryFolder folder;
  CHECK(run_theriac("bench", folder).exit_code == 2);
  CHECK_THAT(run_theriac("bench redock", folder).err, Contains("--data DIR"));
  const auto missing = run_theriac("bench redock --data nowhere", folder);
  CHECK(missing.exit_code == 3);
  CHECK_THAT(missing.err, Contains("nowhere/index.csv"));
}

namespace {

ScreeningRow screened(int number, bool active, double score) {
  ScreeningRow row;
  row.set = "S";
  row.row = number;
  row.id = "m" + std::to_string(number);
  row.active = active;
  row.status = "ok";
  row.molecular_weight = 300 + (active ? -number : number);
  row.heavy_atoms = 20;
  row.clogp = 1;
  row.score = score;
  row.wall_seconds = row.cpu_seconds = 0.5;
  return row;
}

}  // namespace

TEST_CASE("a smaller draw of molecules is part of every larger one") {
  TemporaryFolder folder;
  std::string text = "smiles,id,active\n";
  for (int i = 0; i < 60; ++i) text += "C,m" + std::to_string(i) + "," + (i % 6 == 0 ? "1" : "0") + "\n";
  write(folder / "molecules.csv", text);
  ScreeningSet set;
  set.name = "S";
  set.molecules = folder / "molecules.csv";
  const auto few = draw_molecules(set, 3, 10, 1), more = draw_molecules(set, 5, 30, 1);
  CHECK(few.size() == 13);
  CHECK(more.size() == 35);
  for (const auto& molecule : few)
    CHECK(
        std::any_of(more.begin(), more.end(), [&](const auto& other) { return other.row == molecule.row; }));
  const auto other = draw_molecules(set, 3, 10, 2);
  CHECK_FALSE(std::equal(few.begin(), few.end(), other.begin(),
                         [](const auto& a, const auto& b) { return a.row == b.row; }));
  CHECK(draw_molecules(set, 0, 0, 1).size() == 60);
}

TEST_CASE("receptors of screening sets are found, and a set may have no box") {
  TemporaryFolder folder;
  write(folder / "index.csv",
        "set,target,receptor,center_x,center_y,center_z,size_x,size_y,size_z\n"
        "A,T,targets/T.pdbqt.gz,1,2,3,30,30,30\nB,U,receptor.pdb in folder,,,,,,\n");
  const auto sets = read_screening_sets(folder.path(), "elsewhere");
  REQUIRE(sets.size() == 2);
  CHECK(sets[0].receptor == "elsewhere/T.pdbqt.gz");
  CHECK(sets[0].box->size.z == 30);
  CHECK(sets[1].receptor == folder / "B/receptor.pdb");
  CHECK_FALSE(sets[1].box.has_value());
  CHECK_THROWS_WITH(read_screening_sets(folder.path(), "elsewhere", {"C"}), Contains("no screening set 'C'"));
}

TEST_CASE("the screening report ranks docking, properties and Vina on the same molecules") {
  std::vector<ScreeningRow> rows, vina;
  for (int i = 0; i < 40; ++i) rows.push_back(screened(i, i < 8, i < 8 ? -10 - 0.1 * i : -6 - 0.05 * i));
  rows[39].score = std::numeric_limits<double>::quiet_NaN();
  rows[39].status = "failed";
  rows[39].message = "no 3D";
  for (int i = 0; i < 20; ++i) {
    vina.push_back(screened(i, i < 8, i < 8 ? -6 : -9));
    vina.back().wall_seconds = 5;
  }
  ScreeningReportHead head;
  head.vina_version = "1.2.3";
  const auto report = screening_report(rows, vina, head);
  CHECK_THAT(report.markdown, Contains("| S | Theriac | 8 | 32 | 5.000 (5.000 to 5.000) | 1.000 (1.000 to "
                                       "1.000) | 1.000 (1.000 to 1.000) |"));
  CHECK_THAT(report.markdown, Contains("| S | Vina | 8 | 12 | 0.000 (0.000 to 0.000) | 0.000"));
  CHECK_THAT(report.markdown, Contains("| S | molecular weight alone | 8 | 32 | 0.000"));
  CHECK_THAT(report.markdown, Contains("Vina takes 10 times the wall time") && Contains("S m39: no 3D"));
  CHECK_THAT(report.json, Contains("\"Theriac - Vina\""));
  CHECK_THAT(report.figure, Contains("S: Theriac 1.00, Vina 0.00"));
  CHECK_THAT(screening_report(rows, {}, head).markdown, !Contains("Theriac - Vina"));
  CHECK(screening_row(screening_cells(rows[3])).score == Approx(-10.3));
  CHECK_THAT(report.markdown, !Contains("Beside heavy atoms"));  // one set has no interval over sets

  for (auto& row : rows) {
    row.heavy_atoms = 20;  // ties: 0.5
    row.pose_affinity = row.active ? 8 : 5;
    row.pose_affinity_size_corrected = row.active ? -1 : 1;
  }
  auto sets = rows;
  for (auto row : rows) {
    row.set = "T";
    sets.push_back(row);
  }
  const auto beside = screening_report(sets, {}, head).markdown;
  const std::string after = beside.substr(beside.find("## Beside heavy atoms alone"));
  CHECK_THAT(after, Contains("0.500 (0.500 to 0.500) |\n| mean | pose affinity, size-corrected"));
  CHECK_THAT(after.substr(after.find("| mean | pose affinity, size-corrected")),
             Contains("-0.500 (-0.500 to -0.500) |"));
  CHECK(screening_row(screening_cells(rows[3])).pose_affinity == 8);
  CHECK(screening_row(screening_cells(rows[3])).pose_affinity_size_corrected == -1);
}
