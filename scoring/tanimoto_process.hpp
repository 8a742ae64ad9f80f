// A Gaussian process on molecular fingerprints: what is known of a few hundred molecules predicts the next.
//
// C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006), algorithm 2.1; the
// kernel is the Tanimoto similarity of counts (L. Ralaivola et al., Neural Networks 18, 1093 (2005)). It
// needs no training beyond one Cholesky decomposition and says how sure it is, which makes it the usual
// choice for choosing molecules to measure (A. Tripp, J. M. Hernandez-Lobato, arXiv:2310.09267 (2023)).
#pragma once
#include <memory>
#include <vector>

#include "chem/fingerprint.hpp"

namespace theriac::scoring {

class TanimotoProcess {
 public:
  struct Prediction {
    double mean = 0;
    double deviation = 0;  ///< standard, of the function itself, without the noise of measurements
  };

  /// Fits values to fingerprints; n molecules take n^2 memory and n^3 / 3 multiplications. The mean of the
  /// values is taken away first, their variance scales the kernel, and the share of noise is that of 0.001,
  /// 0.003, ... 1 under which `values` are likeliest (on 400 of them, evenly spread). Works on all threads.
  /// Throws UsageError when there is nothing to fit or the lengths differ.
  TanimotoProcess(const std::vector<chem::CountFingerprint>& known, const std::vector<double>& values);
  ~TanimotoProcess();

  /// On all threads.
  std::vector<Prediction> predict(const std::vector<chem::CountFingerprint>& molecules) const;

  double noise() const;           ///< share of the variance of the values
  double log_likelihood() const;  ///< of the values, natural logarithm, after scaling them to variance 1

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace theriac::scoring
