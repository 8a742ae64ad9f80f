#include "scoring/opencl_search.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <utility>

#include "chem/error.hpp"
#include "scoring/opencl_batch.h"

namespace theriac::scoring {

extern const char* const docking_device_source;  // docking_device.inc with all it includes

namespace {

constexpr int warp = 32;  // chains of a work group where one work item is one chain
constexpr int ligands_per_gpu_unit = 16;
constexpr int ligands_per_core = 8;
constexpr double gpu_share = 0.35;       // of the memory, for each of the two sub-batches
constexpr double processor_share = 0.1;  // the rest of the program lives in the same memory

/// What the device said, as a sentence.
std::string reason(int code) {
  switch (code) {
    case CL_OUT_OF_RESOURCES:
      return "out of resources";
    case CL_OUT_OF_HOST_MEMORY:
      return "out of the processor's memory";
    case CL_MEM_OBJECT_ALLOCATION_FAILURE:
      return "out of the device's memory";
    case CL_DEVICE_NOT_AVAILABLE:
      return "the device is not available";
    case CL_BUILD_PROGRAM_FAILURE:
      return "the docking kernel does not compile";
    case CL_INVALID_COMMAND_QUEUE:
      return "the queue is gone, as after a fault of the device";
    default:
      return "see the OpenCL specification";
  }
}

/// Bytes of the three large buffers for a ligand.
struct Footprint {
  double chains, states, coordinates;
  double sum() const { return chains + states + coordinates; }
};
Footprint footprint(const KernelModel& m, const ChainTask& task, int chains) {
  return {4.0 * kernel_words(&m) * chains, 4.0 * state_words(&m, &task) * chains,
          8.0 * state_doubles(&task) * chains};
}

}  // namespace

int ligands_per_batch(const OpenClDevice& device, double free_bytes, double bytes_per_ligand) {
  const double busy =
      static_cast<double>(device.units) * (device.gpu ? ligands_per_gpu_unit : ligands_per_core);
  const double fitting = std::min(free_bytes * (device.gpu ? gpu_share : processor_share) / bytes_per_ligand,
                                  device.largest_buffer_bytes / bytes_per_ligand);
  return static_cast<int>(std::max(1.0, std::min(busy, fitting)));
}

struct OpenClSearch::Implementation {
  const AffinityGrids& grids;
  chem::Box box;
  ScoringFunction scoring;
  DeviceProgram shared;
  std::vector<std::unique_ptr<DeviceBatch>> halves;

  Implementation(const OpenClDevice& device, const AffinityGrids& g, chem::Box b, ScoringFunction s,
                 int width)
      : grids(g), box(std::move(b)), scoring(s) {
    shared.device = device;
    const int liked = width > 0 ? width : device.vector_width;
    shared.width = liked >= 16 ? 16 : liked >= 8 ? 8 : liked >= 4 ? 4 : 1;
    shared.stride = shared.width == 1 ? warp : 1;
    shared.map_size =
        static_cast<cl_long>(grids.shape().points[0]) * grids.shape().points[1] * grids.shape().points[2];
    guarded([&] {
      const auto handles = opencl_handles();
      shared.handle = handles.at(static_cast<std::size_t>(device.number));
      shared.context = cl::Context(shared.handle);
      build();
      for (int half = 0; half < 2; ++half) halves.push_back(std::make_unique<DeviceBatch>(shared));
    });
  }

  /// Runs a step; what the device does wrong becomes a DeviceError.
  template <typename Step>
  void guarded(Step step) {
    try {
      step();
    } catch (const cl::Error& error) {
      for (auto& half : halves) half->abandon();
      throw DeviceError(
          fmt::format("device 'opencl:{}' ({}) failed in {}: error {}, {}", shared.device.number,
                      shared.device.name, error.what(), error.err(), reason(error.err())),
          "--device cpu docks without it");
    } catch (...) {
      for (auto& half : halves) half->abandon();
      throw;
    }
  }

  void build() {
    shared.program = cl::Program(shared.context, std::string(docking_device_source));
    const char* rounding = shared.device.fused            ? " -DKERNEL_FUSED -cl-mad-enable"
                           : shared.device.exact_division ? " -cl-fp32-correctly-rounded-divide-sqrt"
                                                          : "";
    const std::string options = fmt::format("-cl-std=CL1.2 -DKERNEL_WIDTH={} -DKERNEL_STRIDE={}{}",
                                            shared.width, shared.stride, rounding);
    try {
      shared.program.build({shared.handle}, options.c_str());
    } catch (const cl::Error&) {
      throw DeviceError(fmt::format("the docking kernel does not compile for device 'opencl:{}' ({}): {}",
                                    shared.device.number, shared.device.name,
                                    shared.program.getBuildInfo<CL_PROGRAM_BUILD_LOG>(shared.handle)),
                        "--device cpu docks without it");
    }
  }

  /// All maps that these ligands feel are on the device.
  void bring_maps(const std::vector<std::unique_ptr<KernelLigand>>& ligands) {
    bool missing = false;
    int count = 0;
    for (const auto& ligand : ligands)
      for (const AtomType type : ligand->map_types())
        if (type != AtomType::none && shared.map_slot[static_cast<std::size_t>(type)] < 0) {
          shared.map_slot[static_cast<std::size_t>(type)] = 0;
          missing = true;
        }
    if (!missing) return;
    for (int& slot : shared.map_slot)
      if (slot >= 0) slot = count++;
    const std::size_t bytes = static_cast<std::size_t>(shared.map_size) * sizeof(float);
    shared.maps = cl::Buffer(shared.context, CL_MEM_READ_ONLY, bytes * count);
    const cl::CommandQueue queue(shared.context, shared.handle);
    for (std::size_t type = 0; type < shared.map_slot.size(); ++type)
      if (shared.map_slot[type] >= 0)
        queue.enqueueWriteBuffer(shared.maps, CL_TRUE, bytes * shared.map_slot[type], bytes,
                                 grids.map(static_cast<AtomType>(type)));
  }

  std::vector<std::unique_ptr<KernelLigand>> kernel_ligands(const std::vector<SearchTask>& tasks) const {
    std::vector<std::unique_ptr<KernelLigand>> ligands(tasks.size());
    tbb::this_task_arena::isolate([&] {
      tbb::parallel_for(std::size_t{0}, tasks.size(), [&](std::size_t i) {
        ligands[i] = std::make_unique<KernelLigand>(*tasks[i].model, grids, scoring);
      });
    });
    return ligands;
  }

  BatchPlace place(const std::vector<SearchTask>& tasks, std::size_t i, const KernelLigand& ligand) const {
    const SearchTask& t = tasks[i];
    if (t.effort.chains % shared.lanes() != 0)
      throw DeviceError(
          fmt::format("{} chains cannot be dealt to groups of {}", t.effort.chains, shared.lanes()));
    return {i, &ligand, chain_task(*t.model, ligand, box, t.effort, t.seed, t.key),
            SearchRounds(t.effort, t.model->ligand_atom_count())};
  }

  double free_bytes() const {
    const auto maps =
        std::count_if(shared.map_slot.begin(), shared.map_slot.end(), [](int s) { return s >= 0; });
    return std::max(1.0, shared.device.memory_bytes - 4.0 * static_cast<double>(shared.map_size) * maps);
  }

  /// Fills a half with the next ligands: as many as keep the device busy and fit.
  void load(DeviceBatch& half, const std::vector<SearchTask>& tasks,
            const std::vector<std::unique_ptr<KernelLigand>>& ligands, std::size_t& next) const {
    const std::size_t share = (tasks.size() + 1) / 2;  // a small call is still dealt to both halves
    std::vector<BatchPlace> places;
    double largest = 0;
    for (; next < tasks.size() && places.size() < share; ++next) {
      if (!places.empty() && tasks[next].effort.chains != tasks[next - 1].effort.chains) break;
      BatchPlace candidate = place(tasks, next, *ligands[next]);
      largest = std::max(largest,
                         footprint(ligands[next]->view(), candidate.chains, tasks[next].effort.chains).sum());
      const auto limit = static_cast<std::size_t>(ligands_per_batch(shared.device, free_bytes(), largest));
      if (!places.empty() && places.size() + 1 > limit) break;
      places.push_back(std::move(candidate));
    }
    const int chains = tasks[places.front().task].effort.chains;
    half.load(std::move(places), chains);
    half.launch();
  }

  std::vector<SearchResult> search(const std::vector<SearchTask>& tasks) {
    std::vector<SearchResult> results(tasks.size());
    const auto ligands = kernel_ligands(tasks);
    bring_maps(ligands);
    std::size_t next = 0;
    for (bool working = true; working;) {
      working = false;
      for (auto& half : halves) {
        if (!half->empty()) {
          half->collect(results);
          if (!half->empty()) half->launch();
        }
        if (half->empty() && next < tasks.size()) load(*half, tasks, ligands, next);
        working = working || !half->empty();
      }
    }
    return results;
  }
};

OpenClSearch::OpenClSearch(const OpenClDevice& device, const AffinityGrids& grids, const chem::Box& box,
                           ScoringFunction scoring, int width)
    : implementation_(std::make_unique<Implementation>(device, grids, box, scoring, width)) {
  implementation_->shared.before_launch = &before_launch;
}
OpenClSearch::~OpenClSearch() = default;

std::vector<SearchResult> OpenClSearch::search(const std::vector<SearchTask>& tasks) {
  std::vector<SearchResult> results;
  implementation_->guarded([&] { results = implementation_->search(tasks); });
  return results;
}

std::vector<KernelEnergy> OpenClSearch::evaluate(const SearchTask& task,
                                                 const std::vector<Conformation>& poses, float cap) {
  std::vector<KernelEnergy> energies;
  implementation_->guarded([&] {
    const auto ligands = implementation_->kernel_ligands({task});
    implementation_->bring_maps(ligands);
    DeviceBatch& half = *implementation_->halves.front();
    std::vector<BatchPlace> places;
    places.push_back(implementation_->place({task}, 0, *ligands.front()));
    half.load(std::move(places), task.effort.chains);
    energies = half.evaluate(poses, cap);
    half.abandon();
  });
  return energies;
}

const OpenClDevice& OpenClSearch::device() const {
  return implementation_->shared.device;
}
int OpenClSearch::width() const {
  return implementation_->shared.width;
}
int OpenClSearch::batch() const {
  constexpr double typical_bytes = 5e5;  // 40 heavy atoms, 10 torsions, 32 chains
  return 2 * ligands_per_batch(device(), implementation_->free_bytes(), typical_bytes);
}

}  // namespace theriac::scoring
