// Words and rules of Bybit v5, linear.

#pragma once

#include "runtime/venues/bybit/bybit_decoder.hpp"
#include "runtime/venues/bybit/collector.hpp"
#include "runtime/venues/venue_dialect.hpp"

namespace qalpha {

class bybit_dialect final : public venue_dialect {
public:
  /// @param streams address of the public stream
  bybit_dialect(bybit_settings settings, universe instruments, address streams);

  std::vector<line_plan> plan() const override;

  std::optional<decode_fault> decode(std::string_view bytes,
                                     message_list& out) override;

  std::vector<std::string> subscribe(const std::vector<std::string>& names,
                                     uint64_t& id) const override;

  std::vector<std::string> unsubscribe(const std::vector<std::string>& names,
                                       uint64_t& id) const override;

  /// A ping in JSON: the venue does not count those of the protocol.
  std::string heartbeat(uint64_t& id) const override;

  bool announces_shutdown(const venue_reply& reply) const override;

  sync_rule book_rule() const override;

  bool numbers_trades() const override;

  std::optional<rest_request> snapshot(const instrument& of) const override;

  fallible<depth_snapshot> read_snapshot(std::string_view answer,
                                         const instrument& of) const override;

  std::optional<rest_request> trades(const instrument& of,
                                     uint64_t from) const override;

  fallible<std::vector<public_trade>>
  read_trades(std::string_view answer, const instrument& of) const override;

  std::optional<rest_request> bars(const instrument& of,
                                   size_t count) const override;

  fallible<std::vector<venue_bar>> read_bars(std::string_view answer,
                                             const instrument& of,
                                             utc_time now) const override;

  std::optional<rest_request> interest(const instrument& of) const override;

  fallible<open_contracts> read_interest(std::string_view answer,
                                         const instrument& of) const override;

  rest_request clock() const override;

  fallible<utc_time> read_clock(std::string_view answer) const override;

  std::string_view weight_header() const override;

private:
  std::vector<stream_spec> streams_of(const instrument& of) const;

  bybit_settings settings_;
  universe instruments_;
  address streams_;
  bybit_decoder decoder_;
};

} // namespace qalpha
