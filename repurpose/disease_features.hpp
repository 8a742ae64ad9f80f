// The evidence lines between all drugs and one disease, as numbers.
//
// Three families of path counts (repurpose/path_count.hpp) over the walks of repurpose/drug_walks.hpp:
//
//   mechanism    drug - target (- pathway, process, partner -) gene - disease, expression against expression
//   similarity   drug - like another drug (structure, targets, mechanism, expression, pathways, class, ATC
//                code, side effects) - treats - another disease - like this one (linked, named together in
//                articles, common genes, common organs)
//   treated      drug - like another drug - treats - this disease
//
// and, apart, popularity: how much the drug and drugs like it are used for anything at all. Mechanism and
// similarity never look at the treatments of the disease itself, so they are what can be said of a disease
// that nothing treats yet; the drug's own link to the disease is in no line. All drugs of one disease take
// milliseconds.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "repurpose/disease_profile.hpp"
#include "repurpose/drug_walks.hpp"
#include "repurpose/place_among_drugs.hpp"

namespace theriac::repurpose {

enum class FeatureFamily : std::uint8_t { mechanism, similarity, treated, popularity };
std::string family_name(FeatureFamily family);

struct Feature {
  std::string name;     ///< "CbGpPWpGaD"
  std::string meaning;  ///< "its targets share pathways with genes of the disease"
  FeatureFamily family = FeatureFamily::mechanism;
  DiseaseLikeness likeness = DiseaseLikeness::any;  ///< of a similarity: that of the diseases
};

/// One way from the drug to the disease, with its share of the feature's value.
struct WalkedPath {
  std::vector<std::uint32_t> nodes;  ///< the drug first; the disease itself is not among them
  std::vector<Hop> hops;             ///< one per node: to the next one, the last to the disease
  double weight = 0;
  double share = 0;  ///< of the feature's value, 0 to 1
};

class DiseaseFeatures {
 public:
  /// The graph must outlive this.
  explicit DiseaseFeatures(const GraphTables& graph);

  const GraphTables& graph() const { return graph_; }
  const std::vector<Feature>& features() const { return features_; }
  /// Index by name. Throws ModelError (the nearest name).
  std::size_t feature(const std::string& name) const;

  /// Drugs x features. Thread-safe.
  RealMatrix values(const DiseaseProfile& profile) const;
  /// The same of several questions in less time: every link is looked at once for all.
  std::vector<RealMatrix> values(const std::vector<DiseaseProfile>& profiles) const;
  /// The values that are not 0, and how high each stands among drugs in use.
  PlacedCounts placed(const RealMatrix& values) const;

  /// Treatments as they may be seen from the question: those of hidden diseases are left out.
  Bipartite treatments(const DiseaseProfile& profile) const;

  /// The heaviest paths behind one feature of one drug; none for counts. `value` is that feature's value,
  /// `treats` the treatments seen from the profile.
  std::vector<WalkedPath> paths(const DiseaseProfile& profile, const Bipartite& treats, std::uint32_t drug,
                                std::size_t feature, double value, std::size_t most) const;

 private:
  struct Question {  ///< a walk from a drug and the weights of its ends
    Walk walk;
    std::vector<double> ends;
    Hop last;
    double factor = 1;
  };
  /// A likeness of drugs and one of diseases; the last place is the disease itself.
  struct SimilarityLine {
    std::size_t likeness = 0, column = 0;
  };
  void name_similarity(std::size_t likeness, std::size_t column);
  struct Treated;
  void add_similarities(const std::vector<DiseaseProfile>& profiles, std::vector<RealMatrix>& out) const;
  void add_similarity(const DrugLikeness& likeness, const Metapath* path, std::size_t at,
                      const std::vector<Treated>& questions, std::vector<RealMatrix>& out) const;
  Question mechanism_question(const DiseaseProfile& profile, std::size_t line) const;
  Question similarity_question(const DiseaseProfile& profile, const Bipartite& treats, std::size_t likeness,
                               std::size_t disease_likeness) const;
  Question treated_question(const DiseaseProfile& profile, const Bipartite& treats, std::size_t likeness,
                            std::uint32_t drug) const;

  const GraphTables& graph_;
  std::vector<Feature> features_;
  /// What follows the first step of mechanisms; none when that step ends at the disease's genes.
  struct Remainder {
    std::vector<Metapath> path;  ///< at most one
    WalkEnd end{};
  };
  /// Mechanisms with one first step are counted together.
  struct Departure {
    Metapath first;
    std::vector<std::size_t> lines, remainders;
  };
  void depart(std::size_t line);
  void add_mechanisms(const DiseaseProfile& profile, RealMatrix& out) const;

  std::vector<MechanismLine> mechanisms_;
  std::vector<Remainder> remainders_;
  std::vector<Departure> departures_;
  std::vector<DrugLikeness> likenesses_;
  std::vector<SimilarityLine> similarity_lines_;
  std::vector<Metapath> likeness_paths_;  ///< of all but the first, which is the drug itself
};

}  // namespace theriac::repurpose
