#include "chem/ionisable_groups.hpp"

#include <GraphMol/MolOps.h>
#include <GraphMol/RWMol.h>
#include <GraphMol/SmilesParse/SmilesParse.h>
#include <GraphMol/Substruct/SubstructMatch.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "chem/compiled_patterns.hpp"
#include "chem/graph_edit.hpp"
#include "chem/heavy_graph.hpp"
#include "chem/neutral_form.hpp"
#include "chem/pattern_search.hpp"

namespace theriac::chem {
namespace {

enum class Kind { acid, base, neutral };  // neutral: looks like a group below but is not ionisable
enum class Family { fixed, amine, phenol, pyridine, imidazole, aniline };  // which substituent table applies

struct Group {
  const char* name;
  Kind kind;
  const char* smarts;  // the first atom is the site; all nitrogens of the match are settled with it
  double pka;
  Family family = Family::fixed;
};

// ND: a nitrogen whose lone pair is free to push into a ring or to take a proton.
#define ND "[NX3;!$(N-[C,S,P]=[O,S,N]);!$(N-[!#6;!#1])]"

// The first group that fits an atom wins, so special cases stand above general ones.
constexpr Group groups[] = {
    // acids: example and measured constant
    {"sulfonic acid", Kind::acid, "[OX2H1][SX4](=O)=O", -1.5},      // benzenesulfonic -2.8, taurine -0.3
    {"sulfinic acid", Kind::acid, "[OX2H1][SX3]=O", 2.0},           // benzenesulfinic 1.8
    {"phosphonic acid", Kind::acid, "[OX2H1]P(=O)[#6]", 2.6},       // methylphosphonic 2.4, then 7.7
    {"phosphoric acid", Kind::acid, "[OX2H1]P=O", 1.5},             // glucose 6-phosphate 0.9, then 6.1
    {"squaric acid", Kind::acid, "[OX2H1]C1=CC(=O)C1=O", 1.0},      // 0.5, then 3.5
    {"quinolone acid", Kind::acid, "[OX2H1]C(=O)c1cnccc1=O", 6.1},  // ciprofloxacin 6.1: bound to the ketone
    {"aromatic carboxylic acid", Kind::acid, "[OX2H1]C(=O)[c,n]", 4.2},  // benzoic 4.2
    {"carboxylic acid", Kind::acid, "[OX2H1][CX3](=O)[#6,#1]", 4.7},     // acetic 4.76
    {"carbonic half ester", Kind::acid, "[OX2H1][CX3](=O)[#8]", 6.0},    // bicarbonate's parent 6.4
    {"thiocarboxylic acid", Kind::acid, "[SX2H1][CX3]=[O,S]", 3.3},      // thioacetic 3.3
    {"tetrazole", Kind::acid, "[nX3H1]1nnnc1", 4.9},                     // tetrazole 4.9, losartan 4.9
    {"tetrazole", Kind::acid, "[nX3H1]1nncn1", 4.9},
    {"sulfonimide", Kind::acid, "[NX3;H1](S(=O)=O)S(=O)=O", 1.5},      // dibenzenesulfonimide 1.5
    {"sulfonylurea", Kind::acid, "[NX3;H1](C(=O)[NX3])S(=O)=O", 5.4},  // tolbutamide 5.3, glibenclamide 5.3
    {"acyl sulfonamide", Kind::acid, "[NX3;H1]([#6X3]=O)[SX4](=O)=O",
     4.0},  // acetylsulfanilamide 5.4, saccharin 1.6
    {"triflamide", Kind::acid, "[NX3;H1,H2;$(NS(=O)(=O)C(F)(F)F)]", 6.0},  // CF3SO2NH2 6.3, its anilide 4.5
    {"sulfa drug", Kind::acid, "[NX3;H1;$(N[c;r5]:[n,o,s]),$(N[c;r5]:c:[n,o,s])]S(=O)=O",
     6.0},  // sulfamethoxazole 5.7
    {"sulfa drug", Kind::acid, "[NX3;H1;$(Nc1ncccn1),$(Nc1ccncn1),$(Nc1cnccn1),$(Nc1cccnn1)]S(=O)=O", 6.6},
    {"sulfapyridine", Kind::acid, "[NX3;H1;$(Nc:n)]S(=O)=O", 8.4},      // 8.4
    {"sulfonanilide", Kind::acid, "[NX3;H1;$(Nc)]S(=O)=O", 8.8},        // benzenesulfonanilide 8.3
    {"sulfonamide", Kind::acid, "[NX3;H2]S(=O)=O", 10.1},               // benzenesulfonamide 10.1
    {"sulfonamide", Kind::acid, "[NX3;H1;!$(N[#7,#8])]S(=O)=O", 11.3},  // N-methylmethanesulfonamide 11.8
    {"rhodanine", Kind::acid, "[NX3;H1]1C(=S)S[#6]C1=O", 5.6},          // 5.2 to 5.9
    {"thiazolidinedione", Kind::acid, "[NX3;H1]1C(=O)S[#6]C1=O", 6.5},  // pioglitazone 6.4, rosiglitazone 6.3
    {"barbiturate", Kind::acid, "[NX3;H1]1C(=[O,S])[NX3]C(=O)[#6]C1=O",
     7.7},                                                          // barbital 7.9, secobarbital 7.9
    {"hydantoin", Kind::acid, "[NX3;H1]1C(=O)[NX3][#6]C1=O", 8.7},  // phenytoin 8.3, hydantoin 9.1
    {"uric acid", Kind::acid, "[nH1]1c(=O)[nH]c(=O)c2[nH]c(=O)[nH]c12", 5.5},  // 5.4
    {"halogenated uracil", Kind::acid, "[nH1]1c(=O)nc[c;$(c[F,Cl,Br,I]),$(cC(F)(F)F),$(c[N+])]c1=O",
     7.9},                                                               // 5-FU 8.0
    {"xanthine", Kind::acid, "[nH1]1cnc2c1c(=O)nc(=O)n2", 8.7},          // theophylline 8.8
    {"uracil", Kind::acid, "[nH1](c=O)c=O", 9.4},                        // uracil 9.4
    {"imide", Kind::acid, "[NX3;H1](C=O)C=O", 9.8},                      // succinimide 9.6
    {"oxadiazolone", Kind::acid, "[nH1]1c(=O)onc1", 6.1},                // azilsartan 6.1
    {"benzotriazole", Kind::acid, "[nH1]1nnc2ccccc12", 8.4},             // 8.4
    {"oxicam", Kind::acid, "[OX2H1]C1=C(C(=O)N)N(*)S(=O)(=O)cc1", 4.8},  // meloxicam 4.1, piroxicam 5.1
    {"ascorbic acid", Kind::acid, "[OX2H1]C1=C([OX2])C(=O)OC1", 4.2},    // 4.2
    {"cyclic 1,3-dione", Kind::acid, "[OX2H1][C;R]=[C;R][C;R]=O", 5.2},  // dimedone 5.2, lawsone 4.0
    {"hydroxycoumarin", Kind::acid, "[OX2H1]c1cc(=O)occ1", 4.8},         // warfarin 5.0
    {"hydroxyquinolone", Kind::acid, "[OX2H1]c1cc(=O)ncc1", 5.8},        // 4-hydroxy-2-quinolone 5.8
    {"tropolone", Kind::acid, "[OX2H1]c1c(=O)ccccc1", 6.9},              // 6.9
    {"hydroxyimide", Kind::acid, "[OX2H1]N(C=O)C=O", 6.1},               // N-hydroxysuccinimide 6.0
    {"hydroxamic acid", Kind::acid, "[OX2H1][NX3]C=O", 8.9},   // acetohydroxamic 8.7, vorinostat 9.2
    {"hydroxypyridinone", Kind::acid, "[OX2H1]nc=O", 6.5},     // 1-hydroxy-2-pyridone 5.9, ciclopirox 7.2
    {"thiophenol", Kind::acid, "[SX2H1]c", 6.5},               // 6.6
    {"thiol", Kind::acid, "[SX2H1][CX4]", 10.3},               // ethanethiol 10.6
    {"phenol", Kind::acid, "[OX2H1]c", 10.0, Family::phenol},  // 9.99

    // bases: guanidines and amidines
    {"weak guanidine", Kind::neutral, "[NX2;$(N[N+](=O)[O-]),$(NC#N),$(NS(=O)=O)]=C([#7])[#7]",
     0},  // cimetidine's
    {"weak guanidine", Kind::neutral, "[NX3;$(N[N+](=O)[O-]),$(NC#N),$(NS(=O)=O)]C(=[NX2])[#7]", 0},
    {"weak guanidine", Kind::neutral, "[NX2;$(N[N+](=O)[O-]),$(NC#N),$(NS(=O)=O)]=C", 0},  // famotidine's
    {"biguanide", Kind::base, "[NX2]=C([NX3])[NX3]C(=[NX2])[NX3]", 12.0},  // metformin 12.4, then 2.8
    {"biguanide", Kind::base, "[NX2H1]=C([NX3])[NX2]=C([NX3])[NX3]", 12.0},
    {"acylguanidine", Kind::base, "[NX2;$(NC=O)]=C([NX3])[NX3]", 8.4},  // amiloride 8.7
    {"acylguanidine", Kind::base, "[NX2]=C([NX3])[NX3;$(N-C=O)]", 8.4},
    {"heteroarylguanidine", Kind::base, "[NX2]=C([NX3])[NX3;$(Nc:n)]",
     6.9},  // famotidine 6.8, tizanidine 7.4
    {"heteroarylguanidine", Kind::base, "[NX2;$(Nc:n)]=C([NX3])[NX3]", 6.9},
    {"arylguanidine", Kind::base, "[NX2]=C([NX3])[NX3;$(Nc)]", 10.3},  // phenylguanidine 10.8
    {"arylguanidine", Kind::base, "[NX2;$(Nc)]=C([NX3])[NX3]", 9.5},   // clonidine 8.1, apraclonidine 9.2
    {"guanidine", Kind::base, "[NX2;!$(N-[!#6;!#1])]=C([NX3])[NX3]", 13.4},  // guanidine 13.6, arginine 13.8
    {"amidoxime", Kind::base, "[NX2;$(N[OX2])]=[CX3][NX3]", 4.9},            // benzamidoxime 4.8
    {"isothiourea", Kind::base, "[NX2;!$(N-[!#6;!#1]);!$(N-c)]=C([NX3;!$(N-[C,S]=O)])[SX2,OX2]", 9.5},  // 9.8
    {"acylamidine", Kind::neutral, "[NX2;$(N-[C,S]=O)]=C[NX3]", 0},
    {"acylamidine", Kind::neutral, "[NX2]=C[NX3;$(N-[C,S]=O)]", 0},
    {"diaryl amidine", Kind::base, "[NX2;$(N-c)]=[CX3;$(C-c)][NX3]", 4.5},         // clozapine 4.4
    {"aryl amidine", Kind::base, "[NX2;$(N-c)]=[CX3][NX3]", 8.0},                  // N-phenylacetamidine 8.3
    {"benzamidine", Kind::base, "[NX2;!$(N-[!#6;!#1])]=[CX3;$(C-c)][NX3]", 11.4},  // 11.6
    {"amidine", Kind::base, "[NX2;!$(N-[!#6;!#1])]=[CX3]([#6,#1])[NX3]", 12.2},    // acetamidine 12.4

    // bases: nitrogen in aromatic rings
    {"adenine", Kind::base, "[nX2]1cnc2ncnc2c1" ND, 3.9},                 // adenosine 3.6, adenine 4.2
    {"aminoacridine", Kind::base, "[nX2]1c2ccccc2c(" ND ")cc1", 9.6},     // tacrine 9.9, 9-aminoacridine 9.9
    {"4-aminoquinoline", Kind::base, "[nX2]1ccc(" ND ")c2ccccc12", 8.7},  // 9.2, chloroquine 8.1
    {"2-aminoquinoline", Kind::base, "[nX2]1c(" ND ")ccc2ccccc12", 7.3},  // 7.3
    {"4-aminopyridine", Kind::base, "[nX2]1ccc(" ND ")cc1", 9.1, Family::pyridine},  // 9.1, DMAP 9.6
    {"2-aminopyridine", Kind::base, "[nX2]1c(" ND ")cccc1", 6.8, Family::pyridine},  // 6.8
    {"3-aminopyridine", Kind::base, "[nX2]1cc(" ND ")ccc1", 6.0, Family::pyridine},  // 6.0
    {"2,4-diaminopyrimidine", Kind::base, "[nX2]1c(" ND ")nc(" ND ")cc1",
     7.2},                                                           // trimethoprim 7.1, pyrimethamine 7.3
    {"4-aminopyrimidine", Kind::base, "[nX2]1cnc(" ND ")cc1", 5.6},  // 5.7, erlotinib 5.4
    {"2-aminopyrimidine", Kind::base, "[nX2]1c(" ND ")nccc1", 3.5},  // 3.5
    {"melamine", Kind::base, "[nX2]1c(" ND ")nc(" ND ")nc1", 5.0},   // 5.0
    {"2-aminobenzimidazole", Kind::base, "[nX2]1c(" ND ")[nX3]c2ccccc12", 7.5},        // 7.5
    {"benzimidazole", Kind::base, "[nX2]1c[nX3]c2ccccc12", 5.5, Family::imidazole},    // 5.5
    {"imidazopyridine", Kind::base, "[nX2]1cc[nX3]2ccccc12", 6.6, Family::imidazole},  // 6.8, zolpidem 6.2
    {"fused imidazole", Kind::neutral, "[nX2]1c[nX3][c;R2][c;R2]1", 0},                // caffeine 0.6
    {"fused imidazole", Kind::neutral, "[nX2]1[c;R2][nX3;R2]cc1", 0},
    {"2-aminoimidazole", Kind::base, "[nX2]1c(" ND ")[nX3]cc1", 8.4},      // 8.5
    {"imidazole", Kind::base, "[nX2]1c[nX3]cc1", 7.0, Family::imidazole},  // 7.0
    {"2-aminothiazole", Kind::base, "[nX2]1c(" ND ")scc1", 5.4},           // 5.4
    {"pyridine", Kind::base, "[nX2]1ccccc1", 5.2, Family::pyridine},       // 5.2, quinoline 4.9

    // nitrogen whose lone pair is taken
    {"amide", Kind::neutral, "[NX3][#6X3]=[O,S,N]", 0},
    {"sulfonamide", Kind::neutral, "[NX3][S,P]=O", 0},
    {"nitramine", Kind::neutral, "[NX3][N;$(N=O),$([N+](=O)[O-])]", 0},
    {"cyanamide", Kind::neutral, "[NX3]C#N", 0},
    // bases: saturated nitrogen
    {"alkyl hydrazine", Kind::base, "[NX3;!$(N-[#6;!X4])][NX3;!$(N-[#6;!X4])]", 7.9},  // methylhydrazine 7.9
    {"alkyl hydroxylamine", Kind::base, "[NX3;!$(N-[#6;!X4]);!$(N-[#7])][OX2]", 5.5},  // 6.0
    {"aziridine", Kind::base, "[NX3;r3;!$(N-[!#6;!#1]);!$(N-[#6;!X4])]", 8.0},         // 8.0
    {"aliphatic amine, primary", Kind::base, "[NX3;H2;!$(N-[!#6;!#1]);!$(N-[#6;!X4])][#6]", 10.6,
     Family::amine},
    {"aliphatic amine, secondary", Kind::base, "[NX3;H1;!$(N-[!#6;!#1]);!$(N-[#6;!X4])][#6]", 11.0,
     Family::amine},
    {"aliphatic amine, tertiary", Kind::base, "[NX3;H0;!$(N-[!#6;!#1]);!$(N-[#6;!X4])][#6]", 10.3,
     Family::amine},
    {"aniline", Kind::base, "[NX3;!$(N-[!#6;!#1]);!$(N(c)c);!$(Nc:[n,o,s]);$(N-c)][#6]", 4.7,
     Family::aniline},
};

struct Shift {
  Family family;
  const char* smarts;  // begins at the site; counted once for each set of atoms
  double pka;
};

constexpr Shift shifts[] = {
    // amines, per substituent on the alkyl chain (Perrin et al., chapter 4)
    {Family::amine, "N[CX4][CX4][OX2H1]", -1.1},   // ethanolamine 9.5
    {Family::amine, "N[CX4][CX4][OX2H0]", -1.35},  // morpholine 8.4
    {Family::amine, "N[CX4][CX4][CX4][OX2]", -0.4},
    {Family::amine, "N[CX4][CX4][NX3;!$(N-c);!$(N-[C,S]=O)]", -0.8},     // ethylenediamine 9.9
    {Family::amine, "N[CX4][CX4][$([NX3]-c),$([NX3]-C=O),$(n)]", -1.1},  // N-phenylpiperazine 8.7
    {Family::amine, "N[CX4][CX4][NX3;$(N-S=O)]", -1.6},
    {Family::amine, "N[CX4][CX4][CX4][#7X3]", -0.3},
    {Family::amine, "N[CX4]c", -1.2},                 // benzylamine 9.3
    {Family::amine, "N[CX4][CX4]c", -0.7},            // phenethylamine 9.8
    {Family::amine, "N[CX4][CX3]=[CX3]", -1.0},       // allylamine 9.5
    {Family::amine, "N[CX4]C#C", -2.4},               // propargylamine 8.2
    {Family::amine, "N[CX4][CX3]=[O,S]", -2.7},       // glycine amide 7.9, its ethyl ester 7.7
    {Family::amine, "N[CX4][CX4][CX3]=[O,S]", -1.1},  // beta-alanine ethyl ester 9.1
    {Family::amine, "N[CX4]C#N", -5.2},               // aminoacetonitrile 5.3
    {Family::amine, "N[CX4][CX4]C#N", -2.8},          // 3-aminopropionitrile 7.8
    {Family::amine, "N[CX4][CX4][F]", -1.6},          // 2,2,2-trifluoroethylamine 5.7
    {Family::amine, "N[CX4][CX4][Cl,Br,I]", -1.7},    // chlormethine 6.4
    {Family::amine, "N[CX4][CX4][CX4][F,Cl,Br,I]", -0.6},
    {Family::amine, "N[CX4][CX4][SX2]", -0.9},
    {Family::amine, "N[CX4][CX4][S;X3,X4]=O", -1.7},  // taurine 9.1
    {Family::amine, "N[CX4][PX4]=O", -1.5},           // aminomethylphosphonic acid 10.0
    // phenols (Perrin et al., chapter 7: 2.23 times Hammett's sigma)
    {Family::phenol, "Oc:c[N+](=O)[O-]", -2.8},         // 2-nitrophenol 7.2
    {Family::phenol, "Oc:c:c[N+](=O)[O-]", -1.6},       // 3-nitrophenol 8.4
    {Family::phenol, "Oc1ccc([N+](=O)[O-])cc1", -2.8},  // 4-nitrophenol 7.15
    {Family::phenol, "Oc1ccc(C#N)cc1", -2.0},           // 4-cyanophenol 8.0
    {Family::phenol, "Oc1ccc(C=O)cc1", -1.9},           // 4-hydroxyacetophenone 8.05
    {Family::phenol, "Oc1ccc(S(=O)=O)cc1", -2.2},       // 4-methylsulfonylphenol 7.8
    {Family::phenol, "Oc1ccc(C(F)(F)F)cc1", -1.3},      // 8.7
    {Family::phenol, "Oc:c[F,Cl,Br,I]", -1.45},         // 2-chlorophenol 8.5
    {Family::phenol, "Oc:c:c[F,Cl,Br,I]", -0.9},        // 3-chlorophenol 9.1
    {Family::phenol, "Oc1ccc([F,Cl,Br,I])cc1", -0.5},   // 4-chlorophenol 9.4
    {Family::phenol, "Oc:c:[nX2]", -1.3},               // 3-hydroxypyridine 8.7
    // pyridines (Perrin et al., chapter 8)
    {Family::pyridine, "n:c[CX4]", 0.8},                // 2-picoline 6.0
    {Family::pyridine, "n:c:c[CX4]", 0.5},              // 3-picoline 5.7
    {Family::pyridine, "n1ccc([CX4])cc1", 0.8},         // 4-picoline 6.0
    {Family::pyridine, "n:c[F,Cl,Br,I]", -4.5},         // 2-chloropyridine 0.7
    {Family::pyridine, "n:c:c[F,Cl,Br,I]", -2.3},       // 3-chloropyridine 2.8
    {Family::pyridine, "n1ccc([F,Cl,Br,I])cc1", -1.4},  // 4-chloropyridine 3.8
    {Family::pyridine, "n:c[OX2]", -1.9},               // 2-methoxypyridine 3.3
    {Family::pyridine, "n1ccc([OX2])cc1", 1.4},         // 4-methoxypyridine 6.6
    {Family::pyridine, "n:c:cC=O", -1.8},               // nicotinamide 3.4
    {Family::pyridine, "n1ccc(C=O)cc1", -1.6},          // isonicotinamide 3.6
    {Family::pyridine, "n:cC=O", -3.0},                 // picolinamide 2.1
    {Family::pyridine, "n:c:cC#N", -3.8},               // nicotinonitrile 1.4
    {Family::pyridine, "n:c:c[N+](=O)[O-]", -4.4},      // 3-nitropyridine 0.8
    // imidazoles
    {Family::imidazole, "n~*[CX4]", 0.4},         // 4-methylimidazole 7.5
    {Family::imidazole, "n~*[c;!R2]", -0.5},      // 4-phenylimidazole 6.1
    {Family::imidazole, "n~*[F,Cl,Br,I]", -3.5},  // 4-bromoimidazole 3.7
    {Family::imidazole, "n~*~*[F,Cl,Br,I]", -3.0},
    {Family::imidazole, "n~*[N+](=O)[O-]", -7.0},    // 4-nitroimidazole -0.2
    {Family::imidazole, "n~*~*[N+](=O)[O-]", -4.5},  // metronidazole 2.6
    {Family::imidazole, "n~*C=O", -3.5},             // imidazole-4-carboxaldehyde 2.9
    // anilines
    {Family::aniline, "Nc1ccc([N+](=O)[O-])cc1", -3.6},  // 4-nitroaniline 1.0
    {Family::aniline, "Nc:c:c[N+](=O)[O-]", -2.2},       // 3-nitroaniline 2.5
    {Family::aniline, "Nc:c[N+](=O)[O-]", -4.9},         // 2-nitroaniline -0.3
    {Family::aniline, "Nc1ccc(C=O)cc1", -2.2},           // benzocaine 2.5
    {Family::aniline, "Nc1ccc(S=O)cc1", -2.6},           // sulfanilamide 2.1
    {Family::aniline, "Nc:c[F,Cl,Br,I]", -1.9},          // 2-chloroaniline 2.7
    {Family::aniline, "Nc:c:c[F,Cl,Br,I]", -1.1},        // 3-chloroaniline 3.5
    {Family::aniline, "Nc1ccc([OX2])cc1", 0.7},          // 4-methoxyaniline 5.3
};

#undef ND

/// One of the tables as patterns. Recursive SMARTS keep state while RDKit matches them, so each thread has
/// its own.
struct Patterns {
  std::vector<std::shared_ptr<const RDKit::ROMol>> queries;
  PatternSet set;
};

template <typename Table>
Patterns patterns_of(const Table& table) {
  std::vector<std::shared_ptr<const RDKit::ROMol>> queries;
  for (const auto& row : table) {
    queries.emplace_back(RDKit::SmartsToMol(row.smarts));
    if (!queries.back()) throw std::logic_error(std::string("not a valid SMARTS: ") + row.smarts);
  }
  auto set = PatternSet::of(queries);
  return {std::move(queries), std::move(set)};
}

const Patterns& group_patterns() {
  thread_local const Patterns patterns = patterns_of(groups);
  return patterns;
}

const Patterns& shift_patterns() {
  thread_local const Patterns patterns = patterns_of(shifts);
  return patterns;
}

/// Atoms in the order of the pattern.
using Match = std::vector<int>;

/// A table searched in one molecule. RDKit searches for the patterns that our search does not understand, and
/// in graphs that it cannot hold.
class TableSearch {
 public:
  TableSearch(const RDKit::ROMol& graph, const SearchGraph& flat, const Patterns& patterns)
      : graph_(graph), flat_(flat), patterns_(patterns) {}

  std::vector<Match> matches(std::size_t pattern) {
    if (!is_ours(pattern)) return rdkit_matches(pattern);
    std::vector<Match> out;
    if (!search_->may_match(compiled(pattern))) return out;
    for (int atom = 0; atom < flat_.atom_count() && out.size() < most_matches; ++atom)
      for (auto& match : search_->matches_from(compiled(pattern), atom, most_matches - out.size()))
        out.push_back(std::move(match));
    return out;
  }

  /// Those whose first atom this is.
  std::vector<Match> matches_from(std::size_t pattern, int atom) {
    if (is_ours(pattern)) return search_->matches_from(compiled(pattern), atom, most_matches);
    std::vector<Match> out = rdkit_matches(pattern);
    out.erase(std::remove_if(out.begin(), out.end(), [&](const Match& m) { return m.front() != atom; }),
              out.end());
    return out;
  }

 private:
  static constexpr std::size_t most_matches = 10000;

  const CompiledPattern& compiled(std::size_t pattern) const {
    return patterns_.set.compiled().patterns[pattern];
  }

  bool is_ours(std::size_t pattern) {
    if (!flat_.complete || !compiled(pattern).understood) return false;
    if (!search_) search_ = std::make_unique<GraphSearch>(patterns_.set.compiled(), flat_);
    return true;
  }

  std::vector<Match> rdkit_matches(std::size_t pattern) const {
    RDKit::SubstructMatchParameters parameters;
    parameters.uniquify = false;
    parameters.maxMatches = most_matches;
    std::vector<Match> out;
    for (const auto& match : RDKit::SubstructMatch(graph_, *patterns_.queries[pattern], parameters)) {
      Match& atoms = out.emplace_back(match.size());
      for (const auto& [query_atom, atom] : match) atoms[static_cast<std::size_t>(query_atom)] = atom;
    }
    return out;
  }

  const RDKit::ROMol& graph_;
  const SearchGraph& flat_;
  const Patterns& patterns_;
  std::unique_ptr<GraphSearch> search_;
};

double shift_at(TableSearch& search, Family family, int atom) {
  double sum = 0;
  for (std::size_t i = 0; i < std::size(shifts); ++i) {
    if (shifts[i].family != family) continue;
    std::vector<Match> counted;
    for (auto& match : search.matches_from(i, atom)) {
      std::sort(match.begin(), match.end());
      if (std::find(counted.begin(), counted.end(), match) == counted.end())
        counted.push_back(std::move(match));
    }
    sum += shifts[i].pka * static_cast<double>(counted.size());
  }
  return sum;
}

/// Places of the atoms in the canonical order, which is only made when two of them are to be compared.
class CanonicalRank {
 public:
  CanonicalRank(const RDKit::ROMol& graph, const std::vector<int>* order) : graph_(graph) {
    if (order) fill(*order);
  }
  int operator()(int atom) {
    if (rank_.empty()) fill(canonical_order(graph_));
    return rank_[static_cast<std::size_t>(atom)];
  }

 private:
  void fill(const std::vector<int>& order) {
    rank_.resize(order.size());
    for (std::size_t i = 0; i < order.size(); ++i)
      rank_[static_cast<std::size_t>(order[i])] = static_cast<int>(i);
  }

  const RDKit::ROMol& graph_;
  std::vector<int> rank_;
};

int element(const RDKit::ROMol& graph, int atom) {
  return graph.getAtomWithIdx(static_cast<unsigned>(atom))->getAtomicNum();
}

std::vector<IonisableSite> sites_of(const RDKit::ROMol& graph, CanonicalRank rank) {
  const auto by_rank = [&](const Match& a, const Match& b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                        [&](int x, int y) { return x != y && rank(x) < rank(y); });
  };
  const SearchGraph flat = search_graph(graph);
  TableSearch group_search(graph, flat, group_patterns()), shift_search(graph, flat, shift_patterns());
  std::vector<IonisableSite> sites;
  std::vector<char> settled(graph.getNumAtoms(), 0);
  const auto is_settled = [&](int atom) -> char& { return settled[static_cast<std::size_t>(atom)]; };
  for (std::size_t i = 0; i < std::size(groups); ++i) {
    const Group& group = groups[i];
    auto matches = group_search.matches(i);
    std::sort(matches.begin(), matches.end(), by_rank);
    for (const Match& match : matches) {
      const int atom = match.front();
      if (is_settled(atom)) continue;
      for (const int other : match)
        if (element(graph, other) == 7) is_settled(other) = 1;
      is_settled(atom) = 1;
      if (group.kind == Kind::neutral) continue;
      const double shift = group.family == Family::fixed ? 0.0 : shift_at(shift_search, group.family, atom);
      const bool on_ring = group.family == Family::phenol ||
                           graph.getAtomWithIdx(static_cast<unsigned>(atom))->getIsAromatic();
      sites.push_back({atom, group.kind == Kind::acid, group.pka + shift, on_ring, group.name});
    }
  }
  std::sort(sites.begin(), sites.end(),
            [&](const IonisableSite& a, const IonisableSite& b) { return rank(a.atom) < rank(b.atom); });
  return sites;
}

}  // namespace

std::vector<IonisableSite> ionisable_sites(const RDKit::ROMol& graph, const std::vector<int>& order) {
  return sites_of(graph, CanonicalRank(graph, &order));
}

std::vector<IonisableSite> ionisable_sites(const Molecule& molecule) {
  if (const auto graph = heavy_graph(molecule); is_neutral_form(*graph))
    return sites_of(*graph, CanonicalRank(*graph, nullptr));
  const auto graph = editable_heavy_graph(molecule);
  neutralise(*graph);
  graph->updatePropertyCache(false);
  return sites_of(*graph, CanonicalRank(*graph, nullptr));
}

}  // namespace theriac::chem
