#include "scoring/property_tasks.hpp"

namespace theriac::scoring {
namespace {

constexpr auto class_of = TaskKind::classification, number = TaskKind::regression;

PropertyTask tdc(const std::string& name, TaskKind kind, const std::string& unit, const std::string& metric,
                 bool logarithmic = false) {
  return {name, "tdc/" + name + ".csv.gz", "y", kind, unit, logarithmic, metric, true};
}

PropertyTask beside(const std::string& name, const std::string& file, const std::string& column,
                    TaskKind kind, const std::string& unit = {}) {
  return {name, file, column, kind, unit, false, {}, false};
}

std::vector<PropertyTask> all_tasks() {
  std::vector<PropertyTask> out = {
      tdc("ames", class_of, "", "AUROC"),
      tdc("bbb_martins", class_of, "", "AUROC"),
      tdc("bioavailability_ma", class_of, "", "AUROC"),
      tdc("caco2_wang", number, "log10 cm/s", "MAE"),
      tdc("clearance_hepatocyte_az", number, "uL/min/1e6 cells", "Spearman", true),
      tdc("clearance_microsome_az", number, "mL/min/g", "Spearman", true),
      tdc("cyp2c9_substrate_carbonmangels", class_of, "", "AUPRC"),
      tdc("cyp2c9_veith", class_of, "", "AUPRC"),
      tdc("cyp2d6_substrate_carbonmangels", class_of, "", "AUPRC"),
      tdc("cyp2d6_veith", class_of, "", "AUPRC"),
      tdc("cyp3a4_substrate_carbonmangels", class_of, "", "AUROC"),
      tdc("cyp3a4_veith", class_of, "", "AUPRC"),
      tdc("dili", class_of, "", "AUROC"),
      tdc("half_life_obach", number, "h", "Spearman", true),
      tdc("herg", class_of, "", "AUROC"),
      tdc("hia_hou", class_of, "", "AUROC"),
      tdc("ld50_zhu", number, "log10 1/(mol/kg)", "MAE"),
      tdc("lipophilicity_astrazeneca", number, "logD7.4", "MAE"),
      tdc("pgp_broccatelli", class_of, "", "AUROC"),
      tdc("ppbr_az", number, "% bound", "MAE"),
      tdc("solubility_aqsoldb", number, "log10 mol/L", "MAE"),
      tdc("vdss_lombardo", number, "L/kg", "Spearman", true),
      beside("cyp1a2_veith", "tdc_extra/cyp1a2_veith.csv.gz", "y", class_of),
      beside("cyp2c19_veith", "tdc_extra/cyp2c19_veith.csv.gz", "y", class_of),
      beside("b3db_classification", "more/b3db_classification.csv.gz", "y", class_of),
      beside("b3db_logbb", "more/b3db_logbb.csv.gz", "y", number, "log10 ratio"),
      beside("admetica_pgp_substrate", "more/admetica_pgp_substrate.csv.gz", "y", class_of),
      beside("admetica_cyp1a2_substrate", "more/admetica_cyp1a2_substrate.csv.gz", "y", class_of),
      beside("admetica_cyp2c19_substrate", "more/admetica_cyp2c19_substrate.csv.gz", "y", class_of),
      beside("admetica_human_hepatotoxicity", "more/admetica_human_hepatotoxicity.csv.gz", "y", class_of),
      beside("admetica_herg", "more/admetica_herg.csv.gz", "y", class_of),
      beside("freesolv", "moleculenet/freesolv.csv.gz", "expt", number, "kcal/mol"),
      beside("clintox_toxic", "moleculenet/clintox.csv.gz", "CT_TOX", class_of),
      beside("clintox_approved", "moleculenet/clintox.csv.gz", "FDA_APPROVED", class_of),
  };
  for (const std::string name : {"hlm", "rlm", "mdr1_er", "sol", "hppb", "rppb"})
    out.push_back(
        beside("biogen_" + name, "industry/biogen_" + name + ".csv.gz", "y", number, "log10 of the assay"));
  for (const std::string assay : {"NR-AR", "NR-AR-LBD", "NR-AhR", "NR-Aromatase", "NR-ER", "NR-ER-LBD",
                                  "NR-PPAR-gamma", "SR-ARE", "SR-ATAD5", "SR-HSE", "SR-MMP", "SR-p53"})
    out.push_back(beside("tox21_" + assay, "moleculenet/tox21.csv.gz", assay, class_of));
  return out;
}

}  // namespace

const std::vector<PropertyTask>& property_tasks() {
  static const std::vector<PropertyTask> tasks = all_tasks();
  return tasks;
}

}  // namespace theriac::scoring
