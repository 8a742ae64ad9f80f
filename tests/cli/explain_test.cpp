// theriac predict --explain as a user runs it, with endpoints trained on the spot.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <regex>

#include "datasets/results_table.hpp"
#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

/// A model whose measurements are log P of 60 starter molecules, as NAME/NAME.safetensors.
void train(const std::string& name, const TemporaryFolder& folder) {
  std::ifstream starter(THERIAC_STARTER_MOLECULES);
  std::ofstream some(folder / "some.smi");
  int molecules = 0;
  for (std::string line; molecules < 60 && std::getline(starter, line);)
    if (!line.empty() && line[0] != '#') {
      some << line << '\n';
      ++molecules;
    }
  some.close();
  REQUIRE(run_theriac("predict -l some.smi --columns clogp -o some.csv --overwrite", folder).exit_code == 0);
  const auto run =
      run_theriac("train properties --data some.csv --smiles_column smiles --target clogp --name " + name +
                      " --unit log10 --meaning 'made up' --trees 80 --members 1 --no_tuning -o " + name,
                  folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
}

std::string page_of(const std::string& arguments, const TemporaryFolder& folder) {
  const auto run = run_theriac("predict " + arguments, folder);
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  return theriac::datasets::read_file(folder / "p.html");
}

const char* const with_greasy = " --models greasy/greasy.safetensors ";

}  // namespace

TEST_CASE("the page of explanations holds each molecule once, its values and its neighbours") {
  TemporaryFolder folder;
  train("greasy", folder);
  std::ofstream(folder / "m.smi") << "CC(=O)Oc1ccccc1C(=O)O aspirin\n"
                                     "CCCCCCc1ccc(Cl)cc1C(=O)O <script>alert(1)</script>\nC1CC broken&co\n"
                                     "O=C1C=CC(=O)c2ccccc12 quinone\n";
  const std::string page =
      page_of(std::string("-l m.smi -o p.csv --explain p.html --max-failed 3") + with_greasy, folder);
  CHECK(count(page, "<section class=\"molecule\" id=\"m") == 3);
  CHECK(count(page, "id=\"m1\"") == 1);
  CHECK(count(page, "<article class=\"endpoint\">") == 3);
  CHECK(count(page, "<h3>greasy</h3>") == 3);
  CHECK_THAT(page, Contains("aspirin <small>record 1, 13 atoms</small>"));
  CHECK_THAT(page, Contains("nearest of 60 training molecules") && Contains("90 % interval"));
  CHECK_THAT(page, Contains("<b>Brenk</b>: phenol_ester<br>atoms 0 1 2 3 4 5 6 7 8 9"));
  CHECK_THAT(page, Contains("<b>PAINS A</b>: quinone_A(370)"));

  // names are text, whatever they hold, and the page loads nothing
  CHECK(count(page, "<script") == 0);
  CHECK_THAT(page, Contains("&lt;script&gt;alert(1)&lt;/script&gt;") && Contains("broken&amp;co") &&
                       Contains("never closed"));
  CHECK_FALSE(std::regex_search(page, std::regex("(src|href)=[\"'](?!#)")));

  // the same run again gives the same bytes, with another number of threads too
  CHECK(page ==
        page_of(std::string("-l m.smi --explain p.html --overwrite --max-failed 3 --cpu 1") + with_greasy,
                folder));
}

TEST_CASE("drawings of contributions mark atoms of the molecule and name the strongest") {
  TemporaryFolder folder;
  train("greasy", folder);
  const std::string page =
      page_of(std::string("--smiles 'CCCCCCCCc1ccc(Cl)cc1C(=O)O acid' --explain p.html --columns greasy") +
                  with_greasy,
              folder);
  const std::size_t title = page.find("<title>what each atom of ");
  REQUIRE(title != std::string::npos);
  const std::string drawing = page.substr(title, page.find("</svg>", title) - title);
  const std::size_t discs = count(drawing, "<ellipse");
  CHECK(discs >= 1);
  CHECK(discs <= 18);  // heavy atoms
  // labels say element and place in the SMILES of the page
  CHECK_THAT(page, Contains("<p class=\"smiles\">CCCCCCCCc1ccc(Cl)cc1C(=O)O</p>"));
  const std::string elements = "CCCCCCCCCCCC?CCCOO";  // 12 is the chlorine
  std::smatch words;
  REQUIRE(std::regex_search(page, words, std::regex("<b>raise:</b> ([^<]*)<br><b>lower:</b> ([^<]*)<br>")));
  const std::string all = words[1].str() + " " + words[2].str();
  std::size_t labels = 0;
  const std::regex label("(C|O|Cl)([0-9]+) ");
  for (std::sregex_iterator it(all.begin(), all.end(), label), end; it != end; ++it, ++labels) {
    const std::size_t atom = std::stoul((*it)[2]);
    REQUIRE(atom < elements.size());
    CHECK((*it)[1] == (elements[atom] == '?' ? std::string("Cl") : std::string(1, elements[atom])));
  }
  CHECK(labels >= 1);
  CHECK(labels <= 6);
}

TEST_CASE("a page holds the first molecules, and says that there are more") {
  TemporaryFolder folder;
  train("greasy", folder);
  const std::string page =
      page_of(std::string("-l some.smi --explain p.html --explain_top 4") + with_greasy, folder);
  CHECK(count(page, "<section class=\"molecule\" id=\"m") == 4);
  CHECK_THAT(page, Contains("4 molecules of some.smi, the first that could be predicted"));
  CHECK(run_theriac("predict -l some.smi --explain p.html", folder).exit_code == 2);  // it exists
}

TEST_CASE("endpoints of one's own are shown, others are chosen where nothing was asked for") {
  TemporaryFolder folder;
  train("greasy", folder);
  train("herg", folder);  // named as one that ships
  const std::string both =
      "--models herg/herg.safetensors,greasy/greasy.safetensors --explain p.html --overwrite ";
  const std::string own = page_of("--smiles CCCO " + both, folder);
  CHECK_THAT(own, Contains(": the 1 endpoint asked for."));
  CHECK(count(own, "<h3>greasy</h3>") == 1);
  CHECK_THAT(own, Contains("no basis") && Contains("out of domain"));  // few of the sixty are so small
  CHECK(count(own, "<h3>herg</h3>") == 0);
  const std::string named = page_of("--smiles CCCO --columns herg,greasy,mw " + both, folder);
  CHECK_THAT(named, Contains(": the 2 endpoints asked for.") && Contains("weight 60.1"));
  CHECK(count(named, "<h3>herg</h3>") == 1);
  const std::string chosen =
      page_of("--smiles CCCO --models herg/herg.safetensors --explain p.html --overwrite", folder);
  CHECK_THAT(chosen, Contains(": all endpoints (1).") && Contains("<h3>herg</h3>"));
  const std::string mixed = page_of(
      "--smiles CCCO --models default,greasy/greasy.safetensors --explain p.html --overwrite", folder);
  CHECK_THAT(
      mixed,
      Contains("the 1 endpoint asked for, and of 49 endpoints the 6 that stand furthest from the middle of "
               "approved drugs."));
  CHECK(count(mixed, "<article class=\"endpoint\">") == 7);
  CHECK(count(mixed, " % of approved drugs</p>") == 6);  // one's own assay has no percentiles
  // a column alone has the value that it has among all
  const std::string models =
      "predict --smiles CCCO --outside_domain value --models "
      "herg/herg.safetensors,greasy/greasy.safetensors ";
  REQUIRE(run_theriac(models + "-o all.csv", folder).exit_code == 0);
  REQUIRE(run_theriac(models + "--columns greasy -o one.csv", folder).exit_code == 0);
  const auto all = theriac::datasets::read_csv(theriac::datasets::read_file(folder / "all.csv"));
  const auto one = theriac::datasets::read_csv(theriac::datasets::read_file(folder / "one.csv"));
  const auto value = [](const auto& table) {
    const auto at = std::find(table[0].begin(), table[0].end(), "greasy") - table[0].begin();
    return table.at(1).at(static_cast<std::size_t>(at));
  };
  CHECK_FALSE(value(one).empty());
  CHECK(value(one) == value(all));
  CHECK(std::find(one[0].begin(), one[0].end(), "herg") == one[0].end());
  // percentiles among one's own molecules are named as such
  const std::string compared =
      page_of("--smiles CCCO --outside_domain value --compare_with some.smi " + both, folder);
  CHECK(std::regex_search(compared, std::regex("higher than [0-9]+ % of some.smi")));
}

TEST_CASE("without a trained endpoint there is nothing to explain, and that is said") {
  TemporaryFolder folder;
  const auto exact = run_theriac("predict --smiles CCO --columns qed,mw --explain p.html", folder);
  CHECK(exact.exit_code == 2);
  CHECK_THAT(exact.err, Contains("none of the columns is a trained endpoint") && Contains("--models"));
  const auto none = run_theriac("predict --smiles CCO --models none --explain p.html", folder);
  CHECK(none.exit_code == 2);
  CHECK_THAT(none.err, Contains("there is no trained endpoint to explain"));
  CHECK(run_theriac("predict --smiles CCO --explain p.html --explain_top 0", folder).exit_code == 2);
}
