// When something was measured, as a number that can be ordered: for splits by time.
#pragma once
#include <optional>
#include <string_view>

namespace theriac::datasets {

/// "2021-03-04", "2021-03-04T10:30:00Z", "2021/03" and plain numbers ("2021.5", a batch number). A date
/// becomes its year and the share of it that has passed (months counted as 31 days), so that "2021" stands
/// before "2021-02". Empty for everything else, "04/03/2021" included: nobody knows its month.
std::optional<double> measurement_time(std::string_view text);

}  // namespace theriac::datasets
