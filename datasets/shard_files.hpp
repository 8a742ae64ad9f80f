// The files of a shard beside its lease: journals of those who worked on it, by the number of their lease,
// and its finished rows.
//
//   STEM.journal-2   rows of a shard that is not finished
//   STEM.lease-2     who works on it (shard_lease.hpp)
//   STEM.rows        the finished shard; appears by rename
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "datasets/journal.hpp"
#include "datasets/shard_lease.hpp"

namespace theriac::datasets {

/// How an attempt to run a shard ended.
enum class ShardOutcome {
  finished,  ///< by this process, now
  complete,  ///< it was finished before
  busy,      ///< another process works on it
  stopped,   ///< asked to stop, or another process has taken over; what was done is kept
};

/// How far a shard is, seen from outside.
enum class ShardState {
  finished,
  running,  ///< by a process of this machine
  held,     ///< by a process elsewhere that may be alive
  stopped,  ///< begun, and nobody works on it
  waiting,  ///< nobody has begun
};
const char* name(ShardState state);

struct ShardStanding {
  ShardState state = ShardState::waiting;
  std::uint64_t done = 0;  ///< records in its journal; 0 for a finished shard
  std::string holder;      ///< "node7, process 4711" while it is running or held
};
ShardStanding shard_standing(const std::string& stem);
/// Of every shard that has a file in the folder, by the last part of its stem; the folder is listed once,
/// however many there are.
std::map<std::string, ShardStanding> shard_standings(const std::string& folder);

std::string shard_journal_path(const std::string& stem, std::uint64_t lease);
/// Those that are there, the largest last.
std::vector<std::string> shard_journals(const std::string& stem);

/// The journal of this lease, with what earlier ones hold. A holder that may still be alive keeps its file:
/// its rows are copied. Throws StorageError.
Journal leased_journal(const std::string& stem, const std::string& identity, const ShardLease& lease);

/// A finished file STEM.rows, filled by `write` under a temporary name of this lease. Throws StorageError.
void publish_shard_rows(const std::string& stem, const std::string& identity, const ShardLease& lease,
                        const std::function<void(Journal&)>& write);

/// Removes what killed processes left beside the rows: journals, leases, temporary files.
void tidy_shard(const std::string& stem);

/// Forgets all that was done for a shard, its finished rows too.
void forget_shard(const std::string& stem);

}  // namespace theriac::datasets
