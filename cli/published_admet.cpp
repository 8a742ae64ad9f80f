#include "cli/published_admet.hpp"

namespace theriac::cli {

const std::vector<PublishedAdmet>& published_admet() {
  static const std::vector<PublishedAdmet> all = {{"caco2_wang", 0.271, 0.276},
                                                  {"hia_hou", 0.989, 0.983},
                                                  {"pgp_broccatelli", 0.935, 0.932},
                                                  {"bioavailability_ma", 0.740, 0.741},
                                                  {"lipophilicity_astrazeneca", 0.467, 0.542},
                                                  {"solubility_aqsoldb", 0.761, 0.787},
                                                  {"bbb_martins", 0.920, 0.920},
                                                  {"ppbr_az", 7.57, 7.622},
                                                  {"vdss_lombardo", 0.713, 0.716},
                                                  {"cyp2c9_veith", 0.790, 0.786},
                                                  {"cyp2d6_veith", 0.723, 0.720},
                                                  {"cyp3a4_veith", 0.881, 0.881},
                                                  {"cyp2c9_substrate_carbonmangels", 0.437, 0.411},
                                                  {"cyp2d6_substrate_carbonmangels", 0.720, 0.718},
                                                  {"cyp3a4_substrate_carbonmangels", 0.667, 0.649},
                                                  {"half_life_obach", 0.562, 0.559},
                                                  {"clearance_hepatocyte_az", 0.470, 0.469},
                                                  {"clearance_microsome_az", 0.626, 0.625},
                                                  {"ld50_zhu", 0.585, 0.618},
                                                  {"herg", 0.871, 0.873},
                                                  {"ames", 0.868, 0.865},
                                                  {"dili", 0.925, 0.883}};
  return all;
}

const PublishedAdmet* published_admet(const std::string& task) {
  for (const auto& row : published_admet())
    if (row.task == task) return &row;
  return nullptr;
}

const char* published_admet_source() {
  return "Published: the best figure of the group's leaderboard (tdcommons.ai, 2025) or of an independent "
         "run of its "
         "methods (Koleiev et al., bioRxiv 2026.02.26.708193) without a known leak of test labels; MapLight "
         "(J. H. Notwell, M. W. Wood, arXiv:2310.00174 (2023)) as run again there.";
}

}  // namespace theriac::cli
