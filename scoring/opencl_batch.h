// What lies on the device: the ligands of one launch, their buffers and their kernels. Two such batches take
// turns, so that one is compared on the processor while the other is searched on the device.
#pragma once
#include <functional>
#include <vector>

#include "scoring/docking_device.h"
#include "scoring/opencl_handles.h"
#include "scoring/opencl_search.hpp"

namespace theriac::scoring {

/// A ligand of a batch.
struct BatchPlace {
  std::size_t task = 0;
  const KernelLigand* ligand = nullptr;
  ChainTask chains;
  SearchRounds rounds;
};

/// What the batches of one search share.
struct DeviceProgram {
  OpenClDevice device;
  int width = 1, stride = 1;
  cl::Context context;
  cl::Device handle;
  cl::Program program;
  cl::Buffer maps;
  cl_long map_size = 0;
  std::vector<int> map_slot = std::vector<int>(atom_type_count, -1);
  int launches = 0;
  const std::function<void(int)>* before_launch = nullptr;

  int lanes() const { return width * stride; }
};

/// One of the two halves that take turns on the device.
class DeviceBatch {
 public:
  explicit DeviceBatch(DeviceProgram& shared) : shared_(shared), queue_(shared.context, shared.handle) {
    for (const char* name : {"docking_begin", "docking_take_over", "docking_advance", "docking_evaluate"})
      kernels_.emplace_back(shared.program, name);
  }

  bool empty() const { return live_.empty(); }

  /// Takes these ligands over and puts their chains into the first state.
  void load(std::vector<BatchPlace> places, int chains);
  /// Starts the next round; returns at once.
  void launch();
  /// Waits for the round and compares the chains; ligands that are done go into `results`.
  void collect(std::vector<SearchResult>& results);
  std::vector<KernelEnergy> evaluate(const std::vector<Conformation>& poses, float cap);
  /// Nothing of this half is on the device any more.
  void abandon() noexcept;

 private:
  enum Entry { begin, take_over, advance, evaluate_once };
  void pack(const BatchPlace& place);
  void run(Entry entry);
  template <typename T>
  cl::Buffer buffer(std::size_t count, cl_mem_flags flags);
  template <typename T>
  void upload(cl::Buffer& to, const std::vector<T>& values);
  KernelModel host_model(const BatchPlace& place) const { return place.ligand->view(); }
  ChainPoses poses_of(std::size_t place);

  DeviceProgram& shared_;
  cl::CommandQueue queue_;
  std::vector<cl::Kernel> kernels_;
  std::vector<BatchPlace> places_;
  std::vector<int> live_;  // places that go on
  std::vector<DeviceLigand> ligands_;
  std::vector<int> tables_, from_;
  std::vector<double> geometry_, coordinates_;
  std::vector<float> states_;
  cl_long chain_words_ = 0, state_words_ = 0, numbers_ = 0;
  int chains_ = 0;
  cl::Buffer ligand_buffer_, work_buffer_, table_buffer_, geometry_buffer_, chain_buffer_, state_buffer_,
      coordinate_buffer_, from_buffer_;
};

}  // namespace theriac::scoring
