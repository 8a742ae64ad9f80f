// Writes gnina weights as gnina does: a TorchScript archive with a pickled module. For tests.
#pragma once
#include <zlib.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "scoring/gnina_weights.hpp"

namespace theriac::scoring {

inline std::string little_endian(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(i < 8 ? value >> (8 * i) & 0xff : 0);
  return out;
}

/// Entries as they are, not deflated.
inline std::string zip_of(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string files, directory;
  for (const auto& [name, bytes] : entries) {
    const auto crc = crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()));
    const std::string sizes = little_endian(crc, 4) + little_endian(bytes.size(), 4) +
                              little_endian(bytes.size(), 4) + little_endian(name.size(), 2) +
                              little_endian(0, 2);
    directory += "PK\x01\x02" + little_endian(20, 2) + little_endian(20, 2) + little_endian(0, 8) + sizes +
                 little_endian(0, 10) + little_endian(files.size(), 4) + name;
    files += "PK\x03\x04" + little_endian(20, 2) + little_endian(0, 8) + sizes + name + bytes;
  }
  return files + directory + "PK\x05\x06" + little_endian(0, 4) + little_endian(entries.size(), 2) +
         little_endian(entries.size(), 2) + little_endian(directory.size(), 4) +
         little_endian(files.size(), 4) + little_endian(0, 2);
}

inline std::string pickled_text(const std::string& text) {
  return "X" + little_endian(text.size(), 4) + text;
}
inline std::string pickled_number(std::int64_t number) {
  return "J" + little_endian(static_cast<std::uint64_t>(number), 4);
}

/// The opcodes that rebuild a contiguous float tensor from entry data/`storage`.
inline std::string pickled_tensor(const datasets::TensorShape& shape, std::size_t elements, int storage) {
  std::string lengths, strides;
  std::int64_t stride = static_cast<std::int64_t>(elements);
  for (const auto length : shape) {
    stride /= length;
    lengths += pickled_number(length);
    strides += pickled_number(stride);
  }
  return "ctorch._utils\n_rebuild_tensor_v2\n((" + pickled_text("storage") + "ctorch\nFloatStorage\n" +
         pickled_text(std::to_string(storage)) + pickled_text("cpu") +
         pickled_number(static_cast<std::int64_t>(elements)) + "tQ" + pickled_number(0) + "(" + lengths +
         "t(" + strides + "t\x88" + "ccollections\nOrderedDict\n)RtR";
}

struct TorchScriptParts {
  std::string metadata = R"({"resolution": 0.5, "dimension": 23.5})";
  std::string pickle;  ///< instead of the module's
  bool with_pickle = true;
  std::string leave_out;  ///< a tensor
};

/// Every layer becomes a module of its own, with a name that is not that of our tensors.
inline std::string torch_script_of(const GninaWeights& weights, const TorchScriptParts& parts = {}) {
  std::vector<std::pair<std::string, std::string>> entries;
  std::string pickle =
      "\x80\x02"
      "c__torch__.model\nNet\n)\x81}(" +
      pickled_text("training") + "\x89";
  std::string open;
  int storage = 0;
  for (const auto& tensor : weights.tensors) {
    const auto dot = tensor.name.find_last_of('.');
    const std::string stem = tensor.name.substr(0, dot), part = tensor.name.substr(dot + 1);
    if (stem != open) {
      if (!open.empty()) pickle += "ub";
      pickle += pickled_text("module_" + std::to_string(storage)) + "c__torch__.torch.nn\nModule\n)\x81}(";
      open = stem;
    }
    if (tensor.name == parts.leave_out) continue;
    pickle += pickled_text(part) + pickled_tensor(tensor.shape, tensor.numbers.size(), storage);
    std::string bytes(tensor.numbers.size() * sizeof(float), '\0');
    std::memcpy(bytes.data(), tensor.numbers.data(), bytes.size());
    entries.emplace_back("net/data/" + std::to_string(storage++), bytes);
  }
  pickle += "ubub.";
  if (parts.with_pickle) entries.emplace_back("net/data.pkl", parts.pickle.empty() ? pickle : parts.pickle);
  entries.emplace_back("net/code/__torch__.py", "raise SystemExit  # never read");
  entries.emplace_back("net/extra/metadata", parts.metadata);
  return zip_of(entries);
}

}  // namespace theriac::scoring
