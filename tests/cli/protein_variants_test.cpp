#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "chem/text_file.hpp"
#include "tests/cli/transcript.hpp"
#include "tests/scoring/small_protein_model.hpp"

using theriac::chem::write_text_file;

namespace {

const std::string tem1 =
    "MSIQHFRVALIPFFAAFCLPVFAHPETLVKVKDAEDQLGARVGYIELDLNSGKILESFRPEERFPMMSTFKVLLCGAVLSRIDAGQEQLGRRIHYSQNDLVEYS"
    "PVTEKHLTDGMTVRELC"
    "SAAITMSDNTAANLLLTTIGGPKELTAFLHNMGDHVTRLDRWEPELNEAIPNDERDTTMPAAMATTLRKLLTGELLTLASRQQLIDWMEADKVAGPLLRSALPA"
    "GWFIADKSGAGERGSRG"
    "IIAALGPDGKPSRIVVIYTTGSQATMDERNRQIAEIGASLIKHW";

/// Weights that see BLOSUM62, and in the sets with a model its log-odds too.
std::string some_weights(bool with_model) {
  const char* const terms[] = {"log-odds of the profile",
                               "log-odds of close relatives",
                               "log frequency of the new residue",
                               "new residue seen in a relative",
                               "log frequency of the old residue",
                               "relative entropy",
                               "entropy",
                               "share of relatives with a residue",
                               "relative entropy, 3 positions to both sides",
                               "relative entropy, 3 and 4 positions away",
                               "mean hydropathy of relatives",
                               "the same, 1 to 4 positions away",
                               "BLOSUM62",
                               "hydropathy less that mean",
                               "its size",
                               "its size in deviations of relatives",
                               "volume less the mean of relatives",
                               "its size",
                               "helix propensity",
                               "proline",
                               "log-odds of the language model"};
  std::string text = with_model ? "sequence_model\n" : "sequence\n";
  for (const std::string term : terms)
    text += (term == "BLOSUM62" || (with_model && term.back() == 'l') ? "+0.5000  // " : "+0.0000  // ") +
            term + "\n";
  return text;
}

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("mutations become rows, each term beside the score") {
  const TemporaryFolder folder;
  write_text_file(folder / "tem1.fasta", ">TEM1 beta-lactamase\n" + tem1 + "\n");
  const auto run =
      run_theriac("protein variants S68P V42I p.Glu102Lys S68P:V42I --sequence tem1.fasta", folder);
  REQUIRE(run.exit_code == 0);
  CHECK(
      run.out.rfind(
          "mutation,score,percentile,blosum62,from_profile,from_conservation,from_surroundings,"
          "from_substitution,from_hydrophobicity,from_volume,from_helix_proline,known_drug_effects,status\n",
          0) == 0);
  CHECK(lines(run.out) == 5);
  CHECK(run.out.find("\nE102K,") != std::string::npos);
  CHECK(run.out.find("\nS68P:V42I,") != std::string::npos);
  CHECK(run.err.find("not which drug it resists") != std::string::npos);
  CHECK(run.err.find("no homologs: much weaker scores; give --homologs FILE or --database FASTA") !=
        std::string::npos);
}

TEST_CASE("a mutation that does not fit names the residue that is there") {
  const TemporaryFolder folder;
  write_text_file(folder / "tem1.fasta", ">TEM1\n" + tem1 + "\n");
  const auto one = run_theriac("protein variants L68P --sequence tem1.fasta", folder);
  CHECK(one.exit_code == 3);
  CHECK(one.out.empty());
  CHECK(one.err.find("'L68P': position 68 of 'TEM1' is S, not L") != std::string::npos);
  write_text_file(folder / "list.txt", "mutation\nS68P\nL68P\nS999P\n");
  const auto list =
      run_theriac("protein variants --mutations list.txt --sequence tem1.fasta --max-failed 3", folder);
  CHECK(list.exit_code == 0);
  CHECK(lines(list.out) == 4);
  CHECK(list.out.find("L68P,,,,,,,,,,,,\"'L68P': position 68 of 'TEM1' is S, not L\"\n") !=
        std::string::npos);
  const auto strict = run_theriac("protein variants F508del --sequence tem1.fasta", folder);
  CHECK(strict.exit_code == 2);
  CHECK(strict.err.find("'F508del' is a deletion, not a substitution") != std::string::npos);
}

TEST_CASE("homologs bring the profile, from a file or from a database") {
  const TemporaryFolder folder;
  std::string other = tem1;
  for (std::size_t i = 3; i < other.size(); i += 4) other[i] = other[i] == 'A' ? 'S' : 'A';
  write_text_file(folder / "tem1.fasta", ">TEM1\n" + tem1 + "\n");
  write_text_file(folder / "relatives.a3m",
                  ">TEM1\n" + tem1 + "\n>r\n" + other.substr(0, 50) + "ggsg" + other.substr(50) + "\n");
  write_text_file(folder / "database.fasta", ">r\n" + other + "\n>s\nMKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQ\n");
  const auto given =
      run_theriac("protein variants S68P --sequence tem1.fasta --homologs relatives.a3m --json", folder);
  REQUIRE(given.exit_code == 0);
  const auto json = nlohmann::json::parse(given.out);
  CHECK(json.at("residues") == tem1.size());
  CHECK(json.at("effective_homologs").get<double>() > 1.5);
  CHECK(json.at("variants").at(0).contains("profile_log_odds"));
  const auto found = run_theriac(
      "protein variants S68P --sequence tem1.fasta --database database.fasta --write-homologs found.a3m "
      "--json",
      folder);
  REQUIRE(found.exit_code == 0);
  CHECK(found.err.find("TEM1: 1 relatives") != std::string::npos);
  CHECK(nlohmann::json::parse(found.out).at("variants").at(0).at("score").get<double>() ==
        Approx(json.at("variants").at(0).at("score").get<double>()));
  CHECK(run_theriac("protein variants --sequence tem1.fasta --homologs found.a3m --database database.fasta",
                    folder)
            .exit_code == 2);
}

TEST_CASE("all single mutants are scored when none is named, also of a very long protein") {
  const TemporaryFolder folder;
  std::string giant;
  while (giant.size() < 40000) giant += tem1;
  giant.resize(40000);
  write_text_file(folder / "giant.fasta", ">giant\n" + giant + "\n");
  const auto run = run_theriac("protein variants --sequence giant.fasta -o rows.csv", folder);
  REQUIRE(run.exit_code == 0);
  CHECK(run.out.empty());
  CHECK(lines(theriac::chem::read_text_file(folder / "rows.csv")) == 40000 * 19 + 1);
  CHECK(run_theriac("protein variants --sequence giant.fasta -o rows.csv", folder).exit_code == 2);
}

TEST_CASE("sequences that are no protein are refused") {
  const TemporaryFolder folder;
  write_text_file(folder / "dna.fasta", ">gene\nATGAGTATTCAACATTTCCGTGTCGCCCTTATTCCC\n");
  const auto dna = run_theriac("protein variants --sequence dna.fasta", folder);
  CHECK(dna.exit_code == 3);
  CHECK(dna.err.find("'dna.fasta' is a nucleotide sequence") != std::string::npos);
  write_text_file(folder / "empty.fasta", ">nothing\n>other\nMKT\n");
  CHECK(run_theriac("protein variants --sequence empty.fasta", folder).exit_code == 3);
  write_text_file(folder / "two.fasta", ">a\nMKT\n>b\nMKT\n");
  CHECK(run_theriac("protein variants --sequence two.fasta", folder).exit_code == 2);
  write_text_file(folder / "lower.fasta", ">a\nmktayiakqx*\n");
  CHECK(lines(run_theriac("protein variants --sequence lower.fasta", folder).out) == 9 * 19 + 1);
  CHECK(run_theriac("protein variants", folder).exit_code == 2);
}

TEST_CASE("a gene without a stored sequence asks for one, and known drug effects are told") {
  const TemporaryFolder folder;
  const auto gene = run_theriac("protein variants EGFR:T790M", folder);
  CHECK(gene.exit_code == 3);
  CHECK(gene.err.find("holds no sequence of EGFR") != std::string::npos);
  CHECK(gene.err.find("--sequence EGFR.fasta") != std::string::npos);
  // a made-up protein that has a T where EGFR has it
  std::string sequence(800, 'L');
  sequence[789] = 'T';
  write_text_file(folder / "egfr.fasta", ">made_up\n" + sequence + "\n");
  const auto known = run_theriac("protein variants EGFR:T790M --sequence egfr.fasta", folder);
  CHECK(known.exit_code == 0);
  CHECK(known.out.find("resistant: ") != std::string::npos);
  CHECK(known.err.find("T790M is known: resistant: ") != std::string::npos);
  CHECK(run_theriac("protein variants EGFR:T790M KRAS:G12C --sequence egfr.fasta", folder).exit_code == 2);
}

TEST_CASE("a language model stands beside the score and with weights fitted to it counts") {
  const TemporaryFolder folder;
  write_text_file(folder / "part.fasta", ">part of TEM1\n" + tem1.substr(40, 60) + "\n");
  small_protein_model::write_esm(folder / "esm2");
  write_text_file(folder / "causal.safetensors", small_protein_model::progen2_bytes());
  write_text_file(folder / "with.txt", some_weights(true));
  write_text_file(folder / "without.txt", some_weights(false));
  const auto first = [&](const std::string& options) {
    const auto run = run_theriac("protein variants M27P --sequence part.fasta --json " + options, folder);
    INFO(run.err);
    REQUIRE(run.exit_code == 0);
    return nlohmann::json::parse(run.out).at("variants").at(0);
  };
  const auto of = [](const nlohmann::json& row, const char* cell) { return row.at(cell).get<double>(); };
  const auto plain = first(""), beside = first("--model esm2");
  CHECK_FALSE(plain.contains("language_model_log_odds"));
  CHECK(of(beside, "score") == of(plain, "score"));
  CHECK_FALSE(beside.contains("from_language_model"));
  const auto without = first("--weights without.txt");
  for (const char* model : {"esm2", "causal.safetensors"}) {
    const auto counted = first(std::string("--weights with.txt --model ") + model);
    CHECK(of(counted, "from_substitution") == Approx(of(without, "from_substitution")));
    CHECK(std::abs(of(counted, "from_language_model")) > 1e-3);
    CHECK(of(counted, "score") != Approx(of(without, "score")));
  }
  CHECK(of(first("--weights with.txt --model esm2"), "language_model_log_odds") ==
        Approx(of(beside, "language_model_log_odds")));
}

TEST_CASE("weights that do not fit the question are refused") {
  const TemporaryFolder folder;
  write_text_file(folder / "tem1.fasta", ">TEM1\n" + tem1 + "\n");
  const auto refused = [&](const std::string& text, const std::string& message) {
    write_text_file(folder / "w.txt", text);
    const auto run = run_theriac("protein variants S68P --sequence tem1.fasta --weights w.txt", folder);
    INFO(run.err);
    return run.exit_code == 3 && run.err.find(message) != std::string::npos;
  };
  const std::string good = some_weights(false);
  CHECK(refused(some_weights(true), "'w.txt' has no set of weights 'sequence'"));
  CHECK(refused(good.substr(0, 300), "'w.txt' line "));
  CHECK(refused(good + good, "the set 'sequence' is there twice"));
  CHECK(refused("sequence\n", "the set 'sequence' has 0 of 21 weights"));
  CHECK(refused("sequence\n+1.0x00  // log-odds of the profile\n", "line 2: '+1.0x00' is no weight"));
  CHECK(refused("sequence\n+1e999  // log-odds of the profile\n", "line 2: '+1e999' is no weight"));
  CHECK(
      refused("sequence\n+1.0  // BLOSUM62\n", "where the weight of 'log-odds of the profile' is expected"));
}
