#include "cli/report.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <limits>

#include "chem/depiction.hpp"
#include "chem/error.hpp"
#include "cli/report_plot.hpp"
#include "tests/datasets/temporary_folder.hpp"

using Catch::Matchers::Contains;
using Catch::Matchers::Equals;
using namespace theriac;
using namespace theriac::cli;

namespace {

RunReport small_report() {
  RunReport report;
  report.command = "campaign";
  report.name = "a <b>bold</b> & \"quoted\" name";
  report.identity =
      R"({"command":"campaign","version":"1","seed":"7","settings":{"filter.rules":"mw < 500"},"inputs":[{"role":"receptor","path":"r.pdb","sha256":"abc"}]})";
  report.results.columns = {"rank",           "name",
                            "status",         "message",
                            "round",          "origin",
                            "smiles",         "total",
                            "docking_value",  "docking_desirability",
                            "qed_value",      "qed_desirability",
                            "score_kcal_mol", "le",
                            "heavy_atoms",    "mw",
                            "alerts"};
  report.results.rows = {{"2", "aspirin", "docked", "", "0", "start", "CC(=O)Oc1ccccc1C(=O)O", "0.4", "-6.1",
                          "0.3", "0.55", "0.5", "-6.10", "-0.469", "13", "180.2", ""},
                         {"1", "<script>alert(1)</script>", "docked", "", "1", "crossover", "c1ccccc1", "0.8",
                          "-7.5", "0.9", "0.44", "0.4", "-7.50", "-1.25", "6", "78.1", ""},
                         {"", "lost", "failed", "no <3D> coordinates", "1", "fuse ring", "C", "", "", "", "",
                          "", "", "", "1", "16", ""}};
  ResultList rounds;
  rounds.columns = {"round", "best_total", "mean_total", "best_so_far", "best_kcal_mol", "mean_kcal_mol"};
  rounds.rows = {{"0", "0.4", "0.4", "0.4", "-6.1", "-6.1"}, {"1", "0.8", "0.8", "0.8", "-7.5", "-7.5"}};
  report.rounds = rounds;
  report.ending = "all 1 rounds done";
  report.reference = ReportReference{"STI A:201", -9.5, 1.13};
  report.groups = {{"start", 1, 0.4, 0.4, -6.1, -6.1},
                   {"last round", 1, 0.8, 0.8, -7.5, -7.5},
                   {"best 1 designed", 1, 0.8, 0.8, -7.5, -7.5}};
  report.objectives = {{"docking", "dock:X", "below -10, rejected above -5", 2}};
  return report;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

}  // namespace

TEST_CASE("the report says what happened in one sentence and shows each hit") {
  const std::string page = report_html(small_report());
  CHECK_THAT(
      page,
      Contains(
          "2 molecules docked, 1 failed; the best, &lt;script&gt;alert(1)&lt;/script&gt;, scores -7.50 "
          "kcal/mol; best total 0.80 "
          "against 0.40 in the starting set; reference STI A:201 redocked 1.1 A from its crystal pose."));
  CHECK(count(page, "<svg class=\"mol\"") == 2);
  CHECK(count(page, "<svg class=\"plot\"") == 5);
  CHECK(page.find("c1ccccc1") < page.find("CC(=O)Oc1ccccc1C(=O)O"));  // best first
  CHECK_THAT(page, Contains("1 of 3 molecules that were to be docked failed; see Failures."));
  CHECK_THAT(page, Contains("no &lt;3D&gt; coordinates"));
  CHECK_THAT(page, Contains("0.44<br><small>0.40</small>"));  // raw and transformed
  CHECK_THAT(page, Contains("below -10, rejected above -5"));
  CHECK_THAT(page, Contains("<dt>filter.rules</dt><dd>mw &lt; 500</dd>"));
}

TEST_CASE("the report passes on what the proposer remarked") {
  RunReport report = small_report();
  report.remarks = {"Proposer in round 3: proposals <repeat> themselves"};
  CHECK_THAT(report_html(report),
             Contains("<p>Proposer in round 3: proposals &lt;repeat&gt; themselves</p>"));
}

TEST_CASE("the report lists the Pareto front") {
  RunReport report = small_report();
  CHECK(report_html(report).find("Pareto front") == std::string::npos);
  report.results.columns.push_back("pareto_front");
  for (std::size_t i = 0; i < 3; ++i) report.results.rows[i].push_back(i == 0 ? "2" : i == 1 ? "1" : "");
  report.rounds->columns.push_back("hypervolume");
  report.rounds->rows[0].push_back("0.15");
  report.rounds->rows[1].push_back("0.36");
  report.front = ReportFront{1, 0.36, 0.15};
  const std::string page = report_html(report);
  const std::size_t front = page.find("<h2 id=\"front\">");
  REQUIRE(front != std::string::npos);
  const std::string section = page.substr(front, page.find("<h2 id=\"plots\">") - front);
  CHECK_THAT(section, Contains("1 of the docked molecules are beaten by no other in every objective") &&
                          Contains("dominates 0.360 of the unit cube") && Contains("against 0.150"));
  CHECK_THAT(section, Contains("&lt;script&gt;") && Contains("<td class=\"n\">-7.50<br><small>0.90</small>"));
  CHECK(section.find("aspirin") == std::string::npos);
  CHECK(count(page, "<svg class=\"plot\"") == 7);
}

TEST_CASE("the report says who proposed") {
  RunReport report = small_report();
  CHECK_THAT(report_html(report), Contains("bred by graph evolution"));
  report.proposer = "oracle";
  report.proposer_summary = "asks at Delphi";
  const std::string page = report_html(report);
  CHECK_THAT(page, Contains("came from the proposer oracle: asks at Delphi."));
  CHECK(page.find("bred by graph evolution") == std::string::npos);
}

TEST_CASE("nothing from a molecule file becomes markup, and nothing is loaded from anywhere") {
  const std::string page = report_html(small_report());
  CHECK(page.find("<script>alert") == std::string::npos);
  CHECK(page.find("<b>bold") == std::string::npos);
  CHECK(page.find("http") == page.find("http-equiv"));  // the security policy is the only one
  CHECK(count(page, "http") == 1);
  CHECK(count(page, "src=") == 0);
  CHECK_THAT(page, Contains("default-src 'none'"));
  CHECK_THAT(page, Contains("<html lang=\"en\">"));
  for (std::size_t at = page.find("<svg class="); at != std::string::npos;
       at = page.find("<svg class=", at + 1))
    CHECK(page.substr(at, 400).find("<title>") != std::string::npos);  // alternative text
}

TEST_CASE("equal results have equal reports") {
  CHECK(report_html(small_report()) == report_html(small_report()));
}

TEST_CASE("a dock run has a report too") {
  const TemporaryFolder folder;
  std::ofstream(folder / "results.csv")
      << "input_index,name,status,message,smiles,score_kcal_mol,le,rank,heavy_atoms,mw,alerts\n"
         "0,aspirin,ok,,CC(=O)Oc1ccccc1C(=O)O,-6.1,-0.469,1,13,180.2,\n"
         "1,bad,failed,\"not valid, at all\",,,,,,,\n";
  const auto report = read_run_report(
      folder.path(), R"({"command":"dock","version":"1","seed":"1","settings":{},"inputs":[]})");
  ReportOptions options;
  options.title = "My run";
  const std::string page = report_html(report, options);
  CHECK_THAT(page, Contains("<h1>My run</h1>"));
  CHECK_THAT(page, Contains("1 molecules docked, 1 failed; the best, aspirin, scores -6.10 kcal/mol."));
  CHECK(page.find("graph evolution") == std::string::npos);
  CHECK_THAT(page, Contains("not valid, at all"));
}

TEST_CASE("the report shows who judged the poses") {
  RunReport report;
  report.command = "dock";
  report.results.columns = {"rank",        "name",    "status",    "smiles",     "score_kcal_mol",
                            "probability", "reasons", "cnn_score", "cnn_spread", "pose_origin"};
  report.results.rows = {
      {"1", "a", "ok", "C", "-7.5", "0.815", "two <salt> bridges; stacked +0.4", "0.3312", "", "seed 2"}};
  const std::string html = report_html(report);
  CHECK_THAT(html, Contains("right pose") && Contains("0.81<span class=\"barbox\">"));
  CHECK_THAT(html, Contains("two &lt;salt&gt; bridges<br>stacked +0.4") && Contains("seed 2"));
  CHECK_THAT(html, Contains("<b>Which pose.</b>"));
  CHECK_THAT(html,
             Contains("CNN score") && !Contains("CNN affinity"));  // a column without values is not shown
  CHECK_THAT(html, !Contains("round ,"));
  report.results.rows.front()[5].clear();
  CHECK_THAT(report_html(report), !Contains("<b>Which pose.</b>"));
}

TEST_CASE("a folder without a finished run is refused") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(read_run_report(folder.path(), "{}"),
                    Equals("'" + folder.path() + "' holds no finished run (results.csv is missing)"));
}

TEST_CASE("ticks are round and cover the range") {
  CHECK(round_ticks(0, 10) == std::vector<double>{0, 2, 4, 6, 8, 10});
  CHECK(round_ticks(-11.7, -6.2) == std::vector<double>{-12, -10, -8, -6});
  CHECK(round_ticks(0.12, 0.31).front() <= 0.12);
  CHECK(round_ticks(0.12, 0.31).back() >= 0.31);
  CHECK(round_ticks(3, 3).size() >= 2);
  CHECK(round_ticks(0, 0).size() >= 2);
}

TEST_CASE("plots survive missing, single and equal values") {
  const double missing = std::numeric_limits<double>::quiet_NaN();
  PlotFrame frame;
  frame.title = "A < B";
  CHECK_THAT(histogram_plot(frame, {}), Contains("no values") && Contains("A &lt; B"));
  CHECK_THAT(scatter_plot(frame, {{missing, 1, "x", false}}), Contains("no values"));
  CHECK_THAT(line_plot(frame, {{"s", {1, 2}, {missing, missing}}}), Contains("no values"));
  for (const std::string& svg :
       {histogram_plot(frame, {5, 5, 5}), histogram_plot(frame, {1}, PlotMark{"ref", 9}),
        scatter_plot(frame, {{1, 1, "only", true}}, PlotMark{"ref", 4}),
        line_plot(frame, {{"s", {1, 2, 3}, {1, missing, 3}}}),
        strip_plot(frame, {{"x", {1}, 0, 2}, {"empty", {}, 0, 1}})}) {
    CHECK(svg.find("nan") == std::string::npos);
    CHECK(svg.find("inf") == std::string::npos);
    CHECK(svg.substr(svg.size() - 6) == "</svg>");
    CHECK(count(svg, "<text") == count(svg, "</text>"));
  }
  CHECK(count(line_plot(frame, {{"s", {1, 2, 3}, {1, missing, 3}}}), "<circle") == 2);
}

TEST_CASE("a histogram counts every value once") {
  PlotFrame frame;
  const std::string svg = histogram_plot(frame, {-9.9, -9.8, -7.2, -7.2, -5.0});
  CHECK(count(svg, "<rect") == 3);
  CHECK_THAT(svg, Contains(": 2</title>") && Contains(": 1</title>"));
}

TEST_CASE("atoms are marked by discs and words") {
  const auto molecule = chem::Molecule::from_smiles("OCC(N)=O");
  chem::DepictionOptions options;
  const std::string plain = chem::depiction_svg(molecule, options);
  options.marks = {{0, {1, 0.5, 0}, 0.3, ""}, {3, {0, 0.5, 1}, 0.3, "3"}};
  const std::string marked = chem::depiction_svg(molecule, options);
  CHECK(count(plain, "<ellipse") == 0);
  CHECK(count(marked, "<ellipse") == 2);
  CHECK_THAT(marked, Contains("#FF7F00") && Contains("#007FFF"));
  CHECK_THAT(plain, Contains("#0000FF"));  // nitrogen in its colour
  CHECK(count(marked, "#0000FF") == 0);    // only discs have colours
  CHECK(chem::drawn_atoms(molecule) == std::vector<std::string>{"O", "C", "C", "N", "O"});
  options.marks = {{5, {1, 1, 1}, 0.3, ""}};
  CHECK_THROWS_WITH(chem::depiction_svg(molecule, options), Contains("there is no atom 5 to mark"));
}

TEST_CASE("a molecule is drawn with its name as alternative text") {
  chem::DepictionOptions options;
  options.title = "<aspirin>";
  const std::string svg = chem::depiction_svg(chem::Molecule::from_smiles("CC(=O)Oc1ccccc1C(=O)O"), options);
  CHECK_THAT(svg, Contains("<title>&lt;aspirin&gt;</title>") && Contains("<path"));
  CHECK(svg == chem::depiction_svg(chem::Molecule::from_smiles("CC(=O)Oc1ccccc1C(=O)O"), options));
  CHECK(svg.find("<?xml") == std::string::npos);
  CHECK(svg.find("xmlns") == std::string::npos);
  CHECK_THAT(chem::xml_escaped("a<b>&\"'\x01"), Equals("a&lt;b&gt;&amp;&quot;&#39; "));
}
