// Who works on a shard: a small file beside it, so that two tasks never work on the same one.
//
// A lease is a file `STEM.lease-N`; the highest number counts. It names host, boot, process and a beat, a
// number that its holder raises every few seconds. To take a lease is to create the next number, which can
// succeed for one process only (link(2) fails when the name exists, also on NFS). Whether a holder is alive
// is never told from the time of day, so clocks may disagree:
//   the same machine   the process exists and began at the same tick, or it does not
//   another machine    its beat is watched by this machine's own steady clock; when it has not risen for
//                      `silence` seconds, the holder is taken for dead
// A holder that was taken for dead and comes back finds a higher number and stops; its journal has its own
// name (the number), so nothing that it still writes can reach the new holder's.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "chem/stop_token.hpp"

namespace theriac::datasets {

struct LeaseHolder {
  std::string host, boot;    ///< the boot's id and the name space of its process numbers
  std::int64_t process = 0;  ///< its number
  std::uint64_t began = 0;   ///< clock ticks from boot to its start
  std::uint64_t beat = 0;
  bool released = false;     ///< it stopped of its own will
  std::uint64_t number = 0;  ///< of the lease

  std::string text() const;  ///< "node7, process 4711"
};

struct LeaseOptions {
  double silence = 60;  ///< seconds without a beat after which a holder elsewhere is taken for dead
  chem::StopToken stop;
  std::function<void(const LeaseHolder&)> on_wait;  ///< called once when a holder elsewhere is watched
};

class ShardLease {
 public:
  /// What became of the holder before.
  enum class Predecessor {
    none,    ///< there was none
    ended,   ///< it released the lease, or its process is gone: it writes no more
    silent,  ///< nothing was heard of it: it might still write
  };

  /// Takes the lease; nothing when another process holds it (`holder` says who) or when stopping was asked
  /// for. Throws StorageError.
  static std::optional<ShardLease> take(const std::string& stem, const LeaseOptions& options,
                                        LeaseHolder* holder);
  ~ShardLease();  ///< releases
  ShardLease(ShardLease&&) noexcept;

  std::uint64_t number() const;
  Predecessor predecessor() const;
  /// True when another process has taken over; what this one still does counts for nothing.
  bool lost() const;
  /// The shard is finished: no lease file is left.
  void remove();

 private:
  struct Implementation;
  explicit ShardLease(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> implementation_;
};

/// The lease that counts; nothing when nobody ever held one.
std::optional<LeaseHolder> lease_holder(const std::string& stem);
/// The same among leases of these numbers, rising, by one who has listed the folder.
std::optional<LeaseHolder> lease_holder(const std::string& stem, const std::vector<std::uint64_t>& numbers);

/// Whether the holder runs on this machine; nothing when it cannot be told from here.
std::optional<bool> runs_here(const LeaseHolder& holder);

}  // namespace theriac::datasets
