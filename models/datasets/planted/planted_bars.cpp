#include "models/datasets/planted/planted_bars.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace qalpha {

namespace {

constexpr uint64_t bar_stream = 77;

} // namespace

planted_bars::planted_bars(const planted_shape& shape)
  : shape_(shape), random_(shape.seed, bar_stream) {
  rows_.name = shape.name;
}

std::vector<double>& planted_bars::column(const char* name) {
  return rows_.columns[market_column_index(name)];
}

void planted_bars::add(double log_return, double volatility, double pressure) {
  auto open = price_;
  price_ *= std::exp(log_return);
  auto wick = [&] { return 0.3 * volatility * std::abs(random_.normal()); };
  auto top = std::max(open, price_) * std::exp(wick());
  auto bottom = std::min(open, price_) * std::exp(-wick());
  auto volume = 1'000 * std::exp(0.3 * random_.normal());
  auto share = 1 / (1 + std::exp(-0.5 * pressure));
  auto row = static_cast<double>(rows_.rows());
  column("time").push_back(static_cast<double>(shape_.begin_ms)
                           + row
                               * static_cast<double>(shape_.interval.count()));
  column("open").push_back(open);
  column("high").push_back(top);
  column("low").push_back(bottom);
  column("close").push_back(price_);
  column("volume").push_back(volume);
  column("quote_volume").push_back(volume * (open + price_) / 2);
  column("trade_count").push_back(std::round(volume / 2));
  column("taker_buy_volume").push_back(volume * share);
}

market_rows planted_bars::take() {
  return std::move(rows_);
}

} // namespace qalpha
