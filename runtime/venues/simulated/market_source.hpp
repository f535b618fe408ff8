// Where a simulated exchange takes its market from.

#pragma once

#include "actors/ports/book_source.hpp"
#include "models/market/bar.hpp"
#include "models/market/market_event.hpp"
#include "models/simulation/demo_market.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// What happens between two moments of market time.
struct market_frame {
  /// End of the frame; later than that of the frame before.
  utc_time time;
  /// The venue takes no commands and gives no answers; market data go on.
  bool venue_down = false;
  std::vector<market_batch> batches;

  friend bool operator==(const market_frame&, const market_frame&) = default;

  template <class Inspector>
  friend typename Inspector::result_type
  inspect(Inspector& f, market_frame& x) {
    return f(caf::meta::type_name("market_frame"), x.time, x.venue_down,
             x.batches);
  }
};

/// A market, one frame after the other.
class market_source {
public:
  virtual ~market_source() = default;

  /// Closed bars from before the first frame, oldest first.
  virtual std::vector<bar_closed> history() = 0;

  /// @returns the closed bars that passed while nobody looked, oldest first;
  ///          bars that are known already do no harm. Nothing for a market that
  ///          stood still meanwhile.
  virtual std::vector<bar_closed> missed() {
    return {};
  }

  /// @returns the books as of the last frame, one snapshot a symbol, for those
  ///          that continue after `restore`; none for symbols whose next events
  ///          begin with a snapshot.
  virtual std::vector<market_batch> books() const {
    return {};
  }

  /// @returns `nullopt` at the end, if there is one.
  virtual std::optional<market_frame> next() = 0;

  /// @returns who can be asked for books while the market goes on, if anybody.
  virtual book_source* source_of_books() {
    return nullptr;
  }

  /// @returns everything that is needed to continue from here; empty if the
  ///          source cannot.
  virtual std::string save() const = 0;

  /// Continues where `save` was called, without history.
  /// @returns `false`, and nothing has changed, if the bytes do not fit.
  virtual bool restore(std::string_view saved) = 0;
};

/// The seeded demo market.
class demo_source final : public market_source {
public:
  /// `warm_up` of market time passes before the first frame.
  demo_source(demo_market market, timespan warm_up, timespan bar_interval);

  std::vector<bar_closed> history() override;
  std::vector<market_batch> books() const override;
  std::optional<market_frame> next() override;
  std::string save() const override;
  bool restore(std::string_view saved) override;

private:
  demo_market market_;
  timespan warm_up_;
  timespan bar_interval_;
};

} // namespace qalpha
