// Two devices of LibTorch for tests on machines without a GPU, "privateuseone:0" and "privateuseone:1". They
// compute on the processor but treat the processor's tensors, and each other's, as GPUs do.
//
// What a test on it shows:
// - everything was sent: an operation that gets tensors of two places throws
//   "Expected all tensors to be on the same device". Allowed are, as on CUDA, numbers without dimensions;
// - nothing was read past LibTorch: addresses of its memory are marked by a bit that no address has, so
//   reading or writing through data_ptr() ends the program. Fresh memory is filled with NaN;
// - what was computed there: pretend_device_use() counts operations, and copies in both directions.
// What it does not show: that CUDA has a kernel for an operation, what its kernels compute, in which order
// they add, that results were waited for, anything of pinned memory, and time. Work that stays on the
// processor from end to end is seen only in the counts.
//
// A library of its own, opened by tests/pretend_device.hpp after the library of networks; never installed.
#include <ATen/ATen.h>
#include <ATen/EmptyTensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/_reshape_alias_native.h>
#include <ATen/ops/as_strided_native.h>
#include <ATen/ops/view_native.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/library.h>
#include <torch/version.h>
#if TORCH_VERSION_MAJOR >= 2
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/detail/PrivateUse1HooksInterface.h>
#endif

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include "tests/pretend_device/pretend_device_use.hpp"

namespace {

#if TORCH_VERSION_MAJOR >= 2
template <typename T>
using Optional = std::optional<T>;
#else
template <typename T>
using Optional = c10::optional<T>;
#endif

constexpr c10::DeviceIndex device_count = 2;
thread_local c10::DeviceIndex current_index = 0;
std::atomic<std::uint64_t> operations{0}, sent{0}, fetched{0};

bool is_ours(const c10::Device& device) {
  return device.type() == c10::DeviceType::PrivateUse1;
}

c10::Device current_device() {
  return {c10::DeviceType::PrivateUse1, current_index};
}

/// The device that is meant; without an index the thread's current one.
c10::Device found(const c10::Device& wanted) {
  TORCH_CHECK(is_ours(wanted) && wanted.index() < device_count, "there is no device '", wanted.str(), "'");
  return wanted.has_index() ? wanted : current_device();
}

/// The thread's current device, until destroyed.
class Current {
 public:
  explicit Current(const c10::Device& device) : before_(current_index) {
    current_index = found(device).index();
  }
  ~Current() { current_index = before_; }
  Current(const Current&) = delete;
  Current& operator=(const Current&) = delete;

 private:
  c10::DeviceIndex before_;
};

// --- memory ---

/// Neither x86-64 nor AArch64 has memory of a program at addresses with this bit.
constexpr std::uintptr_t mark = std::uintptr_t{1} << 55;
constexpr std::size_t alignment = 64;

void* marked(void* address) {
  return reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(address) ^ mark);
}

/// On the current device.
struct Memory final : c10::Allocator {
#if TORCH_VERSION_MAJOR >= 2
  at::DataPtr allocate(std::size_t bytes) override {
    return given(bytes);
  }
  void copy_data(void* to, const void* from, std::size_t bytes) const override {
    std::memcpy(marked(to), marked(const_cast<void*>(from)), bytes);
  }
#else
  at::DataPtr allocate(std::size_t bytes) const override {
    return given(bytes);
  }
#endif
  static at::DataPtr given(std::size_t bytes) {
    if (bytes == 0) return {nullptr, current_device()};
    void* block = std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
    TORCH_CHECK(block, "out of memory on the pretend device: ", bytes, " bytes");
    std::memset(block, 0xff, bytes);
    return {marked(block), block, &std::free, current_device()};
  }
};

Memory memory;

/// The same numbers, where the processor can read and write them. Lives no longer than `tensor`.
at::Tensor uncovered(const at::Tensor& tensor) {
  void* data = tensor.storage().data_ptr().get();
  c10::Storage storage(c10::Storage::use_byte_size_t(), tensor.storage().nbytes(),
                       at::DataPtr(data ? marked(data) : nullptr, c10::Device(c10::DeviceType::CPU)),
                       c10::GetAllocator(c10::DeviceType::CPU), /*resizable=*/true);
  auto out = at::detail::make_tensor<c10::TensorImpl>(
      std::move(storage), c10::DispatchKeySet(c10::DispatchKey::CPU), tensor.dtype());
  out.unsafeGetTensorImpl()->set_storage_offset(tensor.storage_offset());
  out.unsafeGetTensorImpl()->set_sizes_and_strides(tensor.sizes(), tensor.strides());
  return out;
}

at::Tensor brought(const at::Tensor& tensor, const c10::Device& device) {
  if (!tensor.defined()) return tensor;
  const auto from = tensor.is_non_overlapping_and_dense() ? tensor : tensor.contiguous();
  auto out = at::empty_strided(from.sizes(), from.strides(), from.options().device(device));
  uncovered(out).copy_(from);
  return out;
}

/// After an operation that gave `seen`, which was uncovered(tensor), another size.
void follow(const at::Tensor& tensor, const at::Tensor& seen) {
  if (seen.sizes() == tensor.sizes() && seen.strides() == tensor.strides()) return;
  const std::size_t bytes = seen.storage().nbytes();
  const Current current(tensor.device());
  auto data = memory.allocate(bytes);
  if (bytes > 0) std::memcpy(marked(data.get()), seen.storage().data_ptr().get(), bytes);
  auto* storage = tensor.storage().unsafeGetStorageImpl();
  storage->set_data_ptr_noswap(std::move(data));
  storage->set_nbytes(bytes);
  tensor.unsafeGetTensorImpl()->set_sizes_and_strides(seen.sizes(), seen.strides());
}

// --- operations ---

/// Every operation without a kernel of its own below: checked, then computed by the processor's kernel.
class Operation {
 public:
  explicit Operation(const c10::OperatorHandle& op) : op_(op) {}

  void run(torch::jit::Stack* stack) {
    ++operations;
    const auto& wanted = op_.schema().arguments();
    const std::size_t first = stack->size() - wanted.size();
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      written_ = wanted[i].alias_info() && wanted[i].alias_info()->isWrite();
      (*stack)[first + i] = taken((*stack)[first + i]);
    }
    TORCH_CHECK(ours_.empty() || !found_on_processor_, "Expected all tensors to be on the same device, but ",
                op_.schema().name(), " got one on the processor, of sizes ", sizes_on_processor_,
                ", beside one on ", place_);
    for (const auto& tensor : ours_)
      TORCH_CHECK(tensor.device() == place_, "Expected all tensors to be on the same device, but ",
                  op_.schema().name(), " got some on ", place_, " and ", tensor.device());
    op_.callBoxed(stack);
    for (std::size_t i = 0; i < ours_.size(); ++i) follow(ours_[i], seen_[i]);
    const auto& returns = op_.schema().returns();
    const std::size_t from = stack->size() - returns.size();
    for (std::size_t i = 0; i < returns.size(); ++i) {
      view_ = returns[i].alias_info() && !returns[i].alias_info()->isWrite();
      (*stack)[from + i] = handed((*stack)[from + i]);
    }
  }

 private:
  c10::IValue taken(const c10::IValue& value) {
    if (value.isTensor()) return taken(value.toTensor());
    if (value.isTensorList()) {
      std::vector<at::Tensor> list;
      for (const at::Tensor& tensor : value.toTensorVector()) list.push_back(taken(tensor));
      return c10::IValue(c10::List<at::Tensor>(list));
    }
    if (value.isOptionalTensorList()) {
      c10::List<Optional<at::Tensor>> list;
      for (const auto& each : value.toOptionalTensorVector())
        list.push_back(each ? Optional<at::Tensor>(taken(*each)) : each);
      return c10::IValue(list);
    }
    if (value.isDevice() && is_ours(value.toDevice())) {
      place_ = found(value.toDevice());
      return c10::IValue(c10::Device(c10::DeviceType::CPU));
    }
    return value;
  }

  at::Tensor taken(const at::Tensor& tensor) {
    if (!tensor.defined()) return tensor;
    if (!is_ours(tensor.device())) {
      if (tensor.dim() > 0 || written_)
        found_on_processor_ = true, sizes_on_processor_ = tensor.sizes().vec();
      return tensor;
    }
    if (ours_.empty()) place_ = tensor.device();
    ours_.push_back(tensor);
    seen_.push_back(uncovered(tensor));
    return seen_.back();
  }

  c10::IValue handed(const c10::IValue& value) const {
    if (value.isTensor()) return handed(value.toTensor());
    if (!value.isTensorList()) return value;
    std::vector<at::Tensor> list;
    for (const at::Tensor& tensor : value.toTensorVector()) list.push_back(handed(tensor));
    return c10::IValue(c10::List<at::Tensor>(list));
  }

  at::Tensor handed(const at::Tensor& tensor) const {
    for (std::size_t i = 0; i < seen_.size(); ++i)
      if (tensor.is_same(seen_[i])) return ours_[i];
    TORCH_CHECK(!view_, "the pretend device cannot make the view ", op_.schema().name());
    return brought(tensor, place_);
  }

  const c10::OperatorHandle& op_;
  std::vector<at::Tensor> ours_, seen_;  ///< arguments, and what the processor sees of them
  std::vector<std::int64_t> sizes_on_processor_;
  c10::Device place_ = current_device();  ///< of the results
  bool found_on_processor_ = false, written_ = false, view_ = false;
};

void computed(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
  Operation(op).run(stack);
}

/// LibTorch asks devices that it does not know for this one instead, with the same arguments.
void convolution(const c10::OperatorHandle&, torch::jit::Stack* stack) {
  static const auto op = c10::Dispatcher::singleton().findSchemaOrThrow("aten::convolution", "");
  computed(op, stack);
}

void number(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
  ++fetched;
  computed(op, stack);
}

void refuse_pinned(const Optional<bool>& pinned) {
  TORCH_CHECK(!pinned.value_or(false), "only memory of the processor can be pinned");
}

at::Tensor empty(at::IntArrayRef sizes, Optional<at::ScalarType> type, Optional<at::Layout>,
                 Optional<at::Device> wanted, Optional<bool> pinned, Optional<at::MemoryFormat> format) {
  refuse_pinned(pinned);
  const Current current(wanted.value_or(current_device()));
  return at::detail::empty_generic(sizes, &memory, c10::DispatchKeySet(c10::DispatchKey::PrivateUse1),
                                   c10::dtype_or_default(type), format);
}

at::Tensor empty_strided(at::IntArrayRef sizes, at::IntArrayRef strides, Optional<at::ScalarType> type,
                         Optional<at::Layout>, Optional<at::Device> wanted, Optional<bool> pinned) {
  refuse_pinned(pinned);
  const Current current(wanted.value_or(current_device()));
  return at::detail::empty_strided_generic(sizes, strides, &memory,
                                           c10::DispatchKeySet(c10::DispatchKey::PrivateUse1),
                                           c10::dtype_or_default(type));
}

at::Tensor copy_from(const at::Tensor& from, const at::Tensor& to, bool) {
  const bool leaves = is_ours(from.device()), arrives = is_ours(to.device());
  if (arrives && !leaves) ++sent;
  if (leaves && !arrives) ++fetched;
  auto target = arrives ? uncovered(to) : to;
  target.copy_(leaves ? uncovered(from) : from);
  return to;
}

at::Tensor view(const at::Tensor& tensor, at::IntArrayRef sizes) {
  return at::native::view(tensor, sizes);
}

at::Tensor reshape_alias(const at::Tensor& tensor, at::IntArrayRef sizes, at::IntArrayRef strides) {
  return at::native::_reshape_alias(tensor, sizes, strides);
}

at::Tensor as_strided(const at::Tensor& tensor, at::IntArrayRef sizes, at::IntArrayRef strides,
                      Optional<std::int64_t> offset) {
  return at::native::as_strided_tensorimpl(tensor, sizes, strides, offset);
}

#if TORCH_VERSION_MAJOR >= 2
// Newer versions ask any device but the processor for a cell of their GRU in one piece, which the processor
// has not: K. Cho et al., EMNLP 2014; the order of the gates is reset, update, new.

using Cell = std::tuple<at::Tensor, at::Tensor>;
using CellSlopes = std::tuple<at::Tensor, at::Tensor, at::Tensor, at::Tensor, at::Tensor>;

/// The next state, and what the way back needs: both rows of gates with their biases, and the state before.
Cell gru_cell(const at::Tensor& input, const at::Tensor& hidden, const at::Tensor& state,
              const Optional<at::Tensor>& input_bias, const Optional<at::Tensor>& hidden_bias) {
  const bool biased = input_bias && input_bias->defined();
  const auto i = biased ? input + *input_bias : input, h = biased ? hidden + *hidden_bias : hidden;
  const auto ig = i.chunk(3, 1), hg = h.chunk(3, 1);
  const auto reset = (ig[0] + hg[0]).sigmoid(), update = (ig[1] + hg[1]).sigmoid();
  const auto fresh = (ig[2] + reset * hg[2]).tanh();
  return {fresh + update * (state - fresh), at::cat({i, h, state}, 1)};
}

CellSlopes gru_cell_backward(const at::Tensor& slope, const at::Tensor& kept, bool biased) {
  const auto parts = kept.chunk(7, 1);
  const auto input = at::cat({parts[0], parts[1], parts[2]}, 1),
             hidden = at::cat({parts[3], parts[4], parts[5]}, 1);
  auto slopes = at::_thnn_differentiable_gru_cell_backward(slope, input, hidden, parts[6], {}, {});
  if (biased)
    std::get<3>(slopes) = std::get<0>(slopes).sum(0), std::get<4>(slopes) = std::get<1>(slopes).sum(0);
  return slopes;
}
#endif

// --- there are two, and their only streams have always finished ---

struct Guard final : c10::impl::DeviceGuardImplInterface {
  static constexpr c10::DeviceType static_type = c10::DeviceType::PrivateUse1;
  Guard() = default;
  explicit Guard(c10::DeviceType) {}
  c10::DeviceType type() const override { return static_type; }
  c10::Device exchangeDevice(c10::Device wanted) const override {
    const auto before = current_device();
    setDevice(wanted);
    return before;
  }
  c10::Device getDevice() const override { return current_device(); }
  void setDevice(c10::Device wanted) const override { current_index = found(wanted).index(); }
  void uncheckedSetDevice(c10::Device wanted) const noexcept override {
    if (wanted.has_index()) current_index = wanted.index();
  }
  c10::Stream getStream(c10::Device device) const noexcept override { return only_stream(device); }
  c10::Stream getDefaultStream(c10::Device device) const override { return only_stream(device); }
  c10::Stream exchangeStream(c10::Stream stream) const noexcept override { return stream; }
  c10::DeviceIndex deviceCount() const noexcept override { return device_count; }
  void record(void**, const c10::Stream&, const c10::DeviceIndex, const c10::EventFlag) const override {}
  void block(void*, const c10::Stream&) const override {}
  bool queryEvent(void*) const override { return true; }
  bool queryStream(const c10::Stream&) const override { return true; }
  void synchronizeStream(const c10::Stream&) const override {}

 private:
  static c10::Stream only_stream(c10::Device device) {
    return c10::Stream(c10::Stream::DEFAULT, device.has_index() ? device : current_device());
  }
};

#if TORCH_VERSION_MAJOR >= 2
/// What newer versions ask before a backward pass, and when a seed is set. The processor's kernels draw from
/// the processor's generator.
struct Hooks final : at::PrivateUse1HooksInterface {
  bool isBuilt() const override { return true; }
  bool isAvailable() const override { return true; }
  bool hasPrimaryContext(c10::DeviceIndex) const override { return true; }
  c10::DeviceIndex deviceCount() const override { return device_count; }
  c10::DeviceIndex getCurrentDevice() const override { return current_index; }
  void setCurrentDevice(c10::DeviceIndex index) const override { current_index = index; }
  c10::DeviceIndex exchangeDevice(c10::DeviceIndex index) const override {
    return std::exchange(current_index, index);
  }
  const at::Generator& getDefaultGenerator(c10::DeviceIndex) const override {
    return at::detail::getDefaultCPUGenerator();
  }
  c10::DeviceIndex maybeExchangeDevice(c10::DeviceIndex index) const override {
    return index < 0 ? current_index : exchangeDevice(index);
  }
};

const bool hooked = [] {
  static Hooks hooks;
  at::RegisterPrivateUse1HooksInterface(&hooks);
  c10::register_privateuse1_backend("privateuseone");
  return true;
}();
#endif

}  // namespace

C10_REGISTER_GUARD_IMPL(PrivateUse1, Guard)
REGISTER_ALLOCATOR(c10::DeviceType::PrivateUse1, &memory)

TORCH_LIBRARY_IMPL(_, PrivateUse1, library) {
  library.fallback(torch::CppFunction::makeFromBoxedFunction<&computed>());
}

TORCH_LIBRARY_IMPL(aten, PrivateUse1, library) {
  library.impl("empty.memory_format", &empty);
  library.impl("empty_strided", &empty_strided);
  library.impl("_copy_from", &copy_from);
  library.impl("view", &view);
  library.impl("_reshape_alias", &reshape_alias);
  library.impl("as_strided", &as_strided);
  library.impl("convolution_overrideable", torch::CppFunction::makeFromBoxedFunction<&convolution>());
  // one kernel, as on CUDA, where an unknown device gets several
  library.impl("native_layer_norm", torch::CppFunction::makeFromBoxedFunction<&computed>());
  library.impl("_local_scalar_dense", torch::CppFunction::makeFromBoxedFunction<&number>());
#if TORCH_VERSION_MAJOR >= 2
  library.impl("_thnn_fused_gru_cell", &gru_cell);
  library.impl("_thnn_fused_gru_cell_backward", &gru_cell_backward);
#endif
}

extern "C" theriac::PretendDeviceUse theriac_pretend_device_use() {
  return {operations, sent, fetched};
}

/// The first of some operations that takes a tensor of the processor beside one of the device; "" if none
/// does.
extern "C" const char* theriac_pretend_device_accepts() {
  const auto here = at::ones({2, 2}), away = at::ones({2, 2}, at::TensorOptions().device(current_device()));
  const auto farther = away.to(c10::Device(c10::DeviceType::PrivateUse1, 1));
  const auto rows = at::zeros({2}, at::kLong);
  const auto takes = [](const auto& operation) {
    try {
      operation();
      return true;
    } catch (const c10::Error&) {
      return false;
    }
  };
  if (takes([&] { here + away; })) return "add";
  if (takes([&] { at::mm(away, here); })) return "mm";
  if (takes([&] { at::cat({away, here}); })) return "cat";
  if (takes([&] { away.index_select(0, rows); })) return "index_select";
  if (takes([&] { away + farther; })) return "add of two devices";
  if (takes([&] { at::mm(away, farther); })) return "mm of two devices";
  if (takes([&] { at::zeros({}).add_(away.sum()); })) return "add_ to a number of the processor";
  if (takes([&] { at::layer_norm(away, {2}, here[0]); })) return "layer_norm";
  if (!takes([&] { away* at::ones({}); })) return "nothing, not even a number of the processor";
  return away.data_ptr() == uncovered(away).data_ptr() ? "data_ptr" : "";
}
