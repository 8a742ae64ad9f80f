#include "cli/campaign_file.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "chem/error.hpp"
#include "cli/toml_table.hpp"
#include "tests/datasets/temporary_folder.hpp"

using namespace theriac;
using namespace theriac::cli;

namespace {

const char* const smallest = R"([target]
receptor = "1iep.pdb"
box = { ligand = "STI" }
[[objective]]
source = "dock"
want = { below = -10.0, reject_above = -7.0 }
)";

std::string written(const TemporaryFolder& folder, const std::string& text) {
  const std::string path = folder / "c.toml";
  std::ofstream(path) << text;
  return path;
}

CampaignFile read(const std::string& text) {
  const TemporaryFolder folder;
  return read_campaign_file(written(folder, text));
}

struct Refusal {
  std::string message, hint;
};

/// What the reader says, with the folder's name taken out.
Refusal refusal(const std::string& text) {
  const TemporaryFolder folder;
  const std::string path = written(folder, text);
  try {
    read_campaign_file(path);
  } catch (const Error& e) {
    std::string message = e.what();
    for (std::size_t at = message.find(path); at != std::string::npos; at = message.find(path))
      message.replace(at, path.size(), "c.toml");
    return {message, e.hint()};
  }
  return {"accepted", ""};
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("the smallest campaign file leaves the rest to the defaults") {
  const CampaignFile file = read(smallest);
  CHECK(file.settings.name == "c");
  CHECK(file.out == "c");
  REQUIRE(file.targets.size() == 1);
  CHECK(file.targets[0].name == "1iep");
  CHECK(file.targets[0].box.ligand == "STI");
  CHECK(file.targets[0].reference.empty());
  CHECK(file.settings.proposer == "screened-gfn");
  CHECK(file.settings.stop.rounds == 30);
  CHECK(file.settings.docking.options.exhaustiveness == 4);
  CHECK(file.settings.docking.final_exhaustiveness == 32);
  REQUIRE(file.settings.objectives.size() == 1);
  CHECK(file.settings.objectives[0].name == "dock");
  CHECK(file.settings.objectives[0].source == "dock:1iep");
  CHECK(file.settings.objectives[0].want(-8.5) == Approx(0.5));
}

TEST_CASE("the example of --init reads, and is what the defaults are") {
  const CampaignFile example = read(campaign_file_example());
  const CampaignFile plain = read(smallest);
  CHECK(example.settings.name == "abl1-round1");
  CHECK(example.settings.objectives.size() == 3);
  CHECK(example.targets[0].reference == "STI");
  CHECK(example.settings.filter.rules == plain.settings.filter.rules);
  CHECK(example.settings.filter.alerts == plain.settings.filter.alerts);
  CHECK(example.settings.filter.sa_max == plain.settings.filter.sa_max);
  CHECK(example.settings.per_round == plain.settings.per_round);
  CHECK(example.settings.evolution.population == plain.settings.evolution.population);
  CHECK(example.settings.evolution.plausibility.max_heavy_atoms ==
        plain.settings.evolution.plausibility.max_heavy_atoms);
  CHECK(example.settings.stop.max_docked == plain.settings.stop.max_docked);
  CHECK(example.settings.stop.rounds_without_gain == plain.settings.stop.rounds_without_gain);
  CHECK(example.settings.diversity.bucket == plain.settings.diversity.bucket);
  CHECK(example.settings.docking.top_fraction == plain.settings.docking.top_fraction);
  CHECK(example.settings.docking.final_top == plain.settings.docking.final_top);
  CHECK(example.settings.top == plain.settings.top);
  CHECK(example.settings.reference_rmsd == plain.settings.reference_rmsd);
  CHECK(example.targets[0].box.add == plain.targets[0].box.add);
}

TEST_CASE("the settings in effect read back to themselves") {
  for (const std::string& text :
       {std::string(smallest), campaign_file_example(), std::string(R"(combine = { method = "pareto" }
diversity = { method = "similarity", similarity = 0.55 }
[target]
receptor = "a.pdb"
box = { center = [1.5, 2, -3], size = [20, 21.5, 22] }
off_targets = [{ name = "KIT", receptor = "k.cif", box = "pocket" }]
[generate]
start = "seeds.smi"
[filter]
forbid = ["[N+](=O)[O-]", "C#N"]
[[objective]]
source = "dock"
want = { below = -10, reject_above = -7 }
[[objective]]
name = "kit"
source = "dock:KIT"
want = { above = -6, reject_below = -9, below = 5, reject_above = 6 }
[docking]
exhaustiveness = 2.5
scoring = "vinardo"
final = "none"
)"),
        std::string(smallest) + R"([[objective]]
source = "qed"
want = { above = 0.7, reject_below = 0.3 }
[[stage]]
name = "a \"cheap\" one"
docking = false
filter = { forbid = ["C#N"], sa_max = 3.25 }
until = 0.75
[[stage]]
max_docked = 17
rounds = 4
)"}) {
    const TemporaryFolder folder;
    const std::string first = campaign_toml(read_campaign_file(written(folder, text)), folder.path());
    const std::string second = campaign_toml(read_campaign_file(written(folder, first)), folder.path());
    CHECK(first == second);
    INFO(first);
    CHECK(first.find("receptor = \"/") == std::string::npos);  // files as seen from the folder
  }
}

TEST_CASE("models that are named by a file are looked for beside the campaign file, others by their name") {
  const TemporaryFolder folder;
  const std::string text =
      std::string(smallest) +
      "[generate]\nproposer = \"genetic-gfn\"\nmodel = \"mine/generator.safetensors\"\n"
      "[[objective]]\nsource = \"predict:assay\"\nwant = { above = 6, reject_below = 4 }\n"
      "[predict]\nmodel = \"assay.safetensors\"\n"
      "[docking]\nfinal_rank_by = \"cnn\"\ncnn = \"default1.0\"\n";
  const CampaignFile file = read_campaign_file(written(folder, text));
  CHECK(file.settings.model == folder / "mine/generator.safetensors");
  CHECK(file.settings.prediction.model == folder / "assay.safetensors");
  CHECK(file.final_judges.cnn == "default1.0");
  const std::string beside = campaign_toml(file, folder.path());
  CHECK(beside.find("\nmodel = \"mine/generator.safetensors\"\n") != std::string::npos);
  CHECK(beside.find("\nmodel = \"assay.safetensors\"\n") != std::string::npos);
  CHECK(beside.find("\ncnn = \"default1.0\"\n") != std::string::npos);
  const std::string below = campaign_toml(file, folder / "run");
  CHECK(below.find("\nmodel = \"../mine/generator.safetensors\"\n") != std::string::npos);
  CHECK(below.find("\nmodel = \"../assay.safetensors\"\n") != std::string::npos);
}

TEST_CASE("stages take from the campaign what they do not say") {
  const CampaignFile file = read(std::string(smallest) + R"([[objective]]
source = "qed"
want = { above = 0.7, reject_below = 0.3 }
[filter]
sa_max = 4.0
forbid = ["[N+](=O)[O-]"]
[generate]
rounds = 12
per_round = 64
[[stage]]
docking = false
filter = { sa_max = 3.5, rules = "mw < 400" }
rounds = 20
min_rounds = 5
until = 0.9
carry = 30
[[stage]]
name = "dear"
max_docked = 500
rounds_without_gain = 3
)");
  REQUIRE(file.settings.stages.size() == 2);
  const auto& cheap = file.settings.stages[0];
  CHECK(cheap.name == "stage 1");
  CHECK(cheap.objectives == std::vector<std::string>{"qed"});
  CHECK_FALSE(cheap.docking);
  CHECK(cheap.filter.sa_max == 3.5);
  CHECK(cheap.filter.rules == "mw < 400");
  CHECK(cheap.filter.forbid == std::vector<std::string>{"[N+](=O)[O-]"});
  CHECK(cheap.rounds == 20);
  CHECK(cheap.min_rounds == 5);
  CHECK(cheap.until == 0.9);
  CHECK(cheap.per_round == 64);
  CHECK(cheap.carry == 30);
  CHECK(cheap.rounds_without_gain == 8);
  const auto& dear = file.settings.stages[1];
  CHECK(dear.name == "dear");
  CHECK(dear.objectives == std::vector<std::string>{"dock", "qed"});
  CHECK(dear.docking);
  CHECK(dear.filter.sa_max == 4);
  CHECK(dear.rounds == 12);
  CHECK(dear.max_docked == 500);
  CHECK(dear.rounds_without_gain == 3);
}

TEST_CASE("stages that make no sense are refused with their place") {
  const std::string two =
      std::string(smallest) + "[[objective]]\nsource = \"qed\"\nwant = { above = 0.7, reject_below = 0.3 }\n";
  const auto with = [&](const std::string& stages) { return refusal(two + stages); };
  auto r = with("[[stage]]\nobjectives = [\"qde\"]\n[[stage]]\n");
  CHECK(r.message == "unknown objective 'qde' in [[stage]]; known: dock, qed (c.toml, line 11, column 1)");
  CHECK(r.hint == "did you mean 'qed'?");
  r = with("[[stage]]\nmin_round = 3\n");
  CHECK(r.message == "unknown key 'min_round' in [[stage]] (c.toml, line 11, column 1)");
  CHECK(r.hint == "did you mean 'min_rounds'?");
  r = with("[[stage]]\nname = \"a\"\nobjectives = [\"qed\"]\n");
  CHECK(r.message.rfind("the last stage, 'a', docks nothing (c.toml, line ", 0) == 0);
  CHECK(r.hint == "a campaign ends with docking");
  CHECK(
      with("[[stage]]\ndocking = false\nobjectives = [\"dock\"]\n[[stage]]\n")
          .message.find("stage 'stage 1' docks nothing, but objective 'dock' reads a docking score (c.toml, "
                        "line 12, column 1)") != std::string::npos);
  CHECK(with("[[stage]]\ndocking = \"no\"\n").message ==
        "key 'docking' in [[stage]] is a text; expected true or false (c.toml, line 11, column 1)");
  CHECK(with("[[stage]]\nrounds = 3\nmin_rounds = 4\n").message ==
        "min_rounds = 4 is more than rounds = 3 (c.toml, line 12, column 1)");
  CHECK(with("[[stage]]\ncarry = 4\n").message ==
        "key 'carry' in the last [[stage]]: nothing comes after it (c.toml, line 11, column 1)");
  CHECK(with("[[stage]]\ndocking = false\nmax_docked = 4\n[[stage]]\n").message ==
        "key 'max_docked' in a [[stage]] that docks nothing (c.toml, line 12, column 1)");
  CHECK(with("[[stage]]\nname = \"a\"\n[[stage]]\nname = \"a\"\n").message ==
        "two stages are named 'a' (c.toml, line 13, column 1)");
  CHECK(with("[[stage]]\nuntil = 2\n").message ==
        "key 'until' in [[stage]] is 2; expected a number from 0 to 1 (c.toml, line 11, column 1)");
  CHECK(with("[[stage]]\nfilter = { sa_maxx = 3 }\n").message ==
        "unknown key 'sa_maxx' in [filter] (c.toml, line 11, column 12)");
}

TEST_CASE("an unknown key is refused with its place and the key that was meant") {
  auto r = refusal(std::string(smallest) + "[docking]\n  exhaustivness = 8\n");
  CHECK(r.message == "unknown key 'exhaustivness' in [docking] (c.toml, line 8, column 3)");
  CHECK(r.hint == "did you mean 'exhaustiveness'?");
  r = refusal("sead = 2\n" + std::string(smallest));
  CHECK(r.message == "unknown key 'sead' in the file (c.toml, line 1, column 1)");
  CHECK(r.hint == "did you mean 'seed'?");
  r = refusal(replaced(smallest, "{ ligand = \"STI\" }", "{ ligand = \"STI\", ad = 4.0 }"));
  CHECK(r.message == "unknown key 'ad' in [box] (c.toml, line 3, column 25)");
  CHECK(r.hint == "did you mean 'add'?");
  r = refusal(std::string(smallest) + "[stop]\nxyzzy = 1\n");
  CHECK(r.message == "unknown key 'xyzzy' in [stop] (c.toml, line 8, column 1)");
  CHECK(r.hint == "known keys: max_docked, rounds_without_gain");
  r = refusal(std::string(smallest) + "outside_domain = \"reject\"\n");
  CHECK(r.message == "unknown key 'outside_domain' in [[objective]] (c.toml, line 7, column 1)");
}

TEST_CASE("wrong types and values out of range are refused with what was expected") {
  const auto with = [](const std::string& more) { return refusal(std::string(smallest) + more).message; };
  CHECK(with("[docking]\ntop_fraction = \"all\"\n") ==
        "key 'top_fraction' in [docking] is a text; expected a number from 0.001 to 1 (c.toml, line 8, "
        "column 1)");
  CHECK(with("[docking]\ntop_fraction = 2\n") ==
        "key 'top_fraction' in [docking] is 2; expected a number from 0.001 to 1 (c.toml, line 8, column 1)");
  CHECK(with("[generate]\nrounds = 2.5\n") ==
        "key 'rounds' in [generate] is a number; expected a whole number from 0 to 100000 (c.toml, line 8, "
        "column 1)");
  CHECK(with("[filter]\nalerts = \"pains\"\n") ==
        "key 'alerts' in [filter] is a text; expected a list of texts, [\"...\", \"...\"] (c.toml, line 8, "
        "column 1)");
  CHECK(with("[filter]\nalerts = [\"pain\"]\n") ==
        "key 'alerts' in [filter] has 'pain'; known: pains, brenk, nih (c.toml, line 8, column 1)");
  CHECK(refusal("cpu = true\n" + std::string(smallest)).message ==
        "key 'cpu' in the file is true or false; expected a whole number from 0 to 4096 (c.toml, line 1, "
        "column 1)");
  CHECK(refusal("stop = 3\n" + std::string(smallest)).message ==
        "key 'stop' in the file is a whole number; expected a table, stop = { ... } (c.toml, line 1, column "
        "1)");
  CHECK(refusal("name = 3\n" + std::string(smallest)).message ==
        "key 'name' in the file is a whole number; expected a text in quotes (c.toml, line 1, column 1)");
  CHECK(
      refusal(replaced(smallest, "{ ligand = \"STI\" }", "{ center = [1, 2], size = [1, 2, 3] }")).message ==
      "key 'center' in [box] has 2 numbers; expected 3 (c.toml, line 3, column 9)");
  const auto who = refusal(std::string(smallest) + "[generate]\nproposer = \"graph-evolutoin\"\n");
  CHECK(who.message.rfind("key 'proposer' in [generate] is 'graph-evolutoin'; expected graph-evolution", 0) ==
        0);
  CHECK(who.hint == "did you mean 'graph-evolution'?");
  const auto r = refusal("combine = { method = \"geometric\" }\n" + std::string(smallest));
  CHECK(r.message ==
        "key 'method' in [combine] is 'geometric'; expected geometric_mean, weighted_sum, pareto (c.toml, "
        "line 1, column 13)");
  CHECK(with("[generate]\nmin_heavy_atoms = 30\nmax_heavy_atoms = 20\n") ==
        "max_heavy_atoms = 20 is less than min_heavy_atoms = 30 (c.toml, line 9, column 1)");
  CHECK(
      refusal("max_time = \"soon\"\n" + std::string(smallest)).message.find("key 'max_time' in the file: ") ==
      0);
}

TEST_CASE("a campaign reads trained endpoints, and says what becomes of molecules that they do not know") {
  const std::string text =
      std::string(smallest) +
      "[[objective]]\nsource = \"predict:herg\"\nwant = { below = 0.3, reject_above = 0.8 }\n"
      "[predict]\noutside_domain = \"reject\"\n";
  const CampaignFile file = read(text);
  REQUIRE(file.settings.objectives.size() == 2);
  CHECK(file.settings.objectives[1].name == "herg");
  CHECK(file.settings.prediction.model == "default");
  CHECK(file.settings.prediction.outside == theriac::generative::OutsideDomain::reject);
  CHECK(theriac::generative::predicted_endpoints(file.settings) == std::vector<std::string>{"herg"});
  CHECK(campaign_toml(file, ".").find("[predict]\nmodel = \"default\"\noutside_domain = \"reject\"") !=
        std::string::npos);
  // what another model holds is known when it has been read
  const CampaignFile own =
      read(std::string(smallest) +
           "[[objective]]\nsource = \"predict:my_assay\"\nwant = { above = 6, reject_below = 4 }\n"
           "[predict]\nmodel = \"mine.safetensors\"\n");
  CHECK(own.settings.prediction.outside == theriac::generative::OutsideDomain::ignore);
  CHECK(refusal(text + "outside = 1\n").message.find("unknown key 'outside'") == 0);
  CHECK(file.settings.prediction.device == "cpu");
  CHECK(campaign_toml(read(text + "device = \"auto\"\n"), ".").find("\ndevice = \"auto\"\n") !=
        std::string::npos);
  CHECK(refusal(text + "device = \"abacus\"\n").message.find("unknown device 'abacus' in [predict]") == 0);
}

TEST_CASE("the generator's device is read, kept and checked") {
  const std::string text = std::string(smallest) + "[generate]\ndevice = ";
  const CampaignFile file = read(text + "\"cuda:1\"\n");
  CHECK(file.settings.device == "cuda:1");
  CHECK(campaign_toml(file, ".").find("\ndevice = \"cuda:1\"\n") != std::string::npos);
  CHECK(campaign_toml(read(text + "\"cpu\"\n"), ".").find("device") == std::string::npos);  // as before
  CHECK(refusal(text + "\"abacus\"\n").message.find("unknown device 'abacus' in [generate]") == 0);
}

TEST_CASE("objectives must say what they read and want") {
  auto r = refusal(replaced(smallest, "source = \"dock\"", "source = \"qedd\""));
  CHECK(r.message.find("unknown source 'qedd' in [[objective]]; available: mw, ") == 0);
  CHECK(r.message.find("dock, dock:1iep (c.toml, line 5, column 1)") != std::string::npos);
  CHECK(r.hint == "did you mean 'qed'?");
  r = refusal(replaced(smallest, "source = \"dock\"", "source = \"predict:herg_pic50\""));
  CHECK(r.message.find("unknown source 'predict:herg_pic50' in [[objective]]; available: ") == 0);
  r = refusal(replaced(smallest, "source = \"dock\"", "source = \"predict:herq\""));
  CHECK(r.hint == "did you mean 'predict:herg'?");
  CHECK(refusal(replaced(smallest, "source = \"dock\"", "source = \"qed\"")).message ==
        "no objective reads a docking score (c.toml, line 4, column 3)");
  CHECK(refusal(replaced(smallest, ", reject_above = -7.0", "")).message ==
        "want in [[objective]] lacks 'reject_above': from where on is a molecule worthless? (c.toml, line 6, "
        "column 1)");
  CHECK(refusal(replaced(smallest, "reject_above = -7.0", "reject_above = -17.0")).message ==
        "key 'want' in [[objective]]: reject_above = -17 must lie above below = -10 (c.toml, line 6, column "
        "1)");
  CHECK(refusal(replaced(smallest, "want = { below = -10.0, reject_above = -7.0 }", ""))
            .message.find("an objective needs to say what is wanted (c.toml") == 0);
  CHECK(refusal(std::string(smallest) + "[filter]\nrules = \"mww < 500\"\n")
            .message.find("key 'rules' in [filter]: ") == 0);
  CHECK(refusal(std::string(smallest) + "[filter]\nforbid = [\"C(\"]\n")
            .message.find("key 'forbid' in [filter]: ") == 0);
}

TEST_CASE("a target needs a receptor and exactly one box") {
  CHECK(refusal("seed = 1\n").message.find("no [target] in the file") == 0);
  CHECK(refusal(replaced(smallest, "receptor = \"1iep.pdb\"\n", ""))
            .message.find("no receptor in [target] (c.toml") == 0);
  CHECK(refusal(replaced(smallest, "box = { ligand = \"STI\" }\n", ""))
            .message.find("no search box in [target] (c.toml") == 0);
  CHECK(refusal(replaced(smallest, "{ ligand = \"STI\" }", "{ ligand = \"STI\", residues = [\"A:315\"] }"))
            .message == "the search box is given in more than one way (c.toml, line 3, column 1)");
  CHECK(refusal(replaced(smallest, "{ ligand = \"STI\" }", "\"whole\"")).message ==
        "key 'box' in [target] is 'whole'; expected pocket (c.toml, line 3, column 1)");
}

TEST_CASE("text that is not TOML and files that are not there are named") {
  const auto r = refusal("[target\nreceptor = 1\n");
  CHECK(r.message.find("not valid TOML: ") == 0);
  CHECK(r.message.find("(c.toml, line 1, column ") != std::string::npos);
  const TemporaryFolder folder;
  written(folder, smallest);
  try {
    read_campaign_file(folder / "d.toml");
    FAIL("accepted");
  } catch (const InputError& e) {
    CHECK(std::string(e.what()) == "campaign file not found: '" + (folder / "d.toml") + "'");
    CHECK(e.hint().find("did you mean '") == 0);
  }
}
