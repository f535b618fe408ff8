#include "models/features/source_reader.hpp"

#include "models/features/feature.hpp"
#include "models/features/feature_source.hpp"
#include "models/features/market_columns.hpp"

#include <algorithm>
#include <utility>

namespace qalpha {

namespace {

constexpr double e8 = 1e8;

/// A column by its name, which the compiler checks.
consteval size_t column(std::string_view name) {
  auto result = market_column_index(name);
  if (result == market_columns.size())
    throw "no such column";
  return result;
}

} // namespace

bool is_of_bar(size_t which) noexcept {
  return which <= column("volume") || which == time_column
         || which == column("tick");
}

static_assert(column("open") < column("volume")
              && column("high") < column("volume")
              && column("low") < column("volume")
              && column("close") < column("volume"));

std::vector<size_t> columns_beside_bars(const feature_plan& plan) {
  std::vector<size_t> result;
  for (auto source : plan.sources)
    if (!is_of_bar(source))
      result.push_back(source);
  return result;
}

source_reader::source_reader(std::vector<size_t> columns,
                             const instrument& rules)
  : tick_e8_(rules.rules().tick_e8), lot_e8_(rules.rules().lot_e8),
    columns_(std::move(columns)) {
  // nop
}

// -- bars ---------------------------------------------------------------------

void source_reader::read(const bar* from, size_t count,
                         double* const* to) const noexcept {
  for (auto which : columns_) {
    if (is_of_bar(which))
      read(which, from, count, *to);
    ++to;
  }
}

void source_reader::read(size_t which, const bar* from, size_t count,
                         double* to) const noexcept {
  auto each = [=](auto value) {
    for (size_t i = 0; i < count; ++i)
      to[i] = value(from[i]);
  };
  auto each_price = [&](price bar::*px) {
    each([px, tick = tick_e8_](const bar& x) {
      return static_cast<double>((x.*px).ticks * tick) / e8;
    });
  };
  switch (which) {
    case column("open"):
      return each_price(&bar::open);
    case column("high"):
      return each_price(&bar::high);
    case column("low"):
      return each_price(&bar::low);
    case column("close"):
      return each_price(&bar::close);
    case column("volume"):
      return each([lot = static_cast<__int128>(lot_e8_)](const bar& x) {
        return static_cast<double>(x.volume.lots * lot) / e8;
      });
    case column("tick"):
      return each([tick = static_cast<double>(tick_e8_) / e8](const bar&) {
        return tick;
      });
    default:
      return each([](const bar& x) {
        return static_cast<double>(x.close_time.ns / 1'000'000);
      });
  }
}

// -- what is known around a bar -----------------------------------------------

void source_reader::read(const bar_context& from,
                         double* const* to) const noexcept {
  for (auto which : columns_) {
    if (!is_of_bar(which))
      **to = value(which, from);
    ++to;
  }
}

double source_reader::price_of(int64_t ticks) const noexcept {
  return static_cast<double>(static_cast<__int128>(ticks) * tick_e8_) / e8;
}

double source_reader::size_of(quantity x) const noexcept {
  return static_cast<double>(static_cast<__int128>(x.lots) * lot_e8_) / e8;
}

// In units of 1e-16.
double source_reader::worth_of(int64_t tick_lots) const noexcept {
  auto steps = static_cast<__int128>(tick_lots) * tick_e8_ * lot_e8_;
  return static_cast<double>(steps / 100'000'000) / e8
         + static_cast<double>(steps % 100'000'000) / (e8 * e8);
}

double source_reader::depth_of(const bar_context& from) const noexcept {
  if (!from.flow || !from.top)
    return undefined;
  const auto& [flows, depth, changes] = *from.flow;
  // Without a change the book was what it is.
  auto lots = changes > 0 ? depth
                          : from.top->bid_depth.lots + from.top->ask_depth.lots;
  auto levels = 2 * flow_levels
                * static_cast<double>(std::max(changes, int64_t{1}));
  return size_of(quantity{lots}) / levels;
}

double source_reader::value(size_t which,
                            const bar_context& from) const noexcept {
  auto given = [](const auto& known, auto convert) {
    return known ? convert(*known) : undefined;
  };
  auto price = [this](auto px) { return price_of(px.ticks); };
  auto size = [this](quantity qty) { return size_of(qty); };
  auto cost = [&](int64_t cost_sums::*part) {
    return given(from.costs,
                 [&](const cost_sums& x) { return worth_of(x.*part); });
  };
  switch (which) {
    case column("quote_volume"):
      return given(from.trades, [this](const trade_sums& x) {
        return worth_of(x.tick_lots);
      });
    case column("trade_count"):
      return given(from.trades, [](const trade_sums& x) {
        return static_cast<double>(x.count);
      });
    case column("taker_buy_volume"):
      return given(from.trades,
                   [&](const trade_sums& x) { return size(x.taker_bought); });
    case column("mark"):
      return given(from.mark, price);
    case column("index"):
      return given(from.index, price);
    case column("reference"):
      return given(from.reference, [&](const fine_price& x) {
        return price(x)
               + static_cast<double>(x.part_e8) / e8
                   * (static_cast<double>(tick_e8_) / e8);
      });
    case column("funding_rate"):
      return given(from.funding_rate_e8,
                   [](int64_t x) { return static_cast<double>(x) / e8; });
    case column("open_interest"):
      return given(from.open_interest, size);
    case column("bid"):
      return given(from.top,
                   [&](const top_of_book& x) { return price(x.bid); });
    case column("ask"):
      return given(from.top,
                   [&](const top_of_book& x) { return price(x.ask); });
    case column("bid_size"):
      return given(from.top,
                   [&](const top_of_book& x) { return size(x.bid_size); });
    case column("ask_size"):
      return given(from.top,
                   [&](const top_of_book& x) { return size(x.ask_size); });
    case column("bid_depth"):
      return given(from.top,
                   [&](const top_of_book& x) { return size(x.bid_depth); });
    case column("ask_depth"):
      return given(from.top,
                   [&](const top_of_book& x) { return size(x.ask_depth); });
    case column("book_depth"):
      return depth_of(from);
    case column("effective_cost"):
      return cost(&cost_sums::effective);
    case column("realised_cost"):
      return cost(&cost_sums::realised);
    case column("impact_cost"):
      return cost(&cost_sums::impact);
    case column("settled_value"):
      return cost(&cost_sums::settled);
    default:
      break;
  }
  constexpr auto first_flow = column("order_flow");
  if (which < first_flow || which >= first_flow + flow_levels)
    return undefined;
  return given(from.flow, [&](const flow_sums& x) {
    return size(quantity{x.lots[which - first_flow]});
  });
}

static_assert(column("order_flow_10")
              == column("order_flow") + flow_levels - 1);

} // namespace qalpha
