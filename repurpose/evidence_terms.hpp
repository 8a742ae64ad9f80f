// What the logistic model of a ranking adds up: counts, places and agreements.
//
//   count      the degree-weighted path count of a line (repurpose/disease_features.hpp)
//   place      how high that count stands among drugs in use (repurpose/place_among_drugs.hpp)
//   agreement  the product of two kinds of evidence, each the mean place of its lines: high only where both
//              are, as when targets of a drug are genes of the disease and drugs like it treat similar ones
//
// A drug for which nothing is known has only zeros. Agreements with popularity count as popularity.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "repurpose/disease_features.hpp"

namespace theriac::repurpose {

/// Kinds of evidence that may agree.
enum class EvidenceKind : std::uint8_t {
  targets,      ///< mechanism through what the drug binds
  expression,   ///< mechanism through what it does to expression
  similar,      ///< likeness to drugs for diseases linked as similar
  comentioned,  ///< ... for diseases named together with this one
  genes,        ///< ... for diseases with the same genes
  organs,       ///< ... for diseases of the same organs
  popularity,   ///< use for any disease
  treated       ///< likeness to drugs for this disease
};
inline constexpr std::size_t evidence_kinds = 8;

class EvidenceTerms {
 public:
  /// Of the lines `chosen` (indices into `lines`, ascending).
  EvidenceTerms() = default;
  EvidenceTerms(const std::vector<Feature>& lines, std::vector<std::size_t> chosen);

  struct Term {
    std::string name;  ///< "CbGaD", "place CbGaD", "targets and similar"
    std::string meaning;
    std::size_t line = 0;  ///< into `lines`; of an agreement npos
    bool is_count = false, popularity = false;
  };
  static constexpr std::size_t no_line = static_cast<std::size_t>(-1);

  std::size_t size() const { return terms_.size(); }
  const std::vector<Term>& terms() const { return terms_; }
  const std::vector<std::size_t>& lines() const { return chosen_; }
  std::vector<std::string> names() const;

  struct Value {
    std::uint32_t term = 0;
    double value = 0;
  };
  /// The terms of one drug that are not 0, by term; none when no line says anything.
  void values(const PlacedCounts::Row& drug, std::vector<Value>& out) const;

 private:
  void add_agreements();

  std::vector<std::size_t> chosen_, kinds_;     ///< lines, and kind of each
  std::vector<std::uint32_t> place_in_chosen_;  ///< per line; `not_chosen`
  static constexpr std::uint32_t not_chosen = static_cast<std::uint32_t>(-1);
  std::vector<double> share_ = std::vector<double>(evidence_kinds, 0.0);  ///< per kind, 1 over its lines
  struct Agreement {
    std::size_t first = 0, second = 0, term = 0;
  };
  std::vector<Agreement> agreements_;
  std::vector<Term> terms_;
};

/// The lines of a model by the names of its terms, in order. Throws ModelError when the names are not what
/// these lines give: weights of another version.
EvidenceTerms terms_of_model(const DiseaseFeatures& features, const std::vector<std::string>& names);

}  // namespace theriac::repurpose
