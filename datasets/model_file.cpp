#include "datasets/model_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "chem/error.hpp"
#include "chem/nearest_name.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/half_precision.hpp"

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are copied as they stand in the file");

namespace theriac::datasets {
namespace {

using nlohmann::json;

constexpr std::size_t length_bytes = 8;
constexpr std::uint64_t header_limit = 100'000'000;  // as in the reference implementation
constexpr const char* metadata_key = "__metadata__";

std::string shortened(const std::string& name) {
  return name.size() <= 100 ? name : name.substr(0, 100) + "...";
}

[[noreturn]] void refuse(const std::string& source, const std::string& reason) {
  throw ModelError(fmt::format("'{}' is not a readable safetensors file: {}", source, reason),
                   "get the file again: it may have been cut short or changed on its way");
}

/// Other files that are taken for weights, most often by accident.
void refuse_other_files(const std::string& source, std::string_view bytes) {
  const auto begins = [&](std::string_view with) { return bytes.substr(0, with.size()) == with; };
  if (begins("version https://git-lfs"))
    throw ModelError(fmt::format("'{}' is a Git LFS pointer, not the weights", source),
                     "fetch the file it stands for: git lfs pull");
  if (begins("PK\x03\x04") || begins("\x80\x02"))
    throw ModelError(
        fmt::format("'{}' is a Python checkpoint (zip or pickle), not a safetensors file", source),
        "convert it to safetensors: a pickle can run code when it is read");
  const auto first = bytes.find_first_not_of(" \t\r\n");
  if (first != bytes.npos && (bytes.substr(first, 5) == "<!DOC" || bytes.substr(first, 5) == "<!doc" ||
                              bytes.substr(first, 5) == "<html"))
    throw ModelError(fmt::format("'{}' is a web page, not the weights", source), "download the file itself");
}

/// Finds a name that stands twice in one object, where readers would disagree on which one counts.
class DuplicateNames {
 public:
  void see(int depth, const std::string& name) {
    if (depth == 1) {
      entry_ = name;
      fields_.clear();
      note(entries_.insert(name).second, fmt::format("tensor '{}'", shortened(name)));
    } else if (depth == 2) {
      note(fields_.insert(name).second,
           fmt::format("'{}' of tensor '{}'", shortened(name), shortened(entry_)));
    }
  }
  const std::string& twice() const { return twice_; }

 private:
  void note(bool is_new, const std::string& what) {
    if (!is_new && twice_.empty()) twice_ = what + " is named twice";
  }
  std::string entry_, twice_;
  std::set<std::string> entries_, fields_;
};

json parsed_header(const std::string& source, std::string_view text) {
  if (text.empty() || text.front() != '{') refuse(source, "its header is not JSON that begins with '{'");
  if (text.find('\0') != text.npos) refuse(source, "its header is not JSON: it holds a zero byte");
  DuplicateNames names;
  const auto watch = [&](int depth, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::key) names.see(depth, value.get<std::string>());
    return true;
  };
  json header;
  try {
    header = json::parse(text.begin(), text.end(), watch);
  } catch (const json::parse_error& error) {
    refuse(source, fmt::format("its header is not JSON (byte {})", error.byte));
  }
  if (!header.is_object()) refuse(source, "its header is not a JSON object");
  if (text[text.find_last_not_of(' ')] != '}') refuse(source, "its header is padded with other than blanks");
  if (!names.twice().empty()) refuse(source, names.twice());
  return header;
}

std::size_t whole_number(const json& value, const std::string& source, const std::string& what) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max())
    refuse(source, what + " is not a whole number from 0 up");
  return value.get<std::size_t>();
}

TensorType type_named(const json& entry, const std::string& source, const std::string& name) {
  const auto found = entry.find("dtype");
  const std::string text = found != entry.end() && found->is_string() ? found->get<std::string>() : "";
  if (const auto type = tensor_type_named(text)) return *type;
  refuse(source, fmt::format("tensor '{}' has the unknown type '{}'", name, shortened(text)));
}

TensorInfo tensor_info(const std::string& full_name, const json& entry, const std::string& source) {
  const std::string name = shortened(full_name);
  if (!entry.is_object()) refuse(source, fmt::format("the entry of tensor '{}' is not an object", name));
  TensorInfo info;
  info.name = full_name;
  info.type = type_named(entry, source, name);
  const auto shape = entry.find("shape"), places = entry.find("data_offsets");
  if (shape == entry.end() || !shape->is_array())
    refuse(source, fmt::format("tensor '{}' has no shape", name));
  for (const auto& length : *shape)
    info.shape.push_back(static_cast<std::int64_t>(
        whole_number(length, source, fmt::format("a length of tensor '{}'", name))));
  if (places == entry.end() || !places->is_array() || places->size() != 2)
    refuse(source, fmt::format("tensor '{}' does not say where it begins and ends", name));
  info.offset = whole_number((*places)[0], source, fmt::format("the begin of tensor '{}'", name));
  const std::size_t end = whole_number((*places)[1], source, fmt::format("the end of tensor '{}'", name));
  const auto elements = element_count(info.shape);
  if (!elements || *elements > std::numeric_limits<std::size_t>::max() / 8)
    refuse(source, fmt::format("tensor '{}' is impossibly large", name));
  info.elements = *elements;
  if (end < info.offset || end - info.offset != info.bytes())
    refuse(source,
           fmt::format("tensor '{}' of {} {} needs {} bytes, its place has {}", name, shape_text(info.shape),
                       tensor_type_name(info.type), info.bytes(), end < info.offset ? 0 : end - info.offset));
  return info;
}

template <typename Stored>
Stored stored(const char* bytes) {
  Stored value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

template <typename Real>
Real real_at(const char* bytes, TensorType type) {
  switch (type) {
    case TensorType::float64:
      return static_cast<Real>(stored<double>(bytes));
    case TensorType::float32:
      return static_cast<Real>(stored<float>(bytes));
    case TensorType::float16:
      return static_cast<Real>(float_of_half(stored<std::uint16_t>(bytes)));
    default:
      return static_cast<Real>(float_of_bfloat16(stored<std::uint16_t>(bytes)));
  }
}

std::int64_t integer_at(const char* bytes, TensorType type) {
  switch (type) {
    case TensorType::int64:
    case TensorType::uint64:
      return stored<std::int64_t>(bytes);
    case TensorType::int32:
      return stored<std::int32_t>(bytes);
    case TensorType::int16:
      return stored<std::int16_t>(bytes);
    case TensorType::int8:
      return stored<std::int8_t>(bytes);
    case TensorType::uint32:
      return stored<std::uint32_t>(bytes);
    case TensorType::uint16:
      return stored<std::uint16_t>(bytes);
    default:
      return stored<std::uint8_t>(bytes);
  }
}

template <typename Real>
std::vector<Real> reals(const ModelFile& file, const TensorInfo& info) {
  if (!is_floating(info.type))
    throw ModelError(fmt::format("tensor '{}' of '{}' holds {}, floating-point numbers are needed", info.name,
                                 file.source(), tensor_type_name(info.type)));
  const char* at = file.bytes(info.name).data();
  const std::size_t step = tensor_type_bytes(info.type);
  std::vector<Real> out(info.elements);
  for (auto& value : out) {
    value = real_at<Real>(at, info.type);
    at += step;
  }
  return out;
}

}  // namespace

ModelFile ModelFile::read(const std::string& path) {
  return from_bytes(read_file(path), path);
}

ModelFile ModelFile::from_bytes(std::string bytes, const std::string& source) {
  ModelFile file;
  file.source_ = source;
  file.bytes_ = std::move(bytes);
  file.read_header();
  file.check_places();
  for (std::size_t i = 0; i < file.tensors_.size(); ++i) file.places_[file.tensors_[i].name] = i;
  return file;
}

void ModelFile::read_header() {
  refuse_other_files(source_, bytes_);
  if (bytes_.size() < length_bytes)
    refuse(source_, fmt::format("it has {} bytes, the length of the header alone takes 8", bytes_.size()));
  const auto length = stored<std::uint64_t>(bytes_.data());
  if (length > header_limit || length > bytes_.size() - length_bytes)
    refuse(source_,
           fmt::format("its header claims {} bytes, {} follow", length, bytes_.size() - length_bytes));
  data_begin_ = length_bytes + static_cast<std::size_t>(length);
  const auto header =
      parsed_header(source_, std::string_view(bytes_).substr(length_bytes, static_cast<std::size_t>(length)));
  for (const auto& [name, entry] : header.items()) {
    if (name != metadata_key) {
      tensors_.push_back(tensor_info(name, entry, source_));
      for (const auto& field : entry.items())
        if (field.key() != "dtype" && field.key() != "shape" && field.key() != "data_offsets")
          warnings_.push_back(fmt::format("tensor '{}' of '{}' has the unknown field '{}'", shortened(name),
                                          source_, shortened(field.key())));
      continue;
    }
    if (!entry.is_object()) refuse(source_, "its metadata is not an object");
    for (const auto& [key, text] : entry.items()) {
      if (!text.is_string()) refuse(source_, fmt::format("metadata '{}' is not a text", shortened(key)));
      metadata_[key] = text.get<std::string>();
    }
  }
  std::stable_sort(tensors_.begin(), tensors_.end(), [](const TensorInfo& a, const TensorInfo& b) {
    return a.offset != b.offset ? a.offset < b.offset : a.bytes() < b.bytes();
  });
}

void ModelFile::check_places() const {
  const std::size_t have = bytes_.size() - data_begin_;
  std::size_t at = 0;
  for (const auto& tensor : tensors_) {
    if (tensor.offset != at)
      refuse(source_, fmt::format("tensor '{}' begins at byte {}, the one before it ends at {}",
                                  shortened(tensor.name), tensor.offset, at));
    at += tensor.bytes();
  }
  if (at > have) refuse(source_, fmt::format("its tensors take {} bytes, {} are there", at, have));
  if (at < have) refuse(source_, fmt::format("{} bytes belong to no tensor", have - at));
}

std::string ModelFile::metadata(const std::string& key) const {
  const auto found = metadata_.find(key);
  return found == metadata_.end() ? std::string() : found->second;
}

bool ModelFile::contains(const std::string& tensor) const {
  return places_.count(tensor) != 0;
}

const TensorInfo& ModelFile::info(const std::string& tensor) const {
  const auto found = places_.find(tensor);
  if (found != places_.end()) return tensors_[found->second];
  std::vector<std::string> names;
  for (const auto& each : tensors_) names.push_back(each.name);
  const std::string near = chem::nearest_name(tensor, names);
  throw ModelError(fmt::format("'{}' has no tensor '{}'", source_, tensor),
                   near.empty() ? "these are the weights of another model"
                                : fmt::format("the nearest name in it is '{}'", near));
}

const TensorInfo& ModelFile::checked(const std::string& tensor, const TensorShape& shape) const {
  const auto& found = info(tensor);
  bool same = found.shape.size() == shape.size();
  for (std::size_t i = 0; same && i < shape.size(); ++i) same = shape[i] < 0 || shape[i] == found.shape[i];
  if (!same)
    throw ModelError(fmt::format("tensor '{}' of '{}' is {}, needed is {}", tensor, source_,
                                 shape_text(found.shape), shape_text(shape)),
                     "these are the weights of another model or version");
  return found;
}

std::vector<float> ModelFile::floats(const std::string& tensor, const TensorShape& shape) const {
  return reals<float>(*this, checked(tensor, shape));
}

std::vector<double> ModelFile::doubles(const std::string& tensor, const TensorShape& shape) const {
  return reals<double>(*this, checked(tensor, shape));
}

std::vector<double> ModelFile::finite_doubles(const std::string& tensor, const TensorShape& shape) const {
  auto numbers = doubles(tensor, shape);
  const auto finite = [](double x) { return std::isfinite(x); };
  if (!std::all_of(numbers.begin(), numbers.end(), finite))
    throw ModelError(fmt::format("tensor '{}' of '{}' holds a number that is not finite", tensor, source_));
  return numbers;
}

std::vector<std::int64_t> ModelFile::integers(const std::string& tensor, const TensorShape& shape) const {
  const auto& found = checked(tensor, shape);
  if (is_floating(found.type))
    throw ModelError(fmt::format("tensor '{}' of '{}' holds {}, integers are needed", tensor, source_,
                                 tensor_type_name(found.type)));
  const char* at = bytes(tensor).data();
  std::vector<std::int64_t> out(found.elements);
  for (auto& value : out) {
    value = integer_at(at, found.type);
    if (found.type == TensorType::uint64 && value < 0)
      throw ModelError(fmt::format("tensor '{}' of '{}' holds a number above 2^63", tensor, source_));
    at += tensor_type_bytes(found.type);
  }
  return out;
}

std::string_view ModelFile::bytes(const std::string& tensor) const {
  const auto& found = info(tensor);
  return std::string_view(bytes_).substr(data_begin_ + found.offset, found.bytes());
}

}  // namespace theriac::datasets
