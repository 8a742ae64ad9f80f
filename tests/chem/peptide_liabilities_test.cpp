#include "chem/peptide_liabilities.hpp"

#include <catch2/catch.hpp>

using namespace theriac::chem;

TEST_CASE("liabilities are found at their places") {
  CHECK(places_text(liabilities("QKNGTWDPLMC")) ==
        "deamidation@3;acid_cleavage@7;oxidation@6;oxidation@10;odd_cysteine@11;pyroglutamate@1;"
        "glycosylation@3");
  CHECK(places_text(liabilities("ANKTAAAAAG")) == "glycosylation@2;run@5");
  CHECK(places_text(liabilities("ANPTADG")) == "isomerisation@6");
  CHECK(places_text(liabilities("CKRLCY")).empty());
}

TEST_CASE("trypsin cuts after lysine and arginine but not before proline or at the end") {
  CHECK(places_text(protease_sites("EKPTRQK")) == "trypsin@5");
}

TEST_CASE("proteases with longer patterns") {
  CHECK(places_text(protease_sites("TLVPRGQ")).find("thrombin@5") != std::string::npos);
  CHECK(places_text(protease_sites("QDEVDNQ")).find("caspase3@5") != std::string::npos);
  CHECK(places_text(protease_sites("QRNKRTQ")).find("furin@5") != std::string::npos);
  CHECK(places_text(protease_sites("HAEGT")).find("dpp4@2") != std::string::npos);  // GLP-1 loses HA
  CHECK(places_text(protease_sites("HGEGT")).find("dpp4") == std::string::npos);    // exenatide does not
}

TEST_CASE("rules of thumb of synthesis") {
  CHECK(synthesis_difficulties("EKWDRTK").empty());
  CHECK(places_text(synthesis_difficulties("QKDGEKPR")) ==
        "aspartimide@3;diketopiperazine@7;n_terminal_gln@1");
  CHECK(places_text(synthesis_difficulties("VIVTVLLF")) == "hydrophobic@1;beta_branched@1;poor_solubility@1");
}
