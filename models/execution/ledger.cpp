#include "models/execution/ledger.hpp"

#include <algorithm>

namespace qalpha {

namespace {

/// @returns |x| with the sign of `like`.
quantity signed_like(quantity x, quantity like) noexcept {
  return like.lots < 0 ? -x : x;
}

/// @returns `amount` × part / whole, rounded toward zero.
money share_of(money amount, quantity part, quantity whole) {
  return money_from(static_cast<__int128>(amount.e8) * part.lots / whole.lots);
}

} // namespace

ledger::ledger(const universe& instruments, money start)
  : instruments_(&instruments), start_(start), positions_(instruments.size()),
    trips_(instruments.size()) {
  units_.reserve(instruments.size());
  for (const auto& rules : instruments)
    units_.push_back(rules.unit_e8());
}

bool ledger::apply(const fill& fact) {
  auto symbol = fact.id.symbol;
  auto& pos = positions_.at(symbol.index);
  fees_ += fact.fee;
  pos.fees += fact.fee;
  // Until the first mark the price of the first fill is the best value known.
  if (pos.mark.ticks == 0)
    pos.mark = fact.px;
  auto change = sign(fact.direction) > 0 ? fact.size : -fact.size;
  auto opposite = pos.size.lots != 0
                  && (pos.size.lots < 0) != (change.lots < 0);
  if (!opposite) {
    open(symbol, change, fact.px, fact.fee, fact.time);
    return false;
  }
  auto amount = std::min(magnitude(pos.size), fact.size);
  auto closing = signed_like(amount, change);
  auto fee = share_of(fact.fee, amount, fact.size);
  auto ended = close(symbol, closing, fact.px, fee, fact.time);
  // A fill larger than the position turns it around: the rest opens.
  if (amount < fact.size)
    open(symbol, change - closing, fact.px, fact.fee - fee, fact.time);
  return ended;
}

void ledger::open(symbol_id symbol, quantity change, price px, money fee,
                  utc_time time) {
  const auto& rules = (*instruments_)[symbol.index];
  auto& pos = positions_[symbol.index];
  auto& trip = trips_[symbol.index];
  auto paid = rules.value(px, change);
  if (pos.size.lots == 0)
    trip = {time, {}, {}};
  trip.profit -= fee;
  pos.size += change;
  pos.cost += paid;
  if (magnitude(pos.size) > magnitude(trip.peak))
    trip.peak = pos.size;
  unrealised_ += rules.value(pos.mark, change) - paid;
}

bool ledger::close(symbol_id symbol, quantity change, price px, money fee,
                   utc_time time) {
  const auto& rules = (*instruments_)[symbol.index];
  auto& pos = positions_[symbol.index];
  auto& trip = trips_[symbol.index];
  // What the closed lots cost; the rounding stays in the cost of the others.
  auto cost = share_of(pos.cost, -change, pos.size);
  auto gain = -rules.value(px, change) - cost;
  unrealised_ += rules.value(pos.mark, change) + cost;
  pos.cost -= cost;
  pos.size += change;
  pos.realised += gain;
  realised_ += gain;
  trip.profit += gain - fee;
  if (pos.size.lots != 0)
    return false;
  last_trade_ = {symbol, trip.opened, time, trip.peak, trip.profit};
  return true;
}

void ledger::apply(const funding_payment& fact) {
  auto& pos = positions_.at(fact.symbol.index);
  funding_ += fact.paid;
  pos.funding += fact.paid;
  // A payment that arrives after the close belongs to no round trip.
  if (pos.size.lots != 0)
    trips_[fact.symbol.index].profit -= fact.paid;
}

void ledger::restore(const std::vector<position>& positions) {
  positions_ = positions;
  positions_.resize(instruments_->size());
  realised_ = unrealised_ = fees_ = funding_ = {};
  for (size_t i = 0; i < positions_.size(); ++i) {
    const auto& rules = (*instruments_)[i];
    auto& pos = positions_[i];
    trips_[i] = {{}, pos.size, {}};
    // Without a mark the entry price is the best value known.
    if (pos.mark.ticks == 0 && pos.size.lots != 0) {
      auto entry = pos.cost.e8 / rules.unit_e8() / pos.size.lots;
      pos.mark = {std::max<int64_t>(entry, 1)};
    }
    realised_ += pos.realised;
    fees_ += pos.fees;
    funding_ += pos.funding;
    unrealised_ += rules.value(pos.mark, pos.size) - pos.cost;
  }
}

money ledger::gross() const {
  money result;
  for (size_t i = 0; i < positions_.size(); ++i) {
    const auto& pos = positions_[i];
    result += magnitude((*instruments_)[i].value(pos.mark, pos.size));
  }
  return result;
}

} // namespace qalpha
