// What is better when several things are wanted at once: a point dominates another when it is nowhere worse
// and somewhere better. What nothing dominates is the Pareto front.
//
// Fronts by non-dominated sorting (K. Deb et al., NSGA-II, IEEE Trans. Evol. Comput. 6, 182 (2002); here in
// the order of X. Zhang et al., ENS, IEEE Trans. Evol. Comput. 19, 201 (2015), which keeps no table of
// pairs). Within a front the point that adds more hypervolume comes first (N. Beume et al., SMS-EMOA, Eur. J.
// Oper. Res. 181, 1653 (2007)): crowding distance, which NSGA-II takes, misleads from three objectives on. It
// steps in beyond six objectives, where volumes get dear. Every coordinate is better the larger it is.
#pragma once
#include <string>
#include <vector>

namespace theriac::scoring {

/// Up to here hypervolumes are computed.
constexpr std::size_t most_volume_objectives = 6;

/// Front of each point: 1 is not dominated by any, 2 only by points of front 1, and so on. Equal points share
/// a front. All points have the same number of coordinates.
std::vector<int> pareto_fronts(const std::vector<std::vector<double>>& points);

/// Indices from best to worst: by front, then by what each adds to the hypervolume of its front above
/// `reference` (beyond `most_volume_objectives` by crowding distance), then the earlier.
std::vector<std::size_t> pareto_order(const std::vector<std::vector<double>>& points,
                                      const std::vector<double>& reference);

/// The order as a number from 0 to 1, larger is better: 1 / (f + 1) < fitness <= 1 / f in front f, evenly
/// spaced in the order of `pareto_order`.
std::vector<double> pareto_fitness(const std::vector<std::vector<double>>& points,
                                   const std::vector<double>& reference);

/// A point with its name.
struct ParetoMember {
  std::string key;  ///< e.g. canonical SMILES
  std::vector<double> point;
};

/// The front of everything that was ever added. While it fits into the capacity it depends on what was added,
/// not on the order. Beyond, those go whose loss costs least hypervolume, one after the other.
class ParetoArchive {
 public:
  /// Points that are not better than `reference` in every coordinate are not taken. Throws UsageError for a
  /// reference without coordinates or no capacity.
  explicit ParetoArchive(std::vector<double> reference, std::size_t capacity = 500);

  /// Throws UsageError for a point with another number of coordinates, or one that is not finite.
  void add(const std::vector<ParetoMember>& members);

  /// Best first coordinate first, ties by those after and by key.
  const std::vector<ParetoMember>& members() const { return members_; }
  std::size_t size() const { return members_.size(); }
  /// Of the members above the reference.
  double hypervolume() const;

 private:
  void truncate();

  std::vector<double> reference_;
  std::size_t capacity_;
  std::vector<ParetoMember> members_;
};

}  // namespace theriac::scoring
