// From what a venue sent to what its market did: the bytes of a raw recording
// go through the decoders and machines that live connections use.

#pragma once

#include "models/machine/fallible.hpp"
#include "models/market/instrument.hpp"
#include "models/market/market_event.hpp"
#include "runtime/storage/raw/raw_record.hpp"
#include "runtime/venues/message_list.hpp"
#include "runtime/venues/symbol_track.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace qalpha {

/// Counts of a `record_player`.
struct record_player_counts {
  uint64_t records = 0;
  /// Messages that no decoder understood, by `decode_fault`.
  std::array<uint64_t, 8> faults{};
  /// Answers that were asked for and could not be read.
  uint64_t bad_answers = 0;
  /// Records that are missing, in the recording or before it.
  uint64_t missing = 0;
};

/// Plays the records of one venue, in their order.
class record_player {
public:
  /// @returns a fault if no such venue is known.
  static fallible<record_player> make(std::string_view venue,
                                      const universe& all);

  /// Appends what the record says about the market, a batch a symbol. Where
  /// records are missing, and when the last connection that brought a book is
  /// gone, its symbols are interrupted. A recorder that stopped on purpose
  /// leaves the market as it was until another one continues.
  void step(const raw_record& record, std::vector<market_batch>& out);

  const record_player_counts& counts() const noexcept {
    return counts_;
  }

  const symbol_track& track(symbol_id symbol) const {
    return lanes_[symbol.index].track;
  }

private:
  using decoder = std::function<std::optional<decode_fault>(std::string_view,
                                                            message_list&)>;

  struct lane {
    symbol_track track;
    /// Connections that brought its book and are still open.
    std::set<std::string, std::less<>> sources;
    /// Since when trades wait for others that have to be fetched.
    utc_time waiting;
    symbol_track::events events;
  };

  record_player(const universe& all, symbol_track_settings settings,
                decoder decode);

  void play_message(const raw_record& record);
  void play(const venue_message& message, std::string_view connection);
  void play_answer(const raw_record& record);
  void open_connection(std::string_view name);
  void close_connection(const raw_record& record);
  void interrupt_all(utc_time now);
  void end_waiting(lane& x, utc_time now);
  lane* lane_of(symbol_id symbol);

  universe all_;
  decoder decode_;
  message_list messages_;
  std::vector<lane> lanes_;
  /// How many connections of a name are open.
  std::map<std::string, uint64_t, std::less<>> open_;
  /// The recorder stopped with the last record.
  bool stopped_ = false;
  record_player_counts counts_;
};

} // namespace qalpha
