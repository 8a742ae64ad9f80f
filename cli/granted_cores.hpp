// How many cores this process may use: what the scheduler granted, not what the machine has.
#pragma once

namespace theriac::cli {

/// The least of the affinity mask, the cgroup's CPU quota (v2 or v1) and SLURM_CPUS_PER_TASK; at least 1.
int granted_cores();

/// Bytes of memory this process may use: the machine's, or the cgroup's limit if that is lower.
double granted_memory_bytes();

}  // namespace theriac::cli
