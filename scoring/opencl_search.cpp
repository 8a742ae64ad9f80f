#include "scoring/opencl_search.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "chem/error.hpp"
#include "scoring/docking_device.h"
#include "scoring/opencl_handles.h"

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

template <typename T>
std::size_t bytes_of(const std::vector<T>& values) {
  return values.size() * sizeof(T);
}

/// A ligand in a sub-batch.
struct Place {
  std::size_t task = 0;
  const KernelLigand* ligand = nullptr;
  ChainTask chains;
  SearchRounds rounds;
};

struct Shared {
  OpenClDevice device;
  int width = 1, stride = 1;
  cl::Context context;
  cl::Device handle;
  cl::Program program;
  cl::Buffer maps;
  cl_long map_size = 0;
  std::vector<int> map_slot = std::vector<int>(atom_type_count, -1);
  int launches = 0;
  std::function<void(int)>* before_launch = nullptr;

  int lanes() const { return width * stride; }
};

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

namespace {

/// One of the two halves that take turns on the device.
class SubBatch {
 public:
  explicit SubBatch(Shared& shared) : shared_(shared), queue_(shared.context, shared.handle) {
    for (const char* name : {"docking_begin", "docking_take_over", "docking_advance", "docking_evaluate"})
      kernels_.emplace_back(shared.program, name);
  }

  bool empty() const { return live_.empty(); }

  /// Takes these ligands over and puts their chains into the first state.
  void load(std::vector<Place> places, int chains);
  /// Starts the next round; returns at once.
  void launch();
  /// Waits for the round and compares the chains; ligands that are done go into `results`.
  void collect(std::vector<SearchResult>& results);
  std::vector<KernelEnergy> evaluate(const std::vector<Conformation>& poses, float cap);
  /// Nothing of this half is on the device any more.
  void abandon() noexcept;

 private:
  enum Entry { begin, take_over, advance, evaluate_once };
  void pack(const Place& place);
  void run(Entry entry);
  template <typename T>
  cl::Buffer buffer(std::size_t count, cl_mem_flags flags);
  template <typename T>
  void upload(cl::Buffer& to, const std::vector<T>& values);
  KernelModel host_model(const Place& place) const { return place.ligand->view(); }
  ChainPoses poses_of(std::size_t place);

  Shared& shared_;
  cl::CommandQueue queue_;
  std::vector<cl::Kernel> kernels_;
  std::vector<Place> places_;
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

template <typename T>
cl::Buffer SubBatch::buffer(std::size_t count, cl_mem_flags flags) {
  return cl::Buffer(shared_.context, flags, std::max<std::size_t>(1, count) * sizeof(T));
}

template <typename T>
void SubBatch::upload(cl::Buffer& to, const std::vector<T>& values) {
  if (!values.empty()) queue_.enqueueWriteBuffer(to, CL_FALSE, 0, bytes_of(values), values.data());
}

void SubBatch::pack(const Place& place) {
  const KernelModel m = host_model(place);
  const ChainTask& t = place.chains;
  DeviceLigand out{};
  std::copy(t.box_low, t.box_low + 3, out.box_low);
  std::copy(t.box_high, t.box_high + 3, out.box_high);
  out.largest_turn = t.largest_turn;
  out.tables = static_cast<long>(tables_.size());
  out.geometry = static_cast<long>(geometry_.size());
  out.chains = chain_words_;
  out.states = state_words_;
  out.coordinates = numbers_;
  out.stage = t.stage;
  std::copy(t.key, t.key + 2, out.key);
  out.atom_count = m.atom_count;
  out.node_count = m.node_count;
  out.torsion_count = m.torsion_count;
  out.pair_count = m.pair_count;
  out.poses_kept = t.poses_kept;
  out.iterations = t.iterations;
  out.ligand_atoms = t.ligand_atoms;
  out.ligand_nodes = t.ligand_nodes;
  out.conformer_count = t.conformer_count;
  chain_words_ += kernel_words(&m) * chains_;
  state_words_ += state_words(&m, &t) * chains_;
  numbers_ += state_doubles(&t) * chains_;
  ligands_.push_back(out);
  const auto add = [&](const int* values, int count) {
    tables_.insert(tables_.end(), values, values + count);
  };
  add(m.node_parent, m.node_count);
  add(m.node_begin, m.node_count + 1);
  add(m.node_torsion, m.node_count);
  for (const AtomType type : place.ligand->map_types())
    tables_.push_back(type == AtomType::none ? -1 : shared_.map_slot[static_cast<std::size_t>(type)]);
  add(m.pair_first, m.pair_count);
  add(m.pair_second, m.pair_count);
  const std::size_t radii = tables_.size();
  tables_.resize(radii + m.pair_count + (m.pair_count + 3) / 4);
  if (m.pair_count > 0) {
    std::memcpy(&tables_[radii], m.pair_radius, sizeof(float) * m.pair_count);
    std::memcpy(&tables_[radii + m.pair_count], m.pair_flags, m.pair_count);
  }
  geometry_.insert(geometry_.end(), place.ligand->geometry().begin(), place.ligand->geometry().end());
}

void SubBatch::load(std::vector<Place> places, int chains) {
  places_ = std::move(places);
  chains_ = chains;
  ligands_.clear();
  tables_.clear();
  geometry_.clear();
  chain_words_ = state_words_ = numbers_ = 0;
  for (const Place& place : places_) pack(place);
  live_.clear();
  for (std::size_t i = 0; i < places_.size(); ++i) live_.push_back(static_cast<int>(i));
  states_.resize(static_cast<std::size_t>(state_words_));
  coordinates_.resize(static_cast<std::size_t>(numbers_));
  from_.assign(places_.size() * chains, -1);
  ligand_buffer_ = buffer<DeviceLigand>(ligands_.size(), CL_MEM_READ_ONLY);
  work_buffer_ = buffer<int>(live_.size(), CL_MEM_READ_ONLY);
  table_buffer_ = buffer<int>(tables_.size(), CL_MEM_READ_ONLY);
  geometry_buffer_ = buffer<double>(geometry_.size(), CL_MEM_READ_ONLY);
  chain_buffer_ = buffer<float>(static_cast<std::size_t>(chain_words_), CL_MEM_READ_WRITE);
  state_buffer_ = buffer<float>(states_.size(), CL_MEM_READ_WRITE);
  coordinate_buffer_ = buffer<double>(coordinates_.size(), CL_MEM_READ_WRITE);
  from_buffer_ = buffer<int>(from_.size(), CL_MEM_READ_ONLY);
  upload(table_buffer_, tables_);
  upload(geometry_buffer_, geometry_);
  upload(ligand_buffer_, ligands_);
  upload(work_buffer_, live_);
  run(begin);
}

void SubBatch::run(Entry entry) {
  cl::Kernel& kernel = kernels_[entry];
  const KernelModel m = host_model(places_.front());
  const int groups = chains_ / shared_.lanes();
  cl_uint at = 0;
  kernel.setArg(at++, ligand_buffer_);
  kernel.setArg(at++, work_buffer_);
  kernel.setArg(at++, groups);
  kernel.setArg(at++, table_buffer_);
  kernel.setArg(at++, geometry_buffer_);
  kernel.setArg(at++, shared_.maps);
  kernel.setArg(at++, shared_.map_size);
  kernel.setArg(at++, sizeof m.weights, &m.weights);
  kernel.setArg(at++, sizeof m.grid, &m.grid);
  kernel.setArg(at++, chain_buffer_);
  kernel.setArg(at++, state_buffer_);
  kernel.setArg(at++, coordinate_buffer_);
  if (entry == take_over) kernel.setArg(at++, from_buffer_);
  const std::size_t items = shared_.stride;
  queue_.enqueueNDRangeKernel(kernel, cl::NullRange, cl::NDRange(live_.size() * groups * items),
                              cl::NDRange(items));
}

void SubBatch::launch() {
  for (const int i : live_) ligands_[i].evaluations = places_[i].rounds.evaluations();
  upload(ligand_buffer_, ligands_);
  upload(work_buffer_, live_);
  if (std::any_of(from_.begin(), from_.end(), [](int chain) { return chain >= 0; })) {
    upload(from_buffer_, from_);
    run(take_over);
  }
  if (*shared_.before_launch) (*shared_.before_launch)(shared_.launches);
  ++shared_.launches;
  run(advance);
  queue_.enqueueReadBuffer(state_buffer_, CL_FALSE, 0, bytes_of(states_), states_.data());
  queue_.enqueueReadBuffer(coordinate_buffer_, CL_FALSE, 0, bytes_of(coordinates_), coordinates_.data());
  queue_.flush();
}

ChainPoses SubBatch::poses_of(std::size_t i) {
  const Place& place = places_[i];
  const KernelModel m = host_model(place);
  const int lanes = shared_.lanes();
  ChainPoses poses;
  for (int group = 0; group < chains_ / lanes; ++group) {
    ChainStates s;
    lay_out_states(&m, &place.chains, lanes,
                   &states_[ligands_[i].states + group * state_words(&m, &place.chains) * lanes],
                   &coordinates_[ligands_[i].coordinates + group * state_doubles(&place.chains) * lanes], &s);
    for (int lane = 0; lane < lanes; ++lane) poses.push_back(kept_poses(m, place.chains, s, lane));
  }
  return poses;
}

void SubBatch::collect(std::vector<SearchResult>& results) {
  queue_.finish();
  std::fill(from_.begin(), from_.end(), -1);
  // isolated: the thread that waits here holds the device and must not begin another batch
  tbb::this_task_arena::isolate([&] {
    tbb::parallel_for(std::size_t{0}, live_.size(), [&](std::size_t l) {
      const int i = live_[l];
      for (const TakeOver& order : places_[i].rounds.look(poses_of(i)))
        from_[i * chains_ + order.chain] = order.from;
    });
  });
  std::vector<int> going;
  for (const int i : live_) {
    if (places_[i].rounds.evaluations() > 0)
      going.push_back(i);
    else
      results[places_[i].task] = places_[i].rounds.result();
  }
  live_ = std::move(going);
}

std::vector<KernelEnergy> SubBatch::evaluate(const std::vector<Conformation>& poses, float cap) {
  const KernelModel m = host_model(places_.front());
  const int lanes = shared_.lanes();
  std::vector<float> memory(static_cast<std::size_t>(chain_words_));
  queue_.enqueueReadBuffer(chain_buffer_, CL_TRUE, 0, bytes_of(memory), memory.data());
  std::vector<KernelChains> groups(chains_ / lanes);
  for (std::size_t g = 0; g < groups.size(); ++g)
    lay_out_kernel(&m, lanes, &memory[g * kernel_words(&m) * lanes], &groups[g]);
  for (std::size_t i = 0; i < poses.size(); ++i) {
    const KernelChains& k = groups[i / lanes];
    const std::size_t lane = i % lanes;
    const Conformation& c = poses[i];
    for (int n = 0; n < 3; ++n) k.trial[n * lanes + lane] = static_cast<float>(c.position[n]);
    for (int n = 0; n < 4; ++n) k.trial[(3 + n) * lanes + lane] = static_cast<float>(c.orientation[n]);
    for (int t = 0; t < m.torsion_count; ++t)
      k.trial[(7 + t) * lanes + lane] = static_cast<float>(c.torsions[t]);
    k.cap[lane] = cap;
  }
  queue_.enqueueWriteBuffer(chain_buffer_, CL_TRUE, 0, bytes_of(memory), memory.data());
  run(evaluate_once);
  queue_.enqueueReadBuffer(chain_buffer_, CL_TRUE, 0, bytes_of(memory), memory.data());
  std::vector<KernelEnergy> out(poses.size());
  for (std::size_t i = 0; i < poses.size(); ++i) {
    const KernelChains& k = groups[i / lanes];
    out[i].energy = k.trial_energy[i % lanes];
    for (int n = 0; n < 6 + m.torsion_count; ++n)
      out[i].gradient.push_back(k.trial_gradient[n * lanes + i % lanes]);
  }
  return out;
}

void SubBatch::abandon() noexcept {
  try {
    queue_.finish();  // it may still be writing into our vectors
  } catch (const cl::Error&) {
  }
  live_.clear();
}

}  // namespace

struct OpenClSearch::Implementation {
  const AffinityGrids& grids;
  chem::Box box;
  ScoringFunction scoring;
  Shared shared;
  std::vector<std::unique_ptr<SubBatch>> halves;

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
      for (int half = 0; half < 2; ++half) halves.push_back(std::make_unique<SubBatch>(shared));
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
    const std::string options =
        fmt::format("-cl-std=CL1.2 -DKERNEL_WIDTH={} -DKERNEL_STRIDE={}{}", shared.width, shared.stride,
                    shared.device.exact_division ? " -cl-fp32-correctly-rounded-divide-sqrt" : "");
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

  Place place(const std::vector<SearchTask>& tasks, std::size_t i, const KernelLigand& ligand) const {
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
  void load(SubBatch& half, const std::vector<SearchTask>& tasks,
            const std::vector<std::unique_ptr<KernelLigand>>& ligands, std::size_t& next) const {
    const std::size_t share = (tasks.size() + 1) / 2;  // a small call is still dealt to both halves
    std::vector<Place> places;
    double largest = 0;
    for (; next < tasks.size() && places.size() < share; ++next) {
      if (!places.empty() && tasks[next].effort.chains != tasks[next - 1].effort.chains) break;
      Place candidate = place(tasks, next, *ligands[next]);
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
    SubBatch& half = *implementation_->halves.front();
    std::vector<Place> places;
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
