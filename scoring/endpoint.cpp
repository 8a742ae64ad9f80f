#include "scoring/endpoint.hpp"

#include <fmt/format.h>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"

namespace theriac::scoring {
namespace {

constexpr auto value = EndpointKind::value;
constexpr auto probability = EndpointKind::probability;
constexpr auto mae = PropertyMetric::mae;
constexpr auto spearman = PropertyMetric::spearman;
constexpr auto auroc = PropertyMetric::auroc;
constexpr auto auprc = PropertyMetric::average_precision;
constexpr auto up = Direction::higher_is_better;
constexpr auto down = Direction::lower_is_better;
constexpr auto neutral = Direction::neutral;

const char* tdc_licence = "CC BY 4.0 (Therapeutics Data Commons)";
const char* veith = "H. Veith et al., Nat. Biotechnol. 27, 1050 (2009)";
const char* carbon_mangels = "M. Carbon-Mangels, M. C. Hutter, Mol. Inform. 30, 885 (2011)";
const char* astrazeneca = "AstraZeneca, deposited in ChEMBL, doi:10.6019/CHEMBL3301361 (2016)";
const char* tox21 = "Tox21 Data Challenge 2014 (MoleculeNet: Z. Wu et al., Chem. Sci. 9, 513 (2018))";
const char* fang = "C. Fang et al., J. Chem. Inf. Model. 63, 3263 (2023)";

Endpoint tdc(std::string name, std::string group, EndpointKind kind, PropertyMetric metric, std::string unit,
             Direction direction, bool logarithmic, std::string meaning, std::string source) {
  const std::string file = "tdc/" + name + ".csv.gz";
  return {std::move(name),
          std::move(group),
          kind,
          metric,
          std::move(unit),
          direction,
          logarithmic,
          std::move(meaning),
          file,
          "y",
          std::move(source),
          tdc_licence,
          {}};
}

std::vector<Endpoint> tdc_group() {
  const std::string p = "probability";
  return {
      tdc("caco2_wang", "absorption", value, mae, "log10 cm/s", up, false,
          "permeability of a Caco-2 cell layer", "N.-N. Wang et al., J. Chem. Inf. Model. 56, 763 (2016)"),
      tdc("hia_hou", "absorption", probability, auroc, p, up, false, "absorbed from the human intestine",
          "T. Hou et al., J. Chem. Inf. Model. 47, 208 (2007)"),
      tdc("pgp_broccatelli", "absorption", probability, auroc, p, down, false, "inhibits P-glycoprotein",
          "F. Broccatelli et al., J. Med. Chem. 54, 1740 (2011)"),
      tdc("bioavailability_ma", "absorption", probability, auroc, p, up, false,
          "at least 20 % of an oral dose reaches the blood",
          "C.-Y. Ma et al., J. Pharm. Biomed. Anal. 47, 677 (2008)"),
      tdc("lipophilicity_astrazeneca", "absorption", value, mae, "log D at pH 7.4", neutral, false,
          "octanol-water distribution at pH 7.4", astrazeneca),
      tdc("solubility_aqsoldb", "absorption", value, mae, "log10 mol/L", up, false, "solubility in water",
          "M. C. Sorkun et al., Sci. Data 6, 143 (2019)"),
      tdc("bbb_martins", "distribution", probability, auroc, p, neutral, false,
          "passes the blood-brain barrier", "I. F. Martins et al., J. Chem. Inf. Model. 52, 1686 (2012)"),
      tdc("ppbr_az", "distribution", value, mae, "% bound", neutral, false, "bound to plasma proteins",
          astrazeneca),
      tdc("vdss_lombardo", "distribution", value, spearman, "L/kg", neutral, true,
          "volume of distribution at steady state",
          "F. Lombardo, Y. Jing, J. Chem. Inf. Model. 56, 2042 (2016)"),
      tdc("cyp2c9_veith", "metabolism", probability, auprc, p, down, false, "inhibits CYP2C9", veith),
      tdc("cyp2d6_veith", "metabolism", probability, auprc, p, down, false, "inhibits CYP2D6", veith),
      tdc("cyp3a4_veith", "metabolism", probability, auprc, p, down, false, "inhibits CYP3A4", veith),
      tdc("cyp2c9_substrate_carbonmangels", "metabolism", probability, auprc, p, neutral, false,
          "metabolised by CYP2C9", carbon_mangels),
      tdc("cyp2d6_substrate_carbonmangels", "metabolism", probability, auprc, p, neutral, false,
          "metabolised by CYP2D6", carbon_mangels),
      tdc("cyp3a4_substrate_carbonmangels", "metabolism", probability, auroc, p, neutral, false,
          "metabolised by CYP3A4", carbon_mangels),
      tdc("half_life_obach", "excretion", value, spearman, "h", neutral, true, "half-life in human plasma",
          "R. S. Obach et al., Drug Metab. Dispos. 36, 1385 (2008)"),
      tdc("clearance_hepatocyte_az", "excretion", value, spearman, "uL/min/10^6 cells", down, true,
          "intrinsic clearance by hepatocytes", astrazeneca),
      tdc("clearance_microsome_az", "excretion", value, spearman, "mL/min/g", down, true,
          "intrinsic clearance by liver microsomes", astrazeneca),
      tdc("ld50_zhu", "toxicity", value, mae, "-log10 mol/kg", down, false,
          "dose that kills half of the rats", "H. Zhu et al., Chem. Res. Toxicol. 22, 1913 (2009)"),
      tdc("herg", "toxicity", probability, auroc, p, down, false, "blocks the hERG potassium channel",
          "S. Wang et al., Mol. Pharm. 13, 2855 (2016)"),
      tdc("ames", "toxicity", probability, auroc, p, down, false, "mutagenic in the Ames test",
          "C. Xu et al., J. Chem. Inf. Model. 52, 2840 (2012)"),
      tdc("dili", "toxicity", probability, auroc, p, down, false, "injures the human liver",
          "Y. Xu et al., J. Chem. Inf. Model. 55, 2085 (2015)"),
  };
}

Endpoint further(std::string name, std::string group, EndpointKind kind, std::string unit,
                 Direction direction, std::string meaning, std::string file, std::string column,
                 std::string source, std::string licence) {
  return {std::move(name),
          std::move(group),
          kind,
          kind == probability ? auroc : mae,
          std::move(unit),
          direction,
          false,
          std::move(meaning),
          std::move(file),
          std::move(column),
          std::move(source),
          std::move(licence),
          {}};
}

void add_cytochromes(std::vector<Endpoint>& out) {
  for (const char* isoform : {"1a2", "2c19"}) {
    const std::string upper = isoform == std::string("1a2") ? "1A2" : "2C19";
    out.push_back(further(fmt::format("cyp{}_veith", isoform), "metabolism", probability, "probability", down,
                          "inhibits CYP" + upper, fmt::format("tdc_extra/cyp{}_veith.csv.gz", isoform), "y",
                          veith, tdc_licence));
    out.push_back(further(fmt::format("cyp{}_substrate", isoform), "metabolism", probability, "probability",
                          neutral, "metabolised by CYP" + upper,
                          fmt::format("more/admetica_cyp{}_substrate.csv.gz", isoform), "y",
                          "Admetica, datagrok-ai (2024)", "MIT"));
  }
}

void add_tox21(std::vector<Endpoint>& out) {
  const std::pair<const char*, const char*> assays[] = {
      {"NR-AR", "activates the androgen receptor"},
      {"NR-AR-LBD", "binds the androgen receptor"},
      {"NR-AhR", "activates the aryl hydrocarbon receptor"},
      {"NR-Aromatase", "inhibits aromatase"},
      {"NR-ER", "activates the oestrogen receptor"},
      {"NR-ER-LBD", "binds the oestrogen receptor"},
      {"NR-PPAR-gamma", "activates PPAR gamma"},
      {"SR-ARE", "oxidative stress (ARE)"},
      {"SR-ATAD5", "damages DNA (ATAD5)"},
      {"SR-HSE", "heat shock response"},
      {"SR-MMP", "lowers the mitochondrial membrane potential"},
      {"SR-p53", "activates p53"}};
  for (const auto& [assay, meaning] : assays) {
    std::string name = fmt::format("tox21_{}", assay);
    for (char& c : name) c = c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    out.push_back(further(name, "toxicity", probability, "probability", down, meaning,
                          "moleculenet/tox21.csv.gz", assay, tox21, "MIT (DeepChem copy of public data)"));
  }
}

void add_industry(std::vector<Endpoint>& out) {
  struct Set {
    const char *name, *group, *unit, *meaning, *file;
    Direction direction;
  };
  const Set sets[] = {
      {"biogen_hlm", "excretion", "log10 mL/min/kg", "clearance by human liver microsomes", "hlm", down},
      {"biogen_rlm", "excretion", "log10 mL/min/kg", "clearance by rat liver microsomes", "rlm", down},
      {"biogen_mdr1_er", "absorption", "log10 ratio", "efflux ratio in MDR1-MDCK cells", "mdr1_er", down},
      {"biogen_sol", "absorption", "log10 ug/mL", "solubility at pH 6.8", "sol", up},
      {"biogen_hppb", "distribution", "log10 % unbound", "unbound in human plasma", "hppb", neutral},
      {"biogen_rppb", "distribution", "log10 % unbound", "unbound in rat plasma", "rppb", neutral}};
  for (const Set& set : sets)
    out.push_back(further(set.name, set.group, value, set.unit, set.direction, set.meaning,
                          fmt::format("industry/biogen_{}.csv.gz", set.file), "y", fang, "MIT"));
}

/// "more/admetica_pgp_substrate.csv.gz" is "admetica_pgp_substrate"; of tables with several columns the
/// column counts.
std::string network_task_of(const Endpoint& endpoint) {
  if (endpoint.file == "moleculenet/tox21.csv.gz") return "tox21_" + endpoint.column;
  if (endpoint.file == "moleculenet/clintox.csv.gz") return "clintox_toxic";
  const std::size_t slash = endpoint.file.rfind('/') + 1;
  return endpoint.file.substr(slash, endpoint.file.find('.') - slash);
}

std::vector<Endpoint> all_endpoints() {
  auto out = tdc_group();
  add_cytochromes(out);
  out.push_back(further("pgp_substrate", "absorption", probability, "probability", down,
                        "carried out of cells by P-glycoprotein", "more/admetica_pgp_substrate.csv.gz", "y",
                        "Admetica, datagrok-ai (2024)", "MIT"));
  add_industry(out);
  out.push_back(further("b3db_logbb", "distribution", value, "log10 ratio", neutral,
                        "concentration in the brain over that in the blood", "more/b3db_logbb.csv.gz", "y",
                        "B3DB: F. Meng et al., Sci. Data 8, 289 (2021)", "CC0 1.0"));
  out.push_back(further("freesolv", "other", value, "kcal/mol", neutral, "free energy of hydration",
                        "moleculenet/freesolv.csv.gz", "expt",
                        "D. L. Mobley, J. P. Guthrie, J. Comput. Aided Mol. Des. 28, 711 (2014)",
                        "MIT (DeepChem copy)"));
  out.push_back(further("hepatotoxicity", "toxicity", probability, "probability", down,
                        "toxic to the human liver", "more/admetica_human_hepatotoxicity.csv.gz", "y",
                        "Admetica, datagrok-ai (2024)", "MIT"));
  out.push_back(further("clintox", "toxicity", probability, "probability", down,
                        "failed clinical trials for toxicity", "moleculenet/clintox.csv.gz", "CT_TOX",
                        "K. M. Gayvert et al., Cell Chem. Biol. 23, 1294 (2016) (MoleculeNet)",
                        "MIT (DeepChem copy)"));
  add_tox21(out);
  for (Endpoint& endpoint : out) endpoint.network_task = network_task_of(endpoint);
  return out;
}

}  // namespace

const std::vector<Endpoint>& known_endpoints() {
  static const auto all = all_endpoints();
  return all;
}

const Endpoint& known_endpoint(const std::string& name) {
  std::vector<std::string> names;
  for (const Endpoint& endpoint : known_endpoints()) {
    if (endpoint.name == name) return endpoint;
    names.push_back(endpoint.name);
  }
  const std::string near = chem::nearest_name(name, names);
  throw UsageError(fmt::format("there is no endpoint '{}'{}", name,
                               near.empty() ? "" : fmt::format(", did you mean '{}'?", near)),
                   "theriac predict --list shows all");
}

}  // namespace theriac::scoring
