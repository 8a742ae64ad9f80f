#include "scoring/docking_results.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <limits>
#include <random>

#include "datasets/durable_file.hpp"
#include "datasets/gzip.hpp"
#include "datasets/hdf5_file.hpp"
#include "datasets/results_table.hpp"
#include "scoring/docking_columns.hpp"
#include "tests/datasets/temporary_folder.hpp"

using namespace theriac;
using namespace theriac::scoring;
using datasets::read_csv;
using datasets::read_file;

namespace {

DockedRow docked(std::int64_t index, const std::string& name, double score) {
  DockedRow row;
  row.input_index = index;
  row.input_file = "ligands.smi";
  row.input_line = index + 1;
  row.name = name;
  row.status = RowStatus::ok;
  row.smiles_in = row.smiles = "CCO";
  row.heavy_atoms = 20;
  row.properties = {46.07, -0.0014, 20.23, 1, 1, 0, 0.407, 1.98};
  DockedPose pose;
  pose.score = score;
  pose.rmsd_to_reference = std::numeric_limits<double>::quiet_NaN();
  pose.coordinates = {{1, 2, 3}, {4, 5, 6}};
  pose.contacts = {{"hbond", "Met318", 1, 2.9}, {"hydrophobic", "Phe382", 0, 3.8}};
  row.poses = {pose, pose};
  row.has_contacts = true;
  row.pose_text = datasets::gzip(name + "\n$$$$\n");
  row.input_columns = {{"supplier", "A, B & Co"}, {"name", "their own"}};
  return row;
}

DockedRow failed(std::int64_t index) {
  DockedRow row;
  row.input_index = index;
  row.input_file = "ligands.smi";
  row.input_line = index + 1;
  row.name = "bad";
  row.message = "ring closure 1 is never closed";
  row.smiles_in = "c1ccccc(N";
  return row;
}

DockedRow duplicate(std::int64_t index, std::int64_t of) {
  DockedRow row;
  row.input_index = index;
  row.name = "again";
  row.smiles_in = "OCC";
  row.status = RowStatus::duplicate;
  row.duplicate_of = of;
  return row;
}

std::vector<DockedRow> rows() {
  return {docked(0, "ethanol", -3.25), failed(1), docked(2, "better", -9.5), duplicate(3, 0),
          duplicate(4, 1)};
}

datasets::RunIdentity identity() {
  datasets::RunIdentity run;
  run.command = "dock";
  return run;
}

/// Publishes the rows in blocks of `block` and gives back all bytes.
std::string published(const TemporaryFolder& folder, const std::string& name, std::size_t block) {
  datasets::RunFolder run(folder / name, identity());
  const auto all = rows();
  for (std::size_t at = 0; at < all.size(); at += block) {
    const std::vector<DockedRow> part(
        all.begin() + static_cast<std::ptrdiff_t>(at),
        all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), at + block)));
    run.journal().append(docked_block(part), static_cast<std::uint32_t>(part.size()));
  }
  DockingTarget target;
  target.name = "ABL1";
  target.receptor_pdb = "ATOM\n";
  const auto summary = publish_docking_results(run, target, {}, "1", 1);
  CHECK(summary.records == 5);
  CHECK(summary.ok == 2);
  CHECK(summary.failed == 1);
  CHECK(summary.duplicates == 2);
  REQUIRE(summary.best.size() == 1);
  CHECK(summary.best[0].name == "better");
  std::string bytes;
  for (const char* file : {"results.csv", "failures.csv", "results.h5", "poses.sdf.gz"})
    bytes += read_file(run.file(file));
  return bytes;
}

}  // namespace

TEST_CASE("one row out per row in, ranked, with the input's own columns") {
  TemporaryFolder folder;
  published(folder, "run", 2);
  const auto lines = read_csv(read_file(folder / "run/results.csv"));
  REQUIRE(lines.size() == 6);
  const auto cell = [&](std::size_t row, const std::string& column) {
    const auto found = std::find(lines[0].begin(), lines[0].end(), column);
    REQUIRE(found != lines[0].end());
    return lines[row + 1][static_cast<std::size_t>(found - lines[0].begin())];
  };
  CHECK(cell(0, "rank") == "2");
  CHECK(cell(2, "rank") == "1");
  CHECK(cell(0, "score_kcal_mol") == "-3.250");
  CHECK(cell(0, "le") == "-0.163");
  CHECK(cell(0, "clogp") == "0.00");
  CHECK(cell(0, "rmsd_ref").empty());
  CHECK(cell(0, "hbonds") == "1");
  CHECK(cell(0, "contacts") == "Met318 Phe382");
  CHECK(cell(0, "supplier") == "A, B & Co");
  CHECK(cell(0, "input_name") == "their own");
  CHECK(cell(1, "status") == "failed");
  CHECK(cell(1, "score_kcal_mol").empty());
  CHECK(cell(3, "status") == "duplicate");
  CHECK(cell(3, "name") == "again");
  CHECK(cell(3, "score_kcal_mol") == "-3.250");
  CHECK(cell(3, "message") == "same molecule as record 0 (ethanol)");
  CHECK(cell(3, "rank").empty());
  CHECK(cell(4, "status") == "failed");  // a repetition of a bad record is bad for the same reason
  CHECK(cell(4, "message") == "ring closure 1 is never closed");
  CHECK(read_csv(read_file(folder / "run/failures.csv")).size() == 3);
  CHECK(datasets::gunzip(read_file(folder / "run/poses.sdf.gz")) == "ethanol\n$$$$\nbetter\n$$$$\n");
}

TEST_CASE("who judged the poses decides which columns there are") {
  DockedPose pose;
  pose.probability = 0.75;
  pose.reasons = "many contacts";
  pose.cnn_score = 0.5;
  pose.origin = "seed 1";
  pose.pose_affinity = 6.5;
  pose.pose_affinity_size_corrected = -0.25;
  CHECK(judgement_columns({}).empty());
  CHECK(judgement_cells(pose, {}).empty());
  for (const PoseJudges& judges :
       {PoseJudges{true, false, false}, PoseJudges{false, true, false}, PoseJudges{false, false, true},
        PoseJudges{true, false, false, false, true}})
    CHECK(judgement_cells(pose, judges).size() == judgement_columns(judges).size());
  const auto cells = judgement_cells(pose, {true, true, true});
  CHECK(std::get<double>(cells[0]) == 0.75);
  CHECK(std::get<std::string>(cells[1]) == "many contacts");
  CHECK(std::get<double>(cells[2]) == 0.5);
  CHECK(std::holds_alternative<std::monostate>(cells[3]));  // no affinity was estimated
  CHECK(std::get<std::string>(cells[5]) == "seed 1");
  const auto said = judgement_cells(pose, {true, false, false, false, true});
  CHECK(std::get<double>(said[2]) == 6.5);
  CHECK(std::get<double>(said[3]) == -0.25);

  datasets::ByteWriter out;
  DockedRow row = docked(0, "judged", -5);
  row.poses = {pose};
  put_docked_row(out, row);
  const std::string bytes = out.bytes();
  datasets::ByteReader in(bytes);
  const DockedPose read = get_docked_row(in).poses.front();
  CHECK(read.probability == 0.75);
  CHECK(read.reasons == "many contacts");
  CHECK(read.cnn_score == 0.5);
  CHECK(std::isnan(read.cnn_affinity));
  CHECK(read.pose_affinity == 6.5);
  CHECK(read.pose_affinity_size_corrected == -0.25);
  CHECK(read.origin == "seed 1");
}

TEST_CASE("the files do not depend on how the journal was cut into blocks") {
  TemporaryFolder folder;
  CHECK(published(folder, "a", 1) == published(folder, "b", 5));
}

TEST_CASE("ranks and duplicates are those of sorting and joining all rows in memory") {
  TemporaryFolder folder;
  std::mt19937 random(8);
  std::vector<DockedRow> all;
  std::vector<std::pair<double, std::int64_t>> scores;
  for (std::int64_t i = 0; i < 500; ++i) {
    const std::int64_t of = i > 0 ? static_cast<std::int64_t>(random() % static_cast<std::uint32_t>(i)) : 0;
    if (i > 0 && random() % 3 == 0 && all[static_cast<std::size_t>(of)].duplicate_of < 0) {
      all.push_back(duplicate(i, of));
    } else if (random() % 5 == 0) {
      all.push_back(failed(i));
    } else {
      all.push_back(docked(i, "m" + std::to_string(i), 0.5 * (static_cast<double>(random() % 40) - 20)));
      if (random() % 9 == 0) all.back().poses[0].score = -0.0;
      scores.emplace_back(all.back().score(), i);
    }
  }
  std::sort(scores.begin(), scores.end());

  datasets::RunFolder run(folder / "run", identity());
  run.journal().append(docked_block(all), static_cast<std::uint32_t>(all.size()));
  ResultFiles files;
  files.best = 20;
  DockingTarget target;
  target.name = "ABL1";
  publish_docking_results(run, target, files, "1", 5);

  const auto lines = read_csv(read_file(run.file("results.csv")));
  REQUIRE(lines.size() == all.size() + 1);
  const auto cell = [&](std::size_t row, const std::string& column) {
    return lines[row + 1][static_cast<std::size_t>(std::find(lines[0].begin(), lines[0].end(), column) -
                                                   lines[0].begin())];
  };
  std::vector<std::string> ranks(all.size());
  for (std::size_t i = 0; i < scores.size(); ++i)
    ranks[static_cast<std::size_t>(scores[i].second)] = std::to_string(i + 1);
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(i);
    CHECK(cell(i, "rank") == ranks[i]);
    if (all[i].duplicate_of < 0) continue;
    const auto original = static_cast<std::size_t>(all[i].duplicate_of);
    CHECK(cell(i, "name") == "again");
    CHECK(cell(i, "score_kcal_mol") == cell(original, "score_kcal_mol"));
    CHECK(cell(i, "status") == (cell(original, "status") == "ok" ? "duplicate" : "failed"));
  }
  const auto best = read_csv(read_file(run.file("best.csv")));
  REQUIRE(best.size() == 21);
  for (std::size_t i = 1; i < best.size(); ++i)
    CHECK(best[i] == lines[static_cast<std::size_t>(scores[i - 1].second) + 1]);
  for (const auto& entry : std::filesystem::directory_iterator(folder / "run"))
    CHECK(entry.path().filename().string().rfind("scratch", 0) == std::string::npos);
}

TEST_CASE("ligands are ranked by what is asked for and those without it are not ranked") {
  TemporaryFolder folder;
  std::vector<DockedRow> all = {docked(0, "tight", -5), docked(1, "small", -9), docked(2, "unknown", -7)};
  all[0].poses[0].pose_affinity = 8;
  all[0].poses[0].pose_affinity_size_corrected = -0.5;
  all[1].poses[0].pose_affinity = 6;
  all[1].poses[0].pose_affinity_size_corrected = 0.5;
  DockingTarget target;
  target.name = "ABL1";
  const auto best = [&](LigandOrder order, const std::string& name) {
    datasets::RunFolder run(folder / name, identity());
    run.journal().append(docked_block(all), 3);
    ResultFiles files;
    files.order = order;
    std::string names;
    for (const auto& row : publish_docking_results(run, target, files, "1", 5).best) names += row.name + " ";
    return names;
  };
  CHECK(best(LigandOrder::energy, "a") == "small unknown tight ");
  CHECK(best(LigandOrder::affinity, "b") == "tight small ");
  CHECK(best(LigandOrder::size_corrected, "c") == "small tight ");
  const auto lines = read_csv(read_file(folder / "b/results.csv"));
  const auto rank =
      static_cast<std::size_t>(std::find(lines[0].begin(), lines[0].end(), "rank") - lines[0].begin());
  CHECK(lines[1][rank] == "1");
  CHECK(lines[2][rank] == "2");
  CHECK(lines[3][rank].empty());
}

TEST_CASE("results.h5 holds molecules, properties, scores, contacts and coordinates") {
  TemporaryFolder folder;
  published(folder, "run", 5);
  const auto file = datasets::Hdf5File::open(folder / "run/results.h5");
  CHECK(file.integer_attribute("/", "theriac_schema") == 1);
  CHECK(file.read_text("/molecules/name") ==
        std::vector<std::string>{"ethanol", "bad", "better", "again", "again"});
  CHECK(file.read_reals("/docking/ABL1/scores/score") == std::vector<double>{-3.25, -3.25, -9.5, -9.5});
  CHECK(file.read_integers("/docking/ABL1/scores/molecule") == std::vector<std::int64_t>{0, 0, 2, 2});
  CHECK(file.read_integers("/docking/ABL1/poses/offset") == std::vector<std::int64_t>{0, 2, 4, 6, 8});
  CHECK(file.read_reals("/docking/ABL1/poses/xyz").size() == 24);
  CHECK(file.read_text("/docking/ABL1/interactions/residue").size() == 8);
  CHECK(std::isnan(file.read_reals("/properties/mw")[1]));
  CHECK(file.unit("/properties/mw") == "Da");
  CHECK(file.unit("/docking/ABL1/scores/score") == "kcal/mol");
  CHECK(file.read_text("/docking/ABL1/receptor_pdb") == std::vector<std::string>{"ATOM\n"});
}

TEST_CASE("docs/results.md names every column and every group") {
  const std::string page = read_file(THERIAC_SOURCE_DIR "/docs/results.md");
  for (const auto& columns :
       {molecule_columns(), best_pose_columns(), judgement_columns({true, true, true, true, true}),
        property_columns(), contact_columns()})
    for (const auto& column : columns) {
      INFO(column.name);
      CHECK(page.find('`' + column.name + '`') != std::string::npos);
      CHECK_FALSE(column.description.empty());
    }
  TemporaryFolder folder;
  published(folder, "run", 5);
  const auto file = datasets::Hdf5File::open(folder / "run/results.h5");
  for (const auto& group : file.members("/docking/ABL1")) {
    INFO(group);
    CHECK(page.find(group) != std::string::npos);
  }
}
