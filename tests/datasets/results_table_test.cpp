#include "datasets/results_table.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>

#include "chem/error.hpp"
#include "datasets/gzip.hpp"
#include "tests/datasets/temporary_folder.hpp"

using Catch::Matchers::Contains;
using theriac::InputError;
using theriac::StorageError;
using namespace theriac::datasets;

namespace {

const std::vector<Column> columns = {
    {"input_index", ColumnType::int64, "", "record number in the input, from 0", -1, {}},
    {"name", ColumnType::text, "", "name in the input", -1, {}},
    {"status", ColumnType::category, "", "what became of the record", -1, {"ok", "failed"}},
    {"score_kcal_mol", ColumnType::float32, "kcal/mol", "docking score, lower is better", 2, {}}};

const double nan = std::numeric_limits<double>::quiet_NaN();

Row row(std::int64_t index, const std::string& name, std::int64_t status, Cell score) {
  return {Cell(index), Cell(name), Cell(status), std::move(score)};
}

const std::vector<Row> rows = {row(0, "imatinib", 0, -12.6149),
                               row(1, "a \"quoted\", name\nin two lines", 0, -0.001),
                               row(2, "naïve β", 1, Cell()), row(3, "", 0, nan)};

void write_hdf5(const std::string& path) {
  auto file = Hdf5File::create(path);
  file.set_attribute("/", "theriac_schema", std::int64_t{1});
  file.set_attribute("/", "kind", "run");
  Hdf5Table table(file, "/molecules", columns);
  for (const auto& r : rows) table.append(r);
  table.flush();
  file.close();
}

}  // namespace

TEST_CASE("CSV quotes what needs quotes and leaves missing values empty") {
  TemporaryFolder folder;
  CsvTable table(folder / "results.csv", columns);
  for (const auto& r : rows) table.append(r);
  table.publish();
  const std::string text = read_file(folder / "results.csv");
  CHECK(text ==
        "input_index,name,status,score_kcal_mol\n"
        "0,imatinib,ok,-12.61\n"
        "1,\"a \"\"quoted\"\", name\nin two lines\",ok,0.00\n"
        "2,naïve β,failed,\n"
        "3,,ok,\n");
  const auto fields = read_csv(text);
  REQUIRE(fields.size() == 5);
  CHECK(fields[2][1] == "a \"quoted\", name\nin two lines");
  CHECK(fields[4] == std::vector<std::string>{"3", "", "ok", ""});
  CHECK_THROWS_AS(table.append({Cell()}), StorageError);
}

TEST_CASE("rows survive the journal bit for bit") {
  ByteWriter out;
  for (const auto& r : rows) put_row(out, r);
  ByteReader in(out.bytes());
  for (const auto& r : rows) {
    const Row back = get_row(in);
    REQUIRE(back.size() == r.size());
    for (std::size_t i = 0; i < r.size(); ++i)
      CHECK(cell_text(back[i], columns[i]) == cell_text(r[i], columns[i]));
  }
  CHECK(in.at_end());
  ByteReader cut(std::string_view(out.bytes()).substr(0, out.bytes().size() / 2));
  CHECK_THROWS_AS(
      [&] {
        while (true) get_row(cut);
      }(),
      StorageError);
}

TEST_CASE("HDF5 columns come back with units and missing values") {
  TemporaryFolder folder;
  write_hdf5(folder / "results.h5");
  const auto file = Hdf5File::open(folder / "results.h5");
  CHECK(file.integer_attribute("/", "theriac_schema") == 1);
  CHECK(file.text_attribute("/", "kind") == "run");
  CHECK(file.members("/molecules") ==
        std::vector<std::string>{"input_index", "name", "score_kcal_mol", "status"});
  CHECK(file.unit("/molecules/score_kcal_mol") == "kcal/mol");
  CHECK(file.read_text("/molecules/name")[2] == "naïve β");
  CHECK(file.read_integers("/molecules/status") == std::vector<std::int64_t>{0, 0, 1, 0});
  const auto scores = file.read_reals("/molecules/score_kcal_mol");
  CHECK(scores[0] == Approx(-12.6149));
  CHECK(std::isnan(scores[2]));
  CHECK_FALSE(file.has("/molecules/absent"));
  CHECK_THROWS_WITH(file.read_reals("/molecules/absent"), Contains("/molecules/absent"));
}

TEST_CASE("equal tables are equal bytes") {
  TemporaryFolder folder;
  write_hdf5(folder / "a.h5");
  write_hdf5(folder / "b.h5");
  CHECK(read_file(folder / "a.h5") == read_file(folder / "b.h5"));
}

TEST_CASE("columns longer than a chunk and with three numbers a row") {
  TemporaryFolder folder;
  {
    auto file = Hdf5File::create(folder / "poses.h5");
    Hdf5Table table(file, "/docking/ABL1/scores",
                    {{"score", ColumnType::float64, "kcal/mol", "score", -1, {}}});
    for (int i = 0; i < 10000; ++i) table.append({Cell(0.25 * i)});
    table.flush();
    file.create_column("/docking/ABL1/poses/xyz",
                       {"xyz", ColumnType::float32, "angstrom", "positions", -1, {}}, 3);
    file.append("/docking/ABL1/poses/xyz", std::vector<double>{1, 2, 3, 4, 5, 6});
    file.close();
  }
  const auto file = Hdf5File::open(folder / "poses.h5");
  const auto scores = file.read_reals("/docking/ABL1/scores/score");
  REQUIRE(scores.size() == 10000);
  CHECK(scores[9999] == 2499.75);
  CHECK(file.read_reals("/docking/ABL1/poses/xyz") == std::vector<double>{1, 2, 3, 4, 5, 6});
}

TEST_CASE("a foreign, cut or missing HDF5 file is refused by name") {
  TemporaryFolder folder;
  std::ofstream(folder / "foreign.h5") << "not HDF5 at all";
  CHECK_THROWS_WITH(Hdf5File::open(folder / "foreign.h5"),
                    Contains("foreign.h5") && Contains("is not an HDF5 file"));
  write_hdf5(folder / "cut.h5");
  const std::string whole = read_file(folder / "cut.h5");
  std::ofstream(folder / "cut.h5", std::ios::trunc) << whole.substr(0, whole.size() / 2);
  CHECK_THROWS_WITH(Hdf5File::open(folder / "cut.h5"), Contains("is damaged"));
  CHECK_THROWS_AS(Hdf5File::open(folder / "absent.h5"), InputError);
}

TEST_CASE("h5py and numpy read every column") {
  const std::string python = THERIAC_PYTHON;
  if (python.empty() || std::system((python + " -c 'import h5py' 2> /dev/null").c_str()) != 0) {
    WARN("skipped: needs python3-h5py");
    return;
  }
  TemporaryFolder folder;
  write_hdf5(folder / "results.h5");
  std::ofstream(folder / "read.py")
      << "import h5py, sys\n"
         "f = h5py.File(sys.argv[1], 'r')\n"
         "m = f['molecules']\n"
         "assert f.attrs['theriac_schema'] == 1 and f.attrs['kind'] == 'run'\n"
         "print(m['name'].asstr()[2], '%.2f' % m['score_kcal_mol'][0], m['status'][2],\n"
         "      h5py.check_enum_dtype(m['status'].dtype), m['score_kcal_mol'].attrs['unit'])\n";
  std::FILE* pipe =
      popen((python + " " + (folder / "read.py") + " " + (folder / "results.h5") + " 2>&1").c_str(), "r");
  REQUIRE(pipe);
  char line[512] = {};
  const bool any = std::fgets(line, sizeof line, pipe) != nullptr;
  CHECK(pclose(pipe) == 0);
  REQUIRE(any);
  CHECK(std::string(line) == "naïve β -12.61 1 {'ok': 0, 'failed': 1} kcal/mol\n");
}

TEST_CASE("gzip members join, carry no time, and damage is noticed") {
  const std::string joined = gzip("imatinib\n") + gzip("") + gzip("nilotinib\n");
  CHECK(gunzip(joined) == "imatinib\nnilotinib\n");
  CHECK(joined.substr(4, 4) == std::string(4, '\0'));
  CHECK_THROWS_AS(gunzip(joined.substr(0, joined.size() - 3)), StorageError);
  std::string damaged = joined;
  damaged[14] ^= 4;
  CHECK_THROWS_AS(gunzip(damaged), StorageError);
}

TEST_CASE("a disk that is full under an HDF5 file is said and the program ends as it should") {
  const TemporaryFolder folder;
  const std::string path = folder / "results.h5";
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);  // a limit on file size fails a write, as a full disk does
    const rlimit limit{4000, 4000};
    setrlimit(RLIMIT_FSIZE, &limit);
    int status = 1;
    try {
      auto file = Hdf5File::create(path);
      Hdf5Table table(file, "/molecules", columns);
      for (int i = 0; i < 20000; ++i) table.append(row(i, "molecule " + std::to_string(i), 0, 0.01 * i));
      table.flush();
      file.close();
    } catch (const StorageError& error) {
      status = std::string(error.what()).find("disk full while writing '" + path + "'") == 0 ? 0 : 2;
    }
    std::exit(status);  // HDF5 would crash here, were it asked to end
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
