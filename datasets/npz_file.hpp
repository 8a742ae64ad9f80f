// Arrays of numbers as NumPy saves them: a ZIP archive of .npy files, plain or deflated.
//
// Formats: NumPy Enhancement Proposal 1 (npy 1.0 to 3.0) and PKWARE's APPNOTE 6.3. Arrays of Python objects
// are refused: they are pickles, which are programs. So are ZIP64, encryption and arrays in Fortran order of
// more than one dimension.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "datasets/tensor_type.hpp"

namespace theriac::datasets {

struct NumberArray {
  TensorShape shape;            ///< empty: one number
  std::vector<double> numbers;  ///< row by row, from any integer or floating type
};

/// Arrays by name, without ".npy". Throws InputError when the file is missing, no such archive, cut short or
/// damaged, or unpacks to more than `limit_bytes`.
std::map<std::string, NumberArray> read_npz(const std::string& path,
                                            std::size_t limit_bytes = std::size_t{1} << 30);

}  // namespace theriac::datasets
