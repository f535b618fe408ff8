// Makes a feature of what is looked for in a window of candles.

#pragma once

#include "models/features/candles/candle_window.hpp"
#include "models/features/feature_entry.hpp"
#include "models/features/row_feature.hpp"

#include <type_traits>

namespace qalpha {

/// @tparam Pattern a function of a window, and of a penetration if it has one
/// @tparam WarmUp candles before the one at hand that it looks at
template <auto Pattern, size_t WarmUp>
class candle_kernel {
public:
  static constexpr size_t inputs = 4;
  static constexpr size_t outputs = 1;
  static constexpr auto penetrates
    = std::is_invocable_v<decltype(Pattern), const candle_window&, double>;

  static_assert(WarmUp < candle_window::capacity);

  explicit candle_kernel(std::span<const double> values) {
    if constexpr (penetrates)
      penetration_ = values[0];
  }

  row_values<1> step(const row_values<4>& x) noexcept {
    window_.push({x[0], x[1], x[2], x[3]});
    if (missing_ > 0) {
      --missing_;
      return {undefined};
    }
    int found;
    if constexpr (penetrates)
      found = Pattern(window_, penetration_);
    else
      found = Pattern(window_);
    return {static_cast<double>(found)};
  }

private:
  candle_window window_;
  size_t missing_ = WarmUp;
  double penetration_ = 0;
};

template <auto Pattern, size_t WarmUp>
fallible<made_feature> make_candle(std::span<const double> values) {
  return made_feature{make_row_feature(candle_kernel<Pattern, WarmUp>{values}),
                      WarmUp, WarmUp + 1};
}

inline constexpr std::string_view candle_inputs[] = {"open", "high", "low",
                                                     "close"};

// What a pattern can say.
inline constexpr feature_output candle_sign[]
  = {{"signal", "100: points up, -100: points down, 0: not there"}};
inline constexpr feature_output candle_there[]
  = {{"signal", "100: there, 0: not there"}};
inline constexpr feature_output candle_up[]
  = {{"signal", "100: points up, 0: not there"}};
inline constexpr feature_output candle_down[]
  = {{"signal", "-100: points down, 0: not there"}};
inline constexpr feature_output candle_graded[]
  = {{"signal", "100: points up, -100: points down, 80 and -80: likewise, but "
                "an end of the bodies is the same; 0: not there"}};
inline constexpr feature_output candle_confirmed[]
  = {{"signal", "100: points up, -100: points down, 200 and -200: and the "
                "close confirms it; 0: not there"}};

/// @returns the entry of a pattern that always points the same way, or a way
///          that its output tells.
template <auto Pattern, size_t WarmUp>
constexpr feature_entry
candle_entry(std::string_view name, std::string_view help,
             std::string_view source, std::span<const feature_output> outputs,
             std::span<const parameter> parameters = {}) {
  return {name,
          help,
          source,
          candle_inputs,
          parameters,
          outputs,
          make_candle<Pattern, WarmUp>};
}

} // namespace qalpha
