// Rows of features of one symbol, as a model takes them.

#pragma once

#include "models/features/feature_source.hpp"
#include "models/market/bar.hpp"
#include "models/market/bar_context.hpp"
#include "models/outlook/outlook.hpp"
#include "models/strategies/feature_values.hpp"

#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <utility>

namespace qalpha {

/// Of a model that may be used for ever.
inline constexpr utc_time no_last_use{std::numeric_limits<int64_t>::max()};

/// What became of a bar.
struct model_row {
  /// One value for each column of the plan, valid until the next bar.
  std::span<const double> values;
  /// Why a model cannot take it; absent if all values are there.
  std::optional<silence> missing;
};

/// Computes a row a bar, of each bar once.
class model_rows {
public:
  /// @param last_use of the model; rows of later bars are not for it
  model_rows(std::unique_ptr<feature_source> source, utc_time last_use)
    : source_(std::move(source)), last_use_(last_use) {
    // nop
  }

  /// Takes what is known around the bar that follows.
  void expect(const bar_context_known& fact) {
    around_ = fact.value;
    around_close_ = fact.close_time;
  }

  /// @returns nothing for a bar that was seen: it is told twice after a restart
  ///          of the feed.
  std::optional<model_row> next(const bar& closed) {
    return next(closed,
                around_close_ == closed.close_time ? around_ : nothing_known);
  }

  /// The same with what is known around the bar.
  std::optional<model_row> next(const bar& closed, const bar_context& around) {
    if (closed.close_time <= seen_)
      return std::nullopt;
    seen_ = closed.close_time;
    auto values = source_->next(closed, around);
    if (closed.close_time > last_use_)
      return model_row{values, silence::too_old};
    if (all_defined(values)) {
      complete_ = true;
      return model_row{values, std::nullopt};
    }
    return model_row{values, complete_ ? silence::dirty : silence::warming_up};
  }

private:
  std::unique_ptr<feature_source> source_;
  utc_time last_use_;
  utc_time seen_;
  // Told last, and for which bar.
  utc_time around_close_;
  bar_context around_;
  // There was a row with all values.
  bool complete_ = false;
};

} // namespace qalpha
