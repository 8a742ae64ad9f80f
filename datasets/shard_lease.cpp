#include "datasets/shard_lease.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>
#include <vector>

#include "chem/error.hpp"
#include "datasets/durable_file.hpp"
#include "datasets/provenance.hpp"

namespace theriac::datasets {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

constexpr int beats_per_silence = 6;
constexpr std::chrono::milliseconds look_again{500};
constexpr int looks_at_unreadable = 100;  // 10 s

std::string first_line(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  return line;
}

/// Field 22 of /proc/PID/stat; 0 when there is no such process or it has ended and waits to be reaped.
std::uint64_t start_of_process(std::int64_t process) {
  const std::string line = first_line(fmt::format("/proc/{}/stat", process));
  const auto name_end = line.rfind(')');  // the name may hold blanks
  if (name_end == std::string::npos || name_end + 2 >= line.size()) return 0;
  const char state = line[name_end + 2];
  if (state == 'Z' || state == 'X') return 0;
  std::size_t at = name_end + 2;
  for (int field = 3; field < 22 && at != std::string::npos; ++field) {
    at = line.find(' ', at);
    if (at != std::string::npos) ++at;
  }
  if (at == std::string::npos) return 0;
  std::uint64_t ticks = 0;
  std::from_chars(line.data() + at, line.data() + line.size(), ticks);
  return ticks;
}

std::string this_boot() {
  std::error_code ignored;
  return first_line("/proc/sys/kernel/random/boot_id") + ' ' +
         fs::read_symlink("/proc/self/ns/pid", ignored).string();
}

std::string lease_path(const std::string& stem, std::uint64_t number) {
  return fmt::format("{}.lease-{}", stem, number);
}

/// Numbers of the lease files, rising.
std::vector<std::uint64_t> lease_numbers(const std::string& stem) {
  const fs::path path(stem);
  const std::string start = path.filename().string() + ".lease-";
  std::vector<std::uint64_t> numbers;
  std::error_code error;
  for (fs::directory_iterator entry(path.parent_path(), error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.rfind(start, 0) != 0) continue;
    std::uint64_t number = 0;
    const auto [last, bad] = std::from_chars(name.data() + start.size(), name.data() + name.size(), number);
    if (bad == std::errc() && last == name.data() + name.size()) numbers.push_back(number);
  }
  if (error) throw_storage_error("list", path.parent_path().string(), error.value());
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

std::string lease_text(const LeaseHolder& holder) {
  const Json json = {{"host", holder.host},   {"boot", holder.boot}, {"process", holder.process},
                     {"began", holder.began}, {"beat", holder.beat}, {"released", holder.released}};
  return json.dump() + '\n';
}

/// Nothing when the file is gone or not ours.
std::optional<LeaseHolder> read_lease(const std::string& stem, std::uint64_t number) {
  const Json json = Json::parse(first_line(lease_path(stem, number)), nullptr, false);
  if (json.is_discarded() || !json.is_object()) return {};
  LeaseHolder holder;
  holder.host = json.value("host", "");
  holder.boot = json.value("boot", "");
  holder.process = json.value("process", std::int64_t{0});
  holder.began = json.value("began", std::uint64_t{0});
  holder.beat = json.value("beat", std::uint64_t{0});
  holder.released = json.value("released", false);
  holder.number = number;
  return holder;
}

/// Whether there is such a file. Throws StorageError when the file system does not say (a lost mount, a stale
/// handle): "no" would be taken for "free".
bool is_there(const std::string& path) {
  struct stat file {};
  if (::stat(path.c_str(), &file) == 0) return true;
  if (errno == ENOENT) return false;
  throw_storage_error("look for", path, errno);
}

/// Creates the lease; false when that number exists already.
bool create_lease(const std::string& stem, const LeaseHolder& holder) {
  const std::string temporary =
      fmt::format("{}.lease-of-{}-{}.tmp", stem, getpid(), Clock::now().time_since_epoch().count());
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor < 0) throw_storage_error("write", temporary, errno);
  try {
    write_all(descriptor, lease_text(holder), temporary);
    if (::fsync(descriptor) != 0) throw_storage_error("write", temporary, errno);
  } catch (...) {
    ::close(descriptor);
    ::unlink(temporary.c_str());
    throw;
  }
  ::close(descriptor);
  bool made = ::link(temporary.c_str(), lease_path(stem, holder.number).c_str()) == 0;
  const int failure = errno;
  if (!made) {  // an NFS server whose answer was lost is asked again and finds the name that it made
    struct stat file {};
    made = ::stat(temporary.c_str(), &file) == 0 && file.st_nlink == 2;
  }
  ::unlink(temporary.c_str());
  if (!made && (failure == EPERM || failure == EOPNOTSUPP || failure == ENOSYS))
    throw StorageError(
        fmt::format("the file system of '{}' makes no hard links ({}): without them two tasks could take "
                    "one shard",
                    lease_path(stem, holder.number), std::strerror(failure)),
        "put the folder on another file system");
  if (!made && failure != EEXIST) throw_storage_error("link to", lease_path(stem, holder.number), failure);
  return made;
}

enum class Life { running, ended, silent, changed };

/// Watches a holder elsewhere until it beats, or has been silent long enough.
Life watch(const std::string& stem, const LeaseHolder& holder, const LeaseOptions& options) {
  if (options.on_wait) options.on_wait(holder);
  const auto end = Clock::now() + std::chrono::duration<double>(options.silence);
  while (Clock::now() < end && !options.stop.stop_requested()) {
    std::this_thread::sleep_for(look_again);
    const auto now = read_lease(stem, holder.number);
    if (!now || now->released || is_there(lease_path(stem, holder.number + 1))) return Life::changed;
    if (now->beat != holder.beat) return Life::running;
  }
  return options.stop.stop_requested() ? Life::running : Life::silent;
}

Life life_of(const std::string& stem, const LeaseHolder& holder, const LeaseOptions& options) {
  if (holder.released) return Life::ended;
  const auto here = runs_here(holder);
  if (here) return *here ? Life::running : Life::ended;
  return watch(stem, holder, options);
}

}  // namespace

std::string LeaseHolder::text() const {
  return fmt::format("{}, process {}", host, process);
}

std::optional<LeaseHolder> lease_holder(const std::string& stem) {
  return lease_holder(stem, lease_numbers(stem));
}

std::optional<LeaseHolder> lease_holder(const std::string& stem, const std::vector<std::uint64_t>& numbers) {
  for (auto number = numbers.rbegin(); number != numbers.rend(); ++number)
    if (auto holder = read_lease(stem, *number)) return holder;
  return {};
}

std::optional<bool> runs_here(const LeaseHolder& holder) {
  if (holder.boot != this_boot()) return {};
  return start_of_process(holder.process) == holder.began;
}

struct ShardLease::Implementation {
  std::string stem;
  LeaseHolder self;
  Predecessor predecessor = Predecessor::none;
  std::atomic<bool> lost{false};
  std::thread heart;
  std::mutex mutex;
  std::condition_variable wake;
  bool ending = false;

  /// Leases are numbered without gaps, and older ones are removed.
  bool superseded() const {
    return is_there(lease_path(stem, self.number + 1)) || !is_there(lease_path(stem, self.number));
  }

  void write() {
    DurableFile file(lease_path(stem, self.number));
    file.write(lease_text(self));
    file.publish();
  }

  void beat_until_end(double interval) {
    std::unique_lock lock(mutex);
    while (!wake.wait_for(lock, std::chrono::duration<double>(interval), [&] { return ending; })) {
      try {
        if (superseded()) {
          lost = true;
          return;
        }
        ++self.beat;
        write();
      } catch (const StorageError&) {
        // a full disk: the next beat may succeed; if not, another process takes over and this one notices
      }
    }
  }

  void stop_beating() {
    {
      const std::lock_guard lock(mutex);
      ending = true;
    }
    wake.notify_all();
    if (heart.joinable()) heart.join();
  }

  void remove_older() const {
    for (const auto number : lease_numbers(stem))
      if (number < self.number) ::unlink(lease_path(stem, number).c_str());
  }

  void release() {
    if (lost || superseded()) return;
    self.released = true;
    write();
  }
};

ShardLease::ShardLease(std::unique_ptr<Implementation> implementation)
    : implementation_(std::move(implementation)) {}
ShardLease::ShardLease(ShardLease&&) noexcept = default;

std::optional<ShardLease> ShardLease::take(const std::string& stem, const LeaseOptions& options,
                                           LeaseHolder* holder) {
  auto own = std::make_unique<Implementation>();
  own->stem = stem;
  own->self.host = host_name();
  own->self.boot = this_boot();
  own->self.process = getpid();
  own->self.began = start_of_process(getpid());
  int unreadable = 0;
  for (;;) {
    const auto numbers = lease_numbers(stem);
    const auto before = lease_holder(stem, numbers);
    if (before ? before->number < numbers.back() : !numbers.empty()) {
      // the list is older than the folder (another has just taken over, or a cached folder), or a file cannot
      // be read: a number below a living holder's would be a second lease of the same shard
      if (++unreadable > looks_at_unreadable)
        throw StorageError(fmt::format("'{}' is there and cannot be read", lease_path(stem, numbers.back())),
                           "remove it if no task works on this shard");
      std::this_thread::sleep_for(look_again / 5);
      continue;
    }
    if (before) {
      const Life life = life_of(stem, *before, options);
      if (life == Life::changed) continue;
      if (life == Life::running) {
        if (holder) *holder = *before;
        return {};
      }
      own->predecessor = life == Life::silent ? Predecessor::silent : Predecessor::ended;
    }
    own->self.number = before ? before->number + 1 : 1;
    if (!create_lease(stem, own->self)) continue;
    const auto now = lease_numbers(stem);
    if (!now.empty() && now.back() == own->self.number) break;
    ::unlink(lease_path(stem, own->self.number).c_str());  // others came and went since the folder was listed
  }
  own->remove_older();
  Implementation* const self = own.get();
  own->heart =
      std::thread([self, interval = options.silence / beats_per_silence] { self->beat_until_end(interval); });
  return ShardLease(std::move(own));
}

ShardLease::~ShardLease() {
  if (!implementation_) return;
  implementation_->stop_beating();
  try {
    implementation_->release();
  } catch (const std::exception&) {
    // the process ends now: that is seen as well
  }
}

std::uint64_t ShardLease::number() const {
  return implementation_->self.number;
}
ShardLease::Predecessor ShardLease::predecessor() const {
  return implementation_->predecessor;
}
bool ShardLease::lost() const {
  return implementation_->lost;
}

void ShardLease::remove() {
  implementation_->stop_beating();
  implementation_->lost = true;  // nothing to release
  for (const auto number : lease_numbers(implementation_->stem))
    ::unlink(lease_path(implementation_->stem, number).c_str());
}

}  // namespace theriac::datasets
