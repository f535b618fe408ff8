#include "models/features/source_reader.hpp"

#include "models/features/feature.hpp"
#include "models/features/feature_source.hpp"
#include "models/features/market_columns.hpp"

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
  return which <= column("volume") || which == time_column;
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

source_reader::source_reader(const feature_plan& plan, const instrument& rules)
  : tick_e8_(rules.rules().tick_e8), lot_e8_(rules.rules().lot_e8),
    columns_(plan.sources) {
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

double source_reader::value(size_t which,
                            const bar_context& from) const noexcept {
  auto given = [](const auto& known, auto convert) {
    return known ? convert(*known) : undefined;
  };
  auto price = [this](auto px) { return price_of(px.ticks); };
  auto size = [this](quantity qty) { return size_of(qty); };
  switch (which) {
    case column("quote_volume"):
      return given(from.trades, [this](const trade_sums& x) {
        // In units of 1e-16.
        auto steps = static_cast<__int128>(x.tick_lots) * tick_e8_ * lot_e8_;
        return static_cast<double>(steps / 100'000'000) / e8
               + static_cast<double>(steps % 100'000'000) / (e8 * e8);
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
    case column("order_flow"):
      return given(from.order_flow, size);
    default:
      return undefined;
  }
}

} // namespace qalpha
