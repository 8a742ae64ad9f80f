// Gzip with reproducible bytes: no time, no file name in the header (RFC 1952).
//
// Members may be joined: the concatenation of gzip files is a gzip file. Poses are compressed molecule by
// molecule, in parallel, and `poses.sdf.gz` is those members one after the other.
#pragma once
#include <string>
#include <string_view>

namespace theriac::datasets {

/// One gzip member. `level` 1 (fast) to 9 (small).
std::string gzip(std::string_view bytes, int level = 6);

/// All members of `bytes`. Throws StorageError when they are damaged or truncated.
std::string gunzip(std::string_view bytes);

}  // namespace theriac::datasets
