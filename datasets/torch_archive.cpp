#include "datasets/torch_archive.hpp"

#include <fmt/format.h>

#include <cstring>
#include <deque>
#include <fstream>
#include <optional>

#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/zip_archive.hpp"

namespace theriac::datasets {
namespace {

struct Value;
using ValuePointer = Value*;  // the pickle owns them: they may refer to each other in circles

/// What the pickle builds, the result included, lives as long as the Pickle. Tuples, lists and the arguments
/// of calls are `items`; dictionaries alternate key and value.
struct Value {
  enum Kind { nothing, number, text, name, tuple, dictionary, storage, tensor, object } kind = nothing;
  std::int64_t integer = 0;
  std::string characters;  ///< text, name of a class or function, class of an object
  std::vector<ValuePointer> items;
};

constexpr std::size_t value_limit = 1'000'000;
constexpr int depth_limit = 64;

class Pickle {
 public:
  Pickle(std::string bytes, const std::string& source) : bytes_(std::move(bytes)), source_(source) {}

  ValuePointer result() {
    for (;;) {
      const unsigned char opcode = static_cast<unsigned char>(take(1)[0]);
      if (opcode == '.') return pop();
      follow(opcode);
    }
  }

  [[noreturn]] void refuse(const std::string& reason) const {
    throw ModelError(fmt::format("'{}' is not a TorchScript file that can be read: {}", source_, reason),
                     "get the file again, or convert its weights to safetensors");
  }

 private:
  std::string take(std::size_t count) {
    if (count > bytes_.size() - at_) refuse("data.pkl is cut short");
    at_ += count;
    return bytes_.substr(at_ - count, count);
  }
  std::int64_t integer(std::size_t width) {
    const std::string bytes = take(width);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i)
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    if (width == 4 && value >> 31) return static_cast<std::int64_t>(value) - (std::int64_t{1} << 32);
    return static_cast<std::int64_t>(value);
  }
  std::string line() {
    const auto end = bytes_.find('\n', at_);
    if (end == std::string::npos) refuse("data.pkl is cut short");
    std::string out = bytes_.substr(at_, end - at_);
    at_ = end + 1;
    return out;
  }
  std::size_t length(std::size_t width) {
    const auto count = integer(width);
    if (count < 0) refuse("a text in data.pkl has a negative length");
    return static_cast<std::size_t>(count);
  }

  void push(Value value) {
    if (values_.size() >= value_limit) refuse("data.pkl builds too many values");
    values_.push_back(std::move(value));
    stack_.push_back(&values_.back());
  }
  ValuePointer pop() {
    if (stack_.empty() || (!marks_.empty() && stack_.size() <= marks_.back())) refuse("data.pkl is damaged");
    auto value = stack_.back();
    stack_.pop_back();
    return value;
  }
  std::vector<ValuePointer> since_mark() {
    if (marks_.empty() || marks_.back() > stack_.size()) refuse("data.pkl is damaged");
    const auto from = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<ValuePointer> values(from, stack_.end());
    stack_.erase(from, stack_.end());
    marks_.pop_back();
    return values;
  }
  void push_tuple(std::vector<ValuePointer> items) { push({Value::tuple, 0, {}, std::move(items)}); }
  void push_last(std::size_t count) {
    std::vector<ValuePointer> items(count);
    for (std::size_t i = count; i-- > 0;) items[i] = pop();
    push_tuple(std::move(items));
  }
  void remember(std::size_t place) {
    if (stack_.empty()) refuse("data.pkl is damaged");
    memory_[place] = stack_.back();
  }
  void recall(std::size_t place) {
    const auto found = memory_.find(place);
    if (found == memory_.end()) refuse("data.pkl is damaged");
    stack_.push_back(found->second);
  }

  /// A function or class and its arguments: taken down, not called.
  void call() {
    const auto arguments = pop(), function = pop();
    if (function->kind != Value::name) refuse("data.pkl calls what is no name");
    if (function->characters == "torch._utils _rebuild_tensor_v2")
      push({Value::tensor, 0, {}, arguments->items});
    else
      push({Value::object, 0, function->characters, {}});
  }
  void build() {
    const auto state = pop(), object = pop();
    if (object->kind != Value::object) refuse("data.pkl gives a state to what is no object");
    object->items = {state};
    stack_.push_back(object);
  }
  void set_items(std::vector<ValuePointer> items) {
    const auto into = pop();
    if (into->kind != Value::dictionary || items.size() % 2) refuse("data.pkl is damaged");
    into->items.insert(into->items.end(), items.begin(), items.end());
    stack_.push_back(into);
  }
  void append(std::vector<ValuePointer> items) {
    const auto into = pop();
    if (into->kind != Value::tuple) refuse("data.pkl is damaged");
    into->items.insert(into->items.end(), items.begin(), items.end());
    stack_.push_back(into);
  }

  void follow(unsigned char opcode) {
    switch (opcode) {
      case 0x80:
        take(1);
        break;  // PROTO
      case '(':
        marks_.push_back(stack_.size());
        break;     // MARK
      case 'c': {  // GLOBAL
        const std::string module = line();
        push({Value::name, 0, module + " " + line(), {}});
        break;
      }
      case 'N':
        push({});
        break;  // NONE
      case 0x88:
        push({Value::number, 1, {}, {}});
        break;  // NEWTRUE
      case 0x89:
        push({Value::number, 0, {}, {}});
        break;  // NEWFALSE
      case 'K':
        push({Value::number, integer(1), {}, {}});
        break;  // BININT1
      case 'M':
        push({Value::number, integer(2), {}, {}});
        break;  // BININT2
      case 'J':
        push({Value::number, integer(4), {}, {}});
        break;  // BININT
      case 0x8a:
        push_long();
        break;  // LONG1
      case 'G':
        take(8);
        push({});
        break;  // BINFLOAT: no number that counts here
      case 'X':
        push({Value::text, 0, take(length(4)), {}});
        break;  // BINUNICODE
      case 0x8c:
        push({Value::text, 0, take(length(1)), {}});
        break;  // SHORT_BINUNICODE
      case ')':
        push_tuple({});
        break;  // EMPTY_TUPLE
      case 't':
        push_tuple(since_mark());
        break;  // TUPLE
      case 0x85:
        push_last(1);
        break;  // TUPLE1 .. TUPLE3
      case 0x86:
        push_last(2);
        break;
      case 0x87:
        push_last(3);
        break;
      case ']':
        push_tuple({});
        break;  // EMPTY_LIST
      case 'a':
        append({pop()});
        break;  // APPEND
      case 'e':
        append(since_mark());
        break;  // APPENDS
      case '}':
        push({Value::dictionary, 0, {}, {}});
        break;  // EMPTY_DICT
      case 'u':
        set_items(since_mark());
        break;     // SETITEMS
      case 's': {  // SETITEM
        auto value = pop(), key = pop();
        set_items({key, value});
        break;
      }
      case 'q':
        remember(static_cast<std::size_t>(integer(1)));
        break;  // BINPUT, LONG_BINPUT
      case 'r':
        remember(length(4));
        break;
      case 'h':
        recall(static_cast<std::size_t>(integer(1)));
        break;  // BINGET, LONG_BINGET
      case 'j':
        recall(length(4));
        break;
      case 'Q':
        push({Value::storage, 0, {}, pop()->items});
        break;   // BINPERSID
      case 'R':  // REDUCE
      case 0x81:
        call();
        break;  // NEWOBJ
      case 'b':
        build();
        break;  // BUILD
      default:
        refuse(fmt::format("data.pkl uses the pickle opcode {:#04x}, which is not followed", opcode));
    }
  }
  void push_long() {
    const auto width = static_cast<std::size_t>(integer(1));
    if (width > 8) refuse("data.pkl holds an integer of more than 64 bits");
    push({Value::number, integer(width), {}, {}});
  }

  std::string bytes_;
  const std::string& source_;
  std::size_t at_ = 0;
  std::deque<Value> values_;
  std::vector<ValuePointer> stack_;
  std::vector<std::size_t> marks_;
  std::map<std::size_t, ValuePointer> memory_;
};

/// Finds the tensors in what the pickle built.
class TensorCollector {
 public:
  TensorCollector(const Pickle& pickle, const std::map<std::string, std::string>& storages,
                  TorchArchive& archive)
      : pickle_(pickle), storages_(storages), archive_(archive) {}

  void collect(const Value& value, const std::string& place, int depth = 0) {
    if (depth > depth_limit) pickle_.refuse("its modules are nested too deep");
    if (++seen_ > value_limit) pickle_.refuse("its modules have too many parts");
    if (value.kind == Value::tensor) {
      archive_.tensors[place] = tensor(value, place);
    } else if (value.kind == Value::object) {
      for (const auto& state : value.items) collect(*state, place, depth + 1);
    } else if (value.kind == Value::dictionary) {
      for (std::size_t i = 0; i + 1 < value.items.size(); i += 2)
        collect(*value.items[i + 1], (place.empty() ? "" : place + ".") + value.items[i]->characters,
                depth + 1);
    }
  }

 private:
  /// Arguments of _rebuild_tensor_v2: storage, offset, lengths, strides ... ; of a storage: "storage", its
  /// type, its entry, its device, its length.
  TorchTensor tensor(const Value& value, const std::string& place) const {
    const auto odd = [&](const std::string& what) {
      pickle_.refuse(fmt::format("tensor '{}' {}", place, what));
    };
    const auto& items = value.items;
    if (items.size() < 4 || items[0]->kind != Value::storage || items[0]->items.size() < 5)
      odd("has no storage");
    const auto& storage = items[0]->items;
    TorchTensor out;
    for (const auto& length : items[2]->items) out.shape.push_back(length->integer);
    const auto count = element_count(out.shape);
    if (!count) odd("has an impossible shape");
    if (storage[1]->characters != "torch FloatStorage") {
      if (storage[1]->characters != "torch LongStorage" && storage[1]->characters != "torch IntStorage")
        odd(fmt::format("is of type '{}', float32 is needed", storage[1]->characters));
      return out;
    }
    std::int64_t step = 1;
    if (items[3]->items.size() != out.shape.size()) odd("has a shape and strides of different lengths");
    for (std::size_t i = out.shape.size(); i-- > 0; step *= out.shape[i])
      if (out.shape[i] > 1 && items[3]->items[i]->integer != step) odd("is not stored row by row");
    const auto found = storages_.find(storage[2]->characters);
    if (found == storages_.end()) odd(fmt::format("has no entry 'data/{}'", storage[2]->characters));
    const std::size_t have = found->second.size() / sizeof(float);
    const auto offset = items[1]->integer;
    if (offset < 0 || static_cast<std::size_t>(offset) > have ||
        *count > have - static_cast<std::size_t>(offset))
      odd(fmt::format("needs {} numbers of 'data/{}', which holds {}", *count, storage[2]->characters, have));
    out.numbers.resize(*count);
    std::memcpy(out.numbers.data(), found->second.data() + static_cast<std::size_t>(offset) * sizeof(float),
                *count * sizeof(float));
    return out;
  }

  const Pickle& pickle_;
  const std::map<std::string, std::string>& storages_;
  TorchArchive& archive_;
  std::size_t seen_ = 0;
};

}  // namespace

bool is_torch_archive(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  char magic[4] = {};
  if (!file) throw InputError(fmt::format("cannot read '{}'", path), "is the path right?");
  file.read(magic, sizeof magic);
  return std::memcmp(magic, "PK\x03\x04", sizeof magic) == 0;
}

TorchArchive read_torch_archive(const std::string& path) {
  const ZipArchive zip(read_file(path), path, "TorchScript");
  TorchArchive archive;
  archive.source = path;
  std::map<std::string, std::string> storages;
  std::optional<std::string> program;
  for (const auto& entry : zip.entries()) {
    const auto slash = entry.name.find('/');  // all lie in one folder, named after the file
    if (slash == std::string::npos) continue;
    const std::string name = entry.name.substr(slash + 1);
    if (name == "data.pkl")
      program = zip.content(entry);
    else if (name.compare(0, 5, "data/") == 0)
      storages[name.substr(5)] = zip.content(entry);
    else if (name.compare(0, 6, "extra/") == 0)
      archive.files[name] = zip.content(entry);
  }
  if (!program)
    throw ModelError(fmt::format("'{}' is a ZIP archive but no TorchScript file: it has no data.pkl", path));
  Pickle pickle(std::move(*program), archive.source);
  const auto module = pickle.result();
  archive.module = module->characters;
  TensorCollector(pickle, storages, archive).collect(*module, "");
  if (archive.tensors.empty()) pickle.refuse("it holds no tensors");
  return archive;
}

}  // namespace theriac::datasets
