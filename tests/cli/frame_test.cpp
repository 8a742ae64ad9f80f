// What all commands share: spellings, errors, exit codes, help, settings files, progress.
#include <catch2/catch.hpp>
#include <fstream>

#include "chem/error.hpp"
#include "cli/argument_list.hpp"
#include "cli/command.hpp"
#include "cli/duration.hpp"
#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "cli/settings_file.hpp"
#include "cli/text_table.hpp"
#include "tests/cli/transcript.hpp"

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using theriac::UsageError;
using namespace theriac::cli;

namespace {

/// An app with Vina's spellings.
struct BoxOptions {
  CLI::App app{"", "dock"};
  double center_x = 0;
  std::string receptor;
  double exhaustiveness = 8;
  BoxOptions() {
    app.set_help_flag();
    app.add_option("--center_x", center_x);
    app.add_option("-r,--receptor", receptor);
    app.add_option("--exhaustiveness", exhaustiveness)->check(CLI::Range(0.1, 1000.0));
  }
};

void write(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

}  // namespace

TEST_CASE("underscore and dash in a flag are the same") {
  BoxOptions options;
  const std::vector<std::string> words = {"--center-x=-5.2", "--center_x", "-5.2",       "-r",
                                          "a-b_c.pdb",       "--",         "--what-ever"};
  CHECK(normalise_arguments(words, options.app) == std::vector<std::string>{"--center_x=-5.2", "--center_x",
                                                                            "-5.2", "-r", "a-b_c.pdb", "--",
                                                                            "--what-ever"});
}

TEST_CASE("a typing error in a flag is met with the flag that was meant") {
  BoxOptions options;
  try {
    normalise_arguments({"--exhaustivness", "8"}, options.app);
    FAIL("accepted");
  } catch (const UsageError& error) {
    CHECK(std::string(error.what()) == "unknown option '--exhaustivness' for 'theriac dock'");
    CHECK(error.hint() == "did you mean '--exhaustiveness'?");
  }
  CHECK_THROWS_AS(normalise_arguments({"-z"}, options.app), UsageError);
}

TEST_CASE("a Vina config file fills what the command line left out") {
  TemporaryFolder folder;
  write(folder / "box.txt",
        "# from Meeko\ncenter_x = 15.190\nreceptor = r.pdbqt  # the rigid part\n\nexhaustiveness = 32\n");
  BoxOptions options;
  options.app.parse(std::vector<std::string>{"8", "--exhaustiveness"});
  std::map<std::string, std::string> origins;
  apply_settings(options.app, folder / "box.txt", origins);
  CHECK(options.center_x == 15.19);
  CHECK(options.receptor == "r.pdbqt");
  CHECK(options.exhaustiveness == 8);
  CHECK(origins["exhaustiveness"] == "command line");
  CHECK(origins["center_x"] == (folder / "box.txt") + ", line 2");
}

TEST_CASE("an unknown key is refused with file, line and the nearest key") {
  TemporaryFolder folder;
  write(folder / "dock.toml", "receptor = \"r.pdb\"\n[docking]\nexhaustivness = 8\n");
  BoxOptions options;
  options.app.parse(std::vector<std::string>{});
  std::map<std::string, std::string> origins;
  try {
    apply_settings(options.app, folder / "dock.toml", origins);
    FAIL("accepted");
  } catch (const UsageError& error) {
    CHECK_THAT(error.what(), StartsWith("unknown key 'exhaustivness' (") && Contains("dock.toml, line 3)"));
    CHECK(error.hint() == "did you mean 'exhaustiveness'?");
  }
}

TEST_CASE("a bad value, bad TOML or a missing settings file name their place") {
  TemporaryFolder folder;
  BoxOptions options;
  options.app.parse(std::vector<std::string>{});
  std::map<std::string, std::string> origins;
  write(folder / "value.toml", "\nexhaustiveness = -3\n");
  CHECK_THROWS_WITH(apply_settings(options.app, folder / "value.toml", origins),
                    Contains("value.toml, line 2)"));
  write(folder / "broken.toml", "receptor = r.pdb\n");
  CHECK_THROWS_WITH(read_settings(folder / "broken.toml"), Contains("not valid TOML") && Contains("line 1"));
  write(folder / "plain.txt", "center_x 3\n");
  CHECK_THROWS_WITH(read_settings(folder / "plain.txt"),
                    Contains("no '=' in 'center_x 3'") && Contains("line 1"));
  try {
    read_settings(folder / "palin.txt");
    FAIL("accepted");
  } catch (const theriac::InputError& error) {
    CHECK_THAT(error.hint(), Contains("plain.txt"));
  }
}

TEST_CASE("spans of time") {
  CHECK(parse_duration("90") == 90);
  CHECK(parse_duration("11h30m") == 41400);
  CHECK_THROWS_AS(parse_duration("soon"), UsageError);
  CHECK_THROWS_AS(parse_duration("5x"), UsageError);
  CHECK(duration_text(798) == "13m18s");
  CHECK(duration_text(7500) == "2h05m");
}

TEST_CASE("progress tells share, rate and time left, without what was there before") {
  const ProgressState state{"dock", "lig", 248, 83, 2, 0, "best -11.9 ZINC3814434"};
  CHECK(progress_bar(state, 401.6) ==
        "[########----------------]  83/248  33%  12.4/min  ETA 13m18s  failed 2  best -11.9 ZINC3814434");
  CHECK(progress_line(state, 401.6) == "dock 83/248 33% 12.4/min eta 13m18s failed 2");
  const ProgressState resumed{"dock", "lig", 248, 83, 0, 80, ""};
  CHECK(progress_line(resumed, 60) == "dock 83/248 33% 3.0/min eta 55m00s");
}

TEST_CASE("seeds and failure limits are numbers or are refused") {
  CHECK(parse_seed("18446744073709551615") == 18446744073709551615ull);
  CHECK_THROWS_AS(parse_seed("-1"), UsageError);
  CHECK(parse_max_failed("20%", 248) == 49);
  CHECK(parse_max_failed("5", 248) == 5);
  CHECK_THROWS_AS(parse_max_failed("many", 1), UsageError);
}

TEST_CASE("a table pads by characters, not bytes") {
  CHECK(text_table({{"name", false}, {"score", true}}, {{"β", "-12.8"}, {"imatinib", "-9.1"}}) ==
        "name      score\nβ         -12.8\nimatinib   -9.1\n");
}

TEST_CASE("every command has examples, a short help of half a page and a full help") {
  TemporaryFolder folder;
  for (const auto& command : all_commands()) {
    INFO(command.name);
    CHECK(command.examples.size() >= 2);
    const auto brief = run_theriac(command.name + " -h", folder);
    CHECK(brief.exit_code == 0);
    CHECK(std::count(brief.out.begin(), brief.out.end(), '\n') <= 25);
    const auto full = run_theriac("help " + command.name, folder);
    CHECK(full.exit_code == 0);
    CHECK_THAT(full.out, StartsWith("Usage: theriac " + command.name) && Contains(command.examples[0]));
  }
}

TEST_CASE("usage errors end with 2, one line and a hint") {
  TemporaryFolder folder;
  const auto command = run_theriac("dcotor", folder);
  CHECK(command.exit_code == 2);
  CHECK(command.err ==
        "theriac: error: unknown command 'dcotor'\n    hint: did you mean 'theriac doctor'?\n");
  CHECK(command.out.empty());
  const auto flag = run_theriac("doctor --quite", folder);
  CHECK(flag.exit_code == 2);
  CHECK(flag.err ==
        "theriac: error: unknown option '--quite' for 'theriac doctor'\n    hint: did you mean '--quiet'?\n");
  CHECK(run_theriac("completion tcsh", folder).exit_code == 2);
}

TEST_CASE("doctor and --version name the libraries that are linked") {
  TemporaryFolder folder;
  const auto doctor = run_theriac("doctor", folder);
  CHECK(doctor.exit_code == 0);
  for (const char* word :
       {"RDKit", "Open Babel", "oneTBB", "HDF5", "granted", "SIMD", "free in the current folder"})
    CHECK_THAT(doctor.out, Contains(word));
  CHECK_THAT(run_theriac("--version", folder).out, StartsWith("theriac ") && Contains("oneTBB"));
  CHECK_THAT(run_theriac("doctor --json", folder).out, Contains("\"schema\": \"theriac.doctor/1\""));
}

TEST_CASE("completion scripts know commands and flags, and their shells accept them") {
  TemporaryFolder folder;
  const auto bash = run_theriac("completion bash", folder);
  CHECK_THAT(bash.out, Contains("doctor) options='") && Contains("--json"));
  CHECK(std::system(("bash -n '" + (folder / ".out") + "'").c_str()) == 0);
  CHECK_THAT(run_theriac("completion fish", folder).out,
             Contains("__fish_seen_subcommand_from doctor' -l json"));
  CHECK_THAT(run_theriac("completion zsh", folder).out, StartsWith("#compdef theriac"));
}
