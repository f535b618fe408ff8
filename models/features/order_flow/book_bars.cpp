#include "models/features/order_flow/book_bars.hpp"

#include "models/features/row_feature.hpp"

namespace qalpha {

namespace {

double share_of(double part, double rest) noexcept {
  auto all = part + rest;
  return all > 0 ? part / all : 0.5;
}

// -- imbalance

struct imbalance_kernel {
  static constexpr size_t inputs = 2;
  static constexpr size_t outputs = 2;

  row_values<2> step(const row_values<2>& x) const noexcept {
    auto [bids, asks] = x;
    auto all = bids + asks;
    return {share_of(bids, asks), all > 0 ? (bids - asks) / all : 0.0};
  }
};

fallible<made_feature> make_imbalance(std::span<const double>) {
  return made_feature{make_row_feature(imbalance_kernel{}), 0, 1};
}

constexpr std::string_view size_inputs[] = {"bid_size", "ask_size"};

constexpr feature_output imbalance_outputs[] = {
  {"share", "bid size / (bid size + ask size), 0 to 1; 0.5 if both are 0"},
  {"signed", "(bid size - ask size) / (bid size + ask size), -1 to 1; 0 if "
             "both are 0"},
};

// -- weighted_mid

struct weighted_mid_kernel {
  static constexpr size_t inputs = 4;
  static constexpr size_t outputs = 2;

  row_values<2> step(const row_values<4>& x) const noexcept {
    auto [bid, ask, bids, asks] = x;
    if (bid >= ask)
      return {undefined, undefined};
    auto spread = ask - bid;
    auto share = share_of(bids, asks);
    return {bid + share * spread,
            (share - 0.5) * spread / (bid + 0.5 * spread)};
  }
};

fallible<made_feature> make_weighted_mid(std::span<const double>) {
  return made_feature{make_row_feature(weighted_mid_kernel{}), 0, 1};
}

constexpr std::string_view quote_inputs[] = {"bid", "ask", "bid_size",
                                             "ask_size"};

constexpr feature_output weighted_mid_outputs[] = {
  {"price", "middle weighted by the size of the other side, price; the middle "
            "if both sizes are 0; none while bid >= ask"},
  {"offset", "how far it lies above the middle, a fraction of that; within "
             "half of the relative spread; none while bid >= ask"},
};

// -- relative_spread

struct relative_spread_kernel {
  static constexpr size_t inputs = 2;
  static constexpr size_t outputs = 1;

  row_values<1> step(const row_values<2>& x) const noexcept {
    auto [bid, ask] = x;
    return {bid < ask ? (ask - bid) / (bid + 0.5 * (ask - bid)) : undefined};
  }
};

fallible<made_feature> make_relative_spread(std::span<const double>) {
  return made_feature{make_row_feature(relative_spread_kernel{}), 0, 1};
}

constexpr std::string_view price_inputs[] = {"bid", "ask"};

constexpr feature_output relative_spread_output[] = {
  {"spread", "(ask - bid) / middle, a fraction, positive; none while "
             "bid >= ask"},
};

constexpr feature_entry entries[] = {
  {"imbalance",
   "queue imbalance at the best prices",
   "Stoikov (2018)",
   size_inputs,
   {},
   imbalance_outputs,
   make_imbalance},
  {"relative_spread",
   "quoted spread as a fraction of the middle",
   "Cont, Kukanov and Stoikov (2014)",
   price_inputs,
   {},
   relative_spread_output,
   make_relative_spread},
  {"weighted_mid",
   "middle of the best prices, weighted by the queues",
   "Stoikov (2018), weighted mid-price",
   quote_inputs,
   {},
   weighted_mid_outputs,
   make_weighted_mid},
};

} // namespace

std::span<const feature_entry> book_features() {
  return entries;
}

} // namespace qalpha
