#include "runtime/data/book_replay.hpp"

#include "models/market/book.hpp"
#include "runtime/data/opened_recording.hpp"
#include "runtime/data/recorded_session.hpp"
#include "runtime/data/recorded_steps.hpp"
#include "runtime/telemetry/printable.hpp"
#include "runtime/venues/binance/binance_answers.hpp"
#include "runtime/venues/binance/binance_decoder.hpp"

#include <utility>

namespace qalpha {

namespace {

using refusal = recording_refusal::kind;

/// The book of one symbol while lines come in.
class replay {
public:
  explicit replay(const instrument& traded)
    : traded_(traded), decoder_(universe{traded}) {
    // nop
  }

  /// @returns a refusal if the recording is of another product.
  std::optional<recording_refusal> take(const recorded_line& line) {
    if (line.text.starts_with("{\"lastUpdateId\""))
      take_answer(line);
    else if (line.address.empty())
      return take_message(line.text);
    return std::nullopt;
  }

  book_replay result(uint64_t skipped_lines) const {
    book_replay x{.traded = traded_};
    x.snapshot_last = snapshot_last_;
    x.sync = sync_.statistics();
    x.in_step = sync_.in_step();
    x.crossed = crossed_;
    x.bids = totals(side::buy);
    x.asks = totals(side::sell);
    x.faults = faults_;
    x.skipped_lines = skipped_lines;
    return x;
  }

private:
  void take_answer(const recorded_line& line) {
    auto symbol = depth_symbol(line.address);
    if (!symbol.empty() && symbol != traded_.name())
      return;
    auto snapshot = read_binance_depth(line.text, traded_);
    if (!snapshot) {
      ++faults_;
      return;
    }
    if (!sync_.in_step())
      snapshot_last_ = snapshot->last;
    sync_.step(*snapshot, events_);
    apply();
  }

  std::optional<recording_refusal> take_message(std::string_view text) {
    auto fault = decoder_.decode(text, messages_);
    if (fault == decode_fault::wrong_product)
      return recording_refusal{
        refusal::data,
        "expected messages of Binance USDⓈ-M futures, found one of spot or "
        "COIN-M: "
          + shortened(printable(text), 120)};
    // Other symbols are in the recording, too.
    if (fault && fault != decode_fault::unknown_symbol)
      ++faults_;
    for (const auto& x : messages_)
      if (auto depth = std::get_if<symbol_depth>(&x)) {
        sync_.step(depth->update, events_);
        apply();
      }
    return std::nullopt;
  }

  void apply() {
    for (const auto& x : events_) {
      switch (x.kind) {
        case market_event_kind::book_reset:
        case market_event_kind::interrupted:
          book_.clear();
          break;
        case market_event_kind::bid_level:
          book_.set(side::buy, x.px, x.qty);
          break;
        case market_event_kind::ask_level:
          book_.set(side::sell, x.px, x.qty);
          break;
        case market_event_kind::book_complete:
          crossed_ += book_.crossed() ? 1 : 0;
          break;
        default:
          break;
      }
    }
    events_.clear();
  }

  book_side_totals totals(side which) const {
    book_side_totals result;
    result.best = book_.best(which);
    for (const auto& level : book_.top(which, book_.depth(which))) {
      ++result.levels;
      result.total += level.qty;
    }
    return result;
  }

  instrument traded_;
  binance_decoder decoder_;
  message_list messages_;
  book_sync sync_;
  book_sync::events events_;
  book book_;
  uint64_t snapshot_last_ = 0;
  uint64_t crossed_ = 0;
  uint64_t faults_ = 0;
};

} // namespace

std::variant<book_replay, recording_refusal>
replay_book(const std::filesystem::path& path, const std::string& symbol) {
  auto named = [&](recording_refusal x) {
    x.text = path.string() + ": " + x.text;
    return x;
  };
  auto traded = choose_instrument(path, symbol);
  if (auto no = std::get_if<recording_refusal>(&traded))
    return *no;
  auto session = recorded_session::open(path);
  if (!session)
    return recording_refusal{refusal::not_found, session.error().text};
  replay into{std::get<instrument>(traded)};
  while (auto line = session->next())
    if (auto no = into.take(*line))
      return named(*no);
  auto result = into.result(session->skipped());
  if (result.sync.applied == 0)
    return named({refusal::data, "expected a snapshot and the updates after "
                                 "it, found no update that continues one"});
  return result;
}

} // namespace qalpha
