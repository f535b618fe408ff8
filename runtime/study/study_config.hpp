// A study as a file.

#pragma once

#include "models/machine/json_tree.hpp"
#include "runtime/study/study.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace qalpha {

/// What a file says about a study.
struct study_config {
  /// Configuration of a backtest: instruments, data, costs and limits. Relative
  /// paths start at the directory of the file.
  std::string market;
  study_settings settings;
  /// For whoever makes the model.
  json_value model;
};

/// Reads a file such as
///
///     {
///       "market": "backtest-btc-1h.json",
///       "walk_forward": {"first_training": "730d", "test": "90d",
///                        "embargo": "2d", "longest_training": "0s"},
///       "model": {"kind": "linear", ...},
///       "distances": [1, 24],
///       "trades": [{"cost_bps": 14}],
///       "rules": [{"name": "sma_cross", "params": {"fast": 20}}],
///       "earlier_trials": 0
///     }
///
/// Every key has to be there: a study that is to be repeated leaves nothing to
/// defaults.
/// @returns a fault "FILE: KEY: expected ..., found ...".
fallible<study_config> read_study_config(const std::string& path);

/// As above for a text.
fallible<study_config> parse_study_config(const std::string& text);

/// Reads the object "model" of a kind.
using read_forecast_maker
  = fallible<std::unique_ptr<forecast_maker>> (*)(const json_value& model,
                                                  timespan bar_interval);

/// A kind of model that can be studied.
struct forecast_maker_kind {
  std::string name;
  read_forecast_maker read;
};

/// @returns the kinds that need nothing but this program.
std::vector<forecast_maker_kind> plain_forecast_makers();

/// @returns the maker that "model" describes, or a fault naming what is wrong.
fallible<std::unique_ptr<forecast_maker>>
make_forecasts(const json_value& model, timespan bar_interval,
               const std::vector<forecast_maker_kind>& kinds);

} // namespace qalpha
