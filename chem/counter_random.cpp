#include "chem/counter_random.hpp"

#include <cmath>
#include <string>

#include "chem/units.hpp"

namespace theriac::chem {
namespace {

std::uint64_t mixed(std::uint64_t h) {  // the finaliser of SplitMix64
  h ^= h >> 30;
  h *= 0xbf58476d1ce4e5b9ull;
  h ^= h >> 27;
  h *= 0x94d049bb133111ebull;
  return h ^ (h >> 31);
}

}  // namespace

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> c, std::array<std::uint32_t, 2> k) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = 0xD2511F53ull * c[0], p1 = 0xCD9E8D57ull * c[2];
    c = {static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ k[0], static_cast<std::uint32_t>(p1),
         static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ k[1], static_cast<std::uint32_t>(p0)};
    k[0] += 0x9E3779B9u;
    k[1] += 0xBB67AE85u;
  }
  return c;
}

std::uint64_t stable_hash(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325ull;
  for (const char c : text) {
    h ^= static_cast<unsigned char>(c);
    h *= 0x100000001b3ull;
  }
  return mixed(h);
}

CounterRandom::CounterRandom(std::uint64_t seed, std::string_view molecule, std::string_view stage,
                             std::uint64_t replica) {
  const std::uint64_t key = mixed(seed + 0x9e3779b97f4a7c15ull * (1 + stable_hash(molecule)));
  key_ = {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)};
  stream_ = mixed(stable_hash(stage) + 0x9e3779b97f4a7c15ull * (1 + replica));
}

void CounterRandom::seek(std::uint64_t position) {
  position_ = position;
  if (position_ % 4 == 0) return;
  const std::uint64_t n = position_ / 4;
  block_ = philox({static_cast<std::uint32_t>(n), static_cast<std::uint32_t>(n >> 32),
                   static_cast<std::uint32_t>(stream_), static_cast<std::uint32_t>(stream_ >> 32)},
                  key_);
}

CounterRandom::result_type CounterRandom::operator()() {
  const std::uint64_t n = position_ / 4;
  if (position_ % 4 == 0)
    block_ = philox({static_cast<std::uint32_t>(n), static_cast<std::uint32_t>(n >> 32),
                     static_cast<std::uint32_t>(stream_), static_cast<std::uint32_t>(stream_ >> 32)},
                    key_);
  return block_[position_++ % 4];
}

double CounterRandom::uniform() {
  return ((*this)() >> 8) * (1.0 / 16777216.0);
}

double CounterRandom::uniform(double low, double high) {
  return low + (high - low) * uniform();
}

std::uint32_t CounterRandom::below(std::uint32_t n) {  // Lemire's multiply and reject
  std::uint64_t product = static_cast<std::uint64_t>((*this)()) * n;
  if (static_cast<std::uint32_t>(product) < n) {
    const std::uint32_t threshold = -n % n;
    while (static_cast<std::uint32_t>(product) < threshold)
      product = static_cast<std::uint64_t>((*this)()) * n;
  }
  return static_cast<std::uint32_t>(product >> 32);
}

double CounterRandom::normal() {
  const double u = 1.0 - uniform(), v = uniform();
  return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * units::pi * v);
}

}  // namespace theriac::chem
