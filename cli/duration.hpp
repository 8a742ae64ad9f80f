// Spans of time as people write and read them: "55m", "11h30m", "2d"; "13m 18s".
#pragma once
#include <string>

namespace theriac::cli {

/// Seconds in "90", "90s", "55m", "11h30m", "2d12h". Throws UsageError.
double parse_duration(const std::string& text);
/// "48s", "13m18s", "2h05m", "3d04h".
std::string duration_text(double seconds);

}  // namespace theriac::cli
