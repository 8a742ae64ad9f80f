#include "scoring/opencl_batch.h"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace theriac::scoring {
namespace {

template <typename T>
std::size_t bytes_of(const std::vector<T>& values) {
  return values.size() * sizeof(T);
}

}  // namespace

template <typename T>
cl::Buffer DeviceBatch::buffer(std::size_t count, cl_mem_flags flags) {
  return cl::Buffer(shared_.context, flags, std::max<std::size_t>(1, count) * sizeof(T));
}

template <typename T>
void DeviceBatch::upload(cl::Buffer& to, const std::vector<T>& values) {
  if (!values.empty()) queue_.enqueueWriteBuffer(to, CL_FALSE, 0, bytes_of(values), values.data());
}

void DeviceBatch::pack(const BatchPlace& place) {
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

void DeviceBatch::load(std::vector<BatchPlace> places, int chains) {
  places_ = std::move(places);
  chains_ = chains;
  ligands_.clear();
  tables_.clear();
  geometry_.clear();
  chain_words_ = state_words_ = numbers_ = 0;
  for (const BatchPlace& place : places_) pack(place);
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

void DeviceBatch::run(Entry entry) {
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

void DeviceBatch::launch() {
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

ChainPoses DeviceBatch::poses_of(std::size_t i) {
  const BatchPlace& place = places_[i];
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

void DeviceBatch::collect(std::vector<SearchResult>& results) {
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

std::vector<KernelEnergy> DeviceBatch::evaluate(const std::vector<Conformation>& poses, float cap) {
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

void DeviceBatch::abandon() noexcept {
  try {
    queue_.finish();  // it may still be writing into our vectors
  } catch (const cl::Error&) {
  }
  live_.clear();
}

}  // namespace theriac::scoring
