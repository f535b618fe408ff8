#include "models/market/conflator.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace qalpha {

namespace {

using kind = market_event_kind;

/// Changes that are not worth merging.
constexpr size_t few_levels = 2'048;

bool sound(const market_event& x) noexcept {
  return x.px.ticks > 0 && x.qty.lots >= 0;
}

int64_t slot_of(const market_event& x, timespan length) noexcept {
  return x.time.ns / length.count();
}

bool room_for(const market_event& sum, const market_event& x) noexcept {
  using lots = std::numeric_limits<int64_t>;
  using count = std::numeric_limits<uint32_t>;
  return sum.qty.lots <= lots::max() - x.qty.lots
         && sum.merged < count::max() - x.merged;
}

void absorb(market_event& sum, const market_event& x) noexcept {
  sum.qty += x.qty;
  sum.merged += x.merged + 1;
  sum.rate_e8 |= x.rate_e8;
}

/// Keeps the last change of each price in [first, last).
/// @returns the end of what was kept
template <class Iterator>
Iterator merge_levels(Iterator first, Iterator last) {
  auto before = [](const market_event& x, const market_event& y) {
    return std::pair{x.kind, x.px} < std::pair{y.kind, y.px};
  };
  std::stable_sort(first, last, before);
  auto kept = first;
  for (auto pos = first; pos != last; ++pos) {
    auto next = std::next(pos);
    if (next == last || before(*pos, *next))
      *kept++ = *pos;
  }
  return kept;
}

} // namespace

conflator::conflator(symbol_id symbol, conflator_settings settings)
  : symbol_(symbol), settings_(settings), compact_at_(few_levels) {
  // nop
}

void conflator::add(const market_batch& batch) {
  received_ = std::max(received_, batch.received);
  for (auto& event : batch.events)
    add(event);
}

void conflator::add(const market_event& event) {
  ++statistics_.events_in;
  ++order_;
  switch (event.kind) {
    case kind::trade:
      add_trade(event);
      return;
    case kind::book_reset:
      add_reset(event);
      return;
    case kind::bid_level:
    case kind::ask_level:
      add_level(event);
      return;
    case kind::book_complete:
      add_complete(event);
      return;
    case kind::interrupted:
      add_interruption(event);
      return;
    case kind::mark_price:
    case kind::index_price:
    case kind::funding:
    case kind::reference_price:
    case kind::open_interest:
      break;
  }
  auto place = event.kind == kind::mark_price        ? 0u
               : event.kind == kind::index_price     ? 1u
               : event.kind == kind::funding         ? 2u
               : event.kind == kind::reference_price ? 3u
                                                     : 4u;
  statistics_.conflated += newest_[place].has_value();
  newest_[place] = {event, order_};
}

// -- trades -------------------------------------------------------------------

void conflator::add_trade(const market_event& event) {
  if (!trades_.empty()) {
    auto& last = trades_.back();
    auto& sum = last.event;
    if (sum.px == event.px && sum.aggressor == event.aggressor && sound(sum)
        && sound(event)
        && slot_of(sum, settings_.trade_slot)
             == slot_of(event, settings_.trade_slot)
        && room_for(sum, event)) {
      absorb(sum, event);
      sum.time = std::max(sum.time, event.time);
      last.order = order_;
      ++statistics_.conflated;
      return;
    }
  }
  trades_.push_back({event, order_});
  if (trades_.size() > settings_.max_trades)
    fold_trades();
}

// Of consecutive trades within one bar, the first, lowest, highest and last
// stay and take up the volume of those that follow them.
void conflator::fold_trades() {
  std::vector<arrival> kept;
  auto same_bar = [this](const arrival& x, const arrival& y) {
    return slot_of(x.event, settings_.bar_interval)
             == slot_of(y.event, settings_.bar_interval)
           && sound(x.event) && sound(y.event);
  };
  auto by_price = [](const arrival& x, const arrival& y) {
    return x.event.px < y.event.px;
  };
  for (auto first = trades_.begin(); first != trades_.end();) {
    auto last = std::next(first);
    while (last != trades_.end() && same_bar(*first, *last))
      ++last;
    auto [low, high] = std::minmax_element(first, last, by_price);
    for (auto pos = first; pos != last; ++pos) {
      auto stays = pos == first || pos == low || pos == high
                   || pos == std::prev(last);
      if (stays || !room_for(kept.back().event, pos->event)) {
        kept.push_back(*pos);
        continue;
      }
      absorb(kept.back().event, pos->event);
      kept.back().event.rate_e8 = 1;
      ++statistics_.conflated;
      ++statistics_.folded;
    }
    first = last;
  }
  if (kept.size() > settings_.max_trades / 2) {
    auto excess = kept.size() - settings_.max_trades / 2;
    statistics_.dropped += excess;
    kept.erase(kept.begin(), kept.begin() + static_cast<ptrdiff_t>(excess));
    kept.front().event.rate_e8 = 1;
  }
  trades_ = std::move(kept);
}

// -- book ---------------------------------------------------------------------

void conflator::add_level(const market_event& event) {
  if (lost_ || break_) {
    ++statistics_.dropped;
    return;
  }
  if (!sound(event)) {
    // The reader refuses it, and the book with it.
    break_book(event);
    return;
  }
  levels_.push_back(event);
  open_order_ = order_;
  if (levels_.size() >= compact_at_)
    compact();
}

void conflator::add_reset(const market_event& event) {
  forget_book();
  lost_ = false;
  reset_ = {event, order_};
  open_order_ = order_;
  reset_open_ = true;
}

void conflator::add_complete(const market_event& event) {
  if (lost_ || break_) {
    ++statistics_.dropped;
    return;
  }
  auto next = event;
  if (complete_) {
    auto& last = complete_->event;
    if (event.sequence != last.sequence + event.merged + 1
        || !room_for(last, event)) {
      break_book(event);
      return;
    }
    next.merged = last.merged + event.merged + 1;
    ++statistics_.conflated;
  }
  // The changes get its time when they leave: those of the first group would
  // look late behind trades that came before the last.
  complete_ = {next, order_};
  grouped_ = levels_.size();
  reset_open_ = false;
}

void conflator::add_interruption(const market_event& event) {
  forget_book();
  statistics_.conflated += interruption_.has_value();
  interruption_ = {event, order_};
}

// Lets the reader see the event that breaks the book, and nothing after it.
void conflator::break_book(const market_event& event) {
  statistics_.dropped += levels_.size() - grouped_;
  levels_.resize(grouped_);
  break_ = {event, order_};
}

// All that came before has no meaning any more.
void conflator::forget_book() noexcept {
  statistics_.conflated += levels_.size() + reset_.has_value()
                           + complete_.has_value() + break_.has_value();
  reset_.reset();
  complete_.reset();
  break_.reset();
  levels_.clear();
  grouped_ = 0;
  reset_open_ = false;
  compact_at_ = few_levels;
}

void conflator::compact() {
  auto before = levels_.size();
  auto middle = levels_.begin() + static_cast<ptrdiff_t>(grouped_);
  auto open = merge_levels(middle, levels_.end());
  auto grouped = merge_levels(levels_.begin(), middle);
  auto end = grouped == middle ? open : std::move(middle, open, grouped);
  grouped_ = static_cast<size_t>(grouped - levels_.begin());
  levels_.erase(end, levels_.end());
  statistics_.conflated += before - levels_.size();
  compact_at_ = std::max(few_levels, 2 * levels_.size());
  if (levels_.size() <= settings_.max_levels)
    return;
  ++statistics_.lost_books;
  statistics_.dropped += levels_.size() + reset_.has_value()
                         + complete_.has_value();
  statistics_.conflated += interruption_.has_value();
  auto now = levels_.back().time;
  levels_.clear();
  reset_.reset();
  complete_.reset();
  forget_book();
  lost_ = true;
  interruption_ = {{.time = now, .kind = kind::interrupted}, order_};
}

// -- out ----------------------------------------------------------------------

size_t conflator::waiting() const noexcept {
  auto result = trades_.size() + ready_levels() + interruption_.has_value()
                + reset_.has_value() + complete_.has_value()
                + break_.has_value();
  for (auto& event : newest_)
    result += event.has_value();
  return result;
}

// Half a group stays here, where the next one completes it; half a snapshot
// tells the reader that his book is void.
size_t conflator::ready_levels() const noexcept {
  return reset_open_ ? levels_.size() : grouped_;
}

market_batch conflator::take() {
  std::vector<arrival> parts = std::exchange(trades_, {});
  for (auto& event : newest_)
    if (auto taken = std::exchange(event, std::nullopt))
      parts.push_back(*taken);
  put_book(parts);
  std::stable_sort(
    parts.begin(), parts.end(),
    [](const arrival& x, const arrival& y) { return x.order < y.order; });
  market_batch result{symbol_, std::exchange(received_, {}), {}};
  result.events.reserve(parts.size());
  for (auto& part : parts)
    result.events.push_back(part.event);
  statistics_.events_out += result.events.size();
  return result;
}

void conflator::put_book(std::vector<arrival>& out) {
  // One group is as it came; of several each price counts once.
  if (complete_ && complete_->event.merged > 0)
    compact();
  if (auto taken = std::exchange(interruption_, std::nullopt))
    out.push_back(*taken);
  // In the order of the book, at the place of its last group. What breaks it
  // stays behind it: before a snapshot it would break nothing.
  auto order = complete_ ? complete_->order : open_order_;
  if (auto taken = std::exchange(reset_, std::nullopt))
    out.push_back({taken->event, order});
  auto ready = levels_.begin() + static_cast<ptrdiff_t>(ready_levels());
  for (auto pos = levels_.begin(); pos != ready; ++pos) {
    if (complete_)
      pos->time = complete_->event.time;
    out.push_back({*pos, order});
  }
  if (auto taken = std::exchange(complete_, std::nullopt))
    out.push_back(*taken);
  if (auto taken = std::exchange(break_, std::nullopt))
    out.push_back(*taken);
  levels_.erase(levels_.begin(), ready);
  grouped_ = 0;
  reset_open_ = false;
  compact_at_ = few_levels;
}

} // namespace qalpha
