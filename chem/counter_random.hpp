// Counter-based random numbers: the n-th number of a stream is a pure function of the key and n, so results
// never depend on threads, order, shards or resume points. The key comes from (seed, molecule, stage,
// replica).
//
// Philox4x32-10: J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC'11 (2011).
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace theriac::chem {

/// One Philox4x32-10 block: four 32-bit numbers from a 128-bit counter and a 64-bit key.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

/// 64-bit hash of a text (FNV-1a with a final mix), stable across machines and versions.
std::uint64_t stable_hash(std::string_view text);

/// A stream of random numbers. Copyable; two streams with equal keys give equal numbers.
/// Fits the standard library's UniformRandomBitGenerator, but use the members below:
/// the standard distributions differ between libraries.
class CounterRandom {
 public:
  using result_type = std::uint32_t;

  /// `molecule` is usually the canonical SMILES; `stage` names the use, e.g. "dock"; `replica` the chain.
  CounterRandom(std::uint64_t seed, std::string_view molecule, std::string_view stage,
                std::uint64_t replica = 0);

  result_type operator()();
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return 0xffffffffu; }

  double uniform();                         ///< in [0, 1), 24 random bits
  double uniform(double low, double high);  ///< in [low, high)
  std::uint32_t below(std::uint32_t n);     ///< in {0 .. n-1}; n > 0; unbiased
  double normal();                          ///< mean 0, standard deviation 1

  /// Position in the stream: numbers drawn so far. `seek` continues from any such position.
  std::uint64_t position() const { return position_; }
  void seek(std::uint64_t position);

 private:
  std::array<std::uint32_t, 2> key_;
  std::uint64_t stream_;
  std::uint64_t position_ = 0;
  std::array<std::uint32_t, 4> block_{};
};

}  // namespace theriac::chem
