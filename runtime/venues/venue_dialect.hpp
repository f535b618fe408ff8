// What differs between the venues that a collector listens to.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/bar.hpp"
#include "models/market/book_sync.hpp"
#include "models/market/depth.hpp"
#include "models/market/instrument.hpp"
#include "models/market/time.hpp"
#include "runtime/net/endpoint.hpp"
#include "runtime/venues/message_list.hpp"
#include "runtime/venues/stream_watch.hpp"
#include "runtime/venues/venue_message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace qalpha {

/// @returns the position of `T` in `venue_message`.
template <class T, class... Ts>
constexpr size_t position_of(const std::variant<Ts...>*) {
  size_t result = 0;
  static_cast<void>(((std::is_same_v<T, Ts> || (++result, false)) || ...));
  return result;
}

/// `stream_spec::kind` of a stream that sends `T`.
template <class T>
inline constexpr size_t kind_of
  = position_of<T>(static_cast<const venue_message*>(nullptr));

/// One connection and what it subscribes to.
struct line_plan {
  /// For recordings and texts, for example "binance public".
  std::string name;
  address to;
  std::vector<stream_spec> streams;
};

/// A question over REST.
struct rest_request {
  std::string target;
  /// In the units of the venue's limit.
  uint64_t weight = 1;
};

/// Words and rules of one venue. Owned and called by one collector, on its
/// thread. A question that the venue has no answer for is `nullopt`.
class venue_dialect {
public:
  virtual ~venue_dialect() = default;

  // -- streams ----------------------------------------------------------------

  virtual std::vector<line_plan> plan() const = 0;

  virtual std::optional<decode_fault>
  decode(std::string_view bytes, message_list& out) = 0;

  /// @returns commands that subscribe to these streams.
  /// @param id of the first command; it is increased by their number
  virtual std::vector<std::string>
  subscribe(const std::vector<std::string>& names, uint64_t& id) const = 0;

  virtual std::vector<std::string>
  unsubscribe(const std::vector<std::string>& names, uint64_t& id) const = 0;

  /// @returns what the venue wants to hear now and then; empty for nothing.
  virtual std::string heartbeat(uint64_t& id) const = 0;

  /// @returns `true` if the venue announces that it will hang up.
  virtual bool announces_shutdown(const venue_reply& reply) const = 0;

  // -- books and trades -------------------------------------------------------

  virtual sync_rule book_rule() const = 0;

  virtual bool numbers_trades() const = 0;

  // -- REST -------------------------------------------------------------------

  virtual std::optional<rest_request> snapshot(const instrument& of) const = 0;

  virtual fallible<depth_snapshot>
  read_snapshot(std::string_view answer, const instrument& of) const = 0;

  virtual std::optional<rest_request> trades(const instrument& of,
                                             uint64_t from) const = 0;

  virtual fallible<std::vector<public_trade>>
  read_trades(std::string_view answer, const instrument& of) const = 0;

  /// The latest `count` bars of a minute.
  virtual std::optional<rest_request> bars(const instrument& of,
                                           size_t count) const = 0;

  /// @param now the time of the venue
  virtual fallible<std::vector<venue_bar>> read_bars(std::string_view answer,
                                                     const instrument& of,
                                                     utc_time now) const = 0;

  /// How many contracts are open, where no stream tells.
  virtual std::optional<rest_request> interest(const instrument& of) const = 0;

  virtual fallible<open_contracts>
  read_interest(std::string_view answer, const instrument& of) const = 0;

  virtual rest_request clock() const = 0;

  virtual fallible<utc_time> read_clock(std::string_view answer) const = 0;

  /// The header that tells the weight used so far; empty if there is none.
  virtual std::string_view weight_header() const = 0;
};

} // namespace qalpha
