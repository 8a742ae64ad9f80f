#include "chem/substitution_matrix.hpp"

#include <cmath>

namespace theriac::chem {
namespace {

constexpr std::string_view matrix_order = "ARNDCQEGHILKMFPSTWYV";

constexpr std::array<std::array<signed char, 20>, 20> matrix = {{
    {4, -1, -2, -2, 0, -1, -1, 0, -2, -1, -1, -1, -1, -2, -1, 1, 0, -3, -2, 0},
    {-1, 5, 0, -2, -3, 1, 0, -2, 0, -3, -2, 2, -1, -3, -2, -1, -1, -3, -2, -3},
    {-2, 0, 6, 1, -3, 0, 0, 0, 1, -3, -3, 0, -2, -3, -2, 1, 0, -4, -2, -3},
    {-2, -2, 1, 6, -3, 0, 2, -1, -1, -3, -4, -1, -3, -3, -1, 0, -1, -4, -3, -3},
    {0, -3, -3, -3, 9, -3, -4, -3, -3, -1, -1, -3, -1, -2, -3, -1, -1, -2, -2, -1},
    {-1, 1, 0, 0, -3, 5, 2, -2, 0, -3, -2, 1, 0, -3, -1, 0, -1, -2, -1, -2},
    {-1, 0, 0, 2, -4, 2, 5, -2, 0, -3, -3, 1, -2, -3, -1, 0, -1, -3, -2, -2},
    {0, -2, 0, -1, -3, -2, -2, 6, -2, -4, -4, -2, -3, -3, -2, 0, -2, -2, -3, -3},
    {-2, 0, 1, -1, -3, 0, 0, -2, 8, -3, -3, -1, -2, -1, -2, -1, -2, -2, 2, -3},
    {-1, -3, -3, -3, -1, -3, -3, -4, -3, 4, 2, -3, 1, 0, -3, -2, -1, -3, -1, 3},
    {-1, -2, -3, -4, -1, -2, -3, -4, -3, 2, 4, -2, 2, 0, -3, -2, -1, -2, -1, 1},
    {-1, 2, 0, -1, -3, 1, 1, -2, -1, -3, -2, 5, -1, -3, -1, 0, -1, -3, -2, -2},
    {-1, -1, -2, -3, -1, 0, -2, -3, -2, 1, 2, -1, 5, 0, -2, -1, -1, -1, -1, 1},
    {-2, -3, -3, -3, -2, -3, -3, -3, -1, 0, 0, -3, 0, 6, -4, -2, -2, 1, 3, -1},
    {-1, -2, -2, -1, -3, -1, -1, -2, -2, -3, -3, -1, -2, -4, 7, -1, -1, -4, -3, -2},
    {1, -1, 1, 0, -1, 0, 0, 0, -1, -2, -2, 0, -1, -2, -1, 4, 1, -3, -2, -2},
    {0, -1, 0, -1, -1, -1, -1, -2, -2, -1, -1, -1, -1, -2, -1, 1, 5, -2, -2, 0},
    {-3, -3, -4, -4, -2, -2, -3, -2, -2, -3, -2, -3, -1, 1, -4, -3, -2, 11, 2, -3},
    {-2, -2, -2, -3, -2, -1, -2, -3, 2, -1, -1, -2, -1, 3, -3, -2, -2, 2, 7, -1},
    {0, -3, -3, -3, -1, -2, -2, -3, -3, 3, 1, -2, 1, -1, -2, -2, 0, -3, -1, 4},
}};

using Scores = std::array<std::array<std::int8_t, residue_kinds>, residue_kinds>;

Scores in_alphabetical_order() {
  Scores scores{};
  for (std::size_t a = 0; a < matrix_order.size(); ++a)
    for (std::size_t b = 0; b < matrix_order.size(); ++b)
      scores[residue_code(matrix_order[a])][residue_code(matrix_order[b])] = matrix[a][b];
  return scores;
}

std::array<std::uint8_t, 256> letter_codes() {
  std::array<std::uint8_t, 256> codes{};
  codes.fill(unknown_residue);
  for (std::size_t i = 0; i < amino_acid_letters.size(); ++i) {
    const auto letter = static_cast<unsigned char>(amino_acid_letters[i]);
    codes[letter] = codes[letter + ('a' - 'A')] = static_cast<std::uint8_t>(i);
  }
  return codes;
}

}  // namespace

std::uint8_t residue_code(char letter) {
  static const auto codes = letter_codes();
  return codes[static_cast<unsigned char>(letter)];
}

std::vector<std::uint8_t> residue_codes(std::string_view residues) {
  std::vector<std::uint8_t> codes(residues.size());
  for (std::size_t i = 0; i < residues.size(); ++i) codes[i] = residue_code(residues[i]);
  return codes;
}

int blosum62(std::uint8_t a, std::uint8_t b) {
  static const Scores scores = in_alphabetical_order();
  return a < residue_kinds && b < residue_kinds ? scores[a][b] : -1;
}

const std::array<double, residue_kinds>& background_frequencies() {
  static const std::array<double, residue_kinds> frequencies = [] {
    // A C D E F G H I K L M N P Q R S T V W Y, in 1e-5
    std::array<double, residue_kinds> f = {7805, 1925, 5364, 6295, 3856, 7377, 2199, 5142, 5744, 9019,
                                           2243, 4487, 5203, 4264, 5129, 7120, 5841, 6441, 1330, 3216};
    double sum = 0;
    for (const double x : f) sum += x;
    for (double& x : f) x /= sum;
    return f;
  }();
  return frequencies;
}

const std::array<std::array<double, residue_kinds>, residue_kinds>& blosum62_conditionals() {
  static const auto conditionals = [] {
    constexpr double lambda = 0.3176;  // of BLOSUM62 and this background: S. Karlin, S. F. Altschul (1990)
    std::array<std::array<double, residue_kinds>, residue_kinds> p{};
    for (std::uint8_t a = 0; a < residue_kinds; ++a) {
      double sum = 0;
      for (std::uint8_t b = 0; b < residue_kinds; ++b)
        sum += p[a][b] = background_frequencies()[b] * std::exp(lambda * blosum62(a, b));
      for (double& x : p[a]) x /= sum;
    }
    return p;
  }();
  return conditionals;
}

}  // namespace theriac::chem
