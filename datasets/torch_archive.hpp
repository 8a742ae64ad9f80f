// Tensors of a TorchScript file (".pt"), read as data: nothing in the file runs.
//
// Such a file is a ZIP archive. Its data.pkl is a pickle: a program for a small stack machine that builds the
// module and its parts. Here only the opcodes that build dictionaries, tuples, texts and numbers are
// followed. Where the pickle names a class or calls a function, its name is kept and nothing is looked up or
// called; a call of torch._utils._rebuild_tensor_v2 is taken down as a tensor. Code in the archive (code/) is
// not looked at.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "datasets/tensor_type.hpp"

namespace theriac::datasets {

struct TorchTensor {
  TensorShape shape;
  std::vector<float> numbers;  ///< row by row; empty for integer tensors
};

struct TorchArchive {
  std::string source;
  std::string module;                          ///< class of the outermost module
  std::map<std::string, TorchTensor> tensors;  ///< by place: "unit1_conv.weight"
  std::map<std::string, std::string> files;    ///< further texts of the archive: "extra/metadata"
};

/// True when the file begins like a ZIP archive. Throws InputError when it cannot be read.
bool is_torch_archive(const std::string& path);

/// Throws InputError when the file cannot be read or is damaged, ModelError when it is no TorchScript file or
/// holds what is not followed here: an opcode, a tensor on another device or of another type than float32 and
/// integers, tensors that overlap the end of their storage.
TorchArchive read_torch_archive(const std::string& path);

}  // namespace theriac::datasets
