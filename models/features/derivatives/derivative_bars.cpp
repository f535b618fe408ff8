#include "models/features/derivatives/derivative_bars.hpp"

#include "models/features/rolling/folds.hpp"
#include "models/features/rolling/lag.hpp"
#include "models/features/rolling/window_fold.hpp"
#include "models/features/row_feature.hpp"

#include <algorithm>
#include <cmath>

namespace qalpha {

namespace {

constexpr double milliseconds_per_hour = 3'600'000;
constexpr double hours_per_year = 365 * 24;

// -- basis, basis_reference

struct basis_kernel {
  static constexpr size_t inputs = 2;
  static constexpr size_t outputs = 1;

  row_values<1> step(const row_values<2>& x) const noexcept {
    return {(x[0] - x[1]) / x[1]};
  }
};

fallible<made_feature> make_basis(std::span<const double>) {
  return made_feature{make_row_feature(basis_kernel{}), 0, 1};
}

constexpr std::string_view basis_inputs[] = {"mark", "index"};
constexpr std::string_view reference_inputs[] = {"mark", "reference"};

constexpr feature_output basis_output[] = {
  {"basis", "how far the first price lies above the second, a fraction of "
            "that, above -1"},
};

// -- funding

struct funding_kernel {
  static constexpr size_t inputs = 2;
  static constexpr size_t outputs = 3;

  funding_kernel(size_t period, double hours)
    : yearly(hours_per_year / hours), interval(hours * milliseconds_per_hour),
      payments(period) {
    // nop
  }

  row_values<3> step(const row_values<2>& x) noexcept {
    auto [rate, time] = x;
    auto count = std::floor(time / interval);
    auto before = last_rate.replace(rate);
    auto passed = count - last_count.replace(count);
    auto paid = undefined;
    if (!std::isnan(passed)) {
      // What is due at the close of a bar was set before it.
      paid = payments.add({{before * std::max(passed, 0.0)}}).of[0];
      if (!payments.full())
        paid = undefined;
    }
    return {rate, rate * yearly, paid};
  }

  double yearly;
  double interval;
  lag last_rate{1};
  lag last_count{1};
  window_fold<sums<1>> payments;
};

fallible<made_feature> make_funding(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_row_feature(funding_kernel{period, values[1]}),
                      period, period + 1};
}

constexpr std::string_view funding_inputs[] = {"funding_rate", "time"};

constexpr parameter funding_parameters[] = {
  {"period", 1'440, 1, 1'000'000, "rows whose payments are added up"},
  {"hours", 8, 1, 24, "between payments, since 1970 UTC"},
};

constexpr feature_output funding_outputs[] = {
  {"rate", "of the next payment, a fraction; longs pay if it is positive"},
  {"yearly", "the same rate for each payment of 365 days, a fraction"},
  {"paid", "sum of the rates of the payments in the period, each as it stood "
           "at the close before it, a fraction; 0 if there was no payment"},
};

// -- open_interest_change

struct interest_kernel {
  static constexpr size_t inputs = 1;
  static constexpr size_t outputs = 1;

  explicit interest_kernel(size_t period) : earlier(period) {
    // nop
  }

  row_values<1> step(const row_values<1>& x) noexcept {
    auto before = earlier.replace(x[0]);
    if (before == 0)
      return {x[0] == 0 ? 0.0 : undefined};
    return {(x[0] - before) / before};
  }

  lag earlier;
};

fallible<made_feature> make_interest(std::span<const double> values) {
  auto period = static_cast<size_t>(values[0]);
  return made_feature{make_row_feature(interest_kernel{period}), period,
                      period + 1};
}

constexpr std::string_view interest_inputs[] = {"open_interest"};

constexpr parameter interest_parameters[] = {
  {"period", 1, 1, 100'000, "rows back"},
};

constexpr feature_output interest_output[] = {
  {"change", "since then, a fraction of what was open then, from -1; 0 if "
             "both are 0, none from 0 to more"},
};

constexpr feature_entry entries[] = {
  {"basis",
   "premium of the mark price over the index",
   "mark / index - 1",
   basis_inputs,
   {},
   basis_output,
   make_basis},
  {"basis_reference",
   "premium of the mark price over the reference venue",
   "mark / reference - 1",
   reference_inputs,
   {},
   basis_output,
   make_basis},
  {"funding", "funding rate, of now, a year, and paid",
   "funding of perpetual futures as Binance and Bybit settle it",
   funding_inputs, funding_parameters, funding_outputs, make_funding},
  {"open_interest_change", "change of the open interest",
   "open interest / earlier open interest - 1", interest_inputs,
   interest_parameters, interest_output, make_interest},
};

} // namespace

std::span<const feature_entry> derivative_features() {
  return entries;
}

} // namespace qalpha
