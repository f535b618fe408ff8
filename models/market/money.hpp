// Money in fixed point.

#pragma once

#include <caf/meta/type_name.hpp>

#include <compare>
#include <cstdint>
#include <stdexcept>

namespace qalpha {

/// Amount of the quote currency (USDT) in units of 1e-8. The range of ±92
/// billion is checked: an overflow throws, since a wrong balance is worse than
/// a stopped actor.
struct money {
  int64_t e8 = 0;

  /// Number of units in one whole of the quote currency.
  static constexpr int64_t scale = 100'000'000;

  friend constexpr auto operator<=>(const money&, const money&) = default;

  friend constexpr money operator+(money a, money b) {
    money result;
    if (__builtin_add_overflow(a.e8, b.e8, &result.e8))
      throw std::overflow_error{"money: sum exceeds the range of 92e9"};
    return result;
  }

  friend constexpr money operator-(money a, money b) {
    money result;
    if (__builtin_sub_overflow(a.e8, b.e8, &result.e8))
      throw std::overflow_error{"money: difference exceeds the range of 92e9"};
    return result;
  }

  friend constexpr money operator-(money a) {
    return money{} - a;
  }

  constexpr money& operator+=(money b) {
    return *this = *this + b;
  }

  constexpr money& operator-=(money b) {
    return *this = *this - b;
  }

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, money& x) {
    return f(caf::meta::type_name("money"), x.e8);
  }
};

/// @returns `x` narrowed to 64 bits.
/// @throws std::overflow_error if it does not fit.
constexpr money money_from(__int128 e8) {
  auto narrow = static_cast<int64_t>(e8);
  if (narrow != e8)
    throw std::overflow_error{"money: product exceeds the range of 92e9"};
  return {narrow};
}

/// @returns the amount without its sign.
constexpr money magnitude(money x) {
  return x.e8 < 0 ? -x : x;
}

/// For statistics and display only; never on a path to an order or a balance.
constexpr double to_double(money x) noexcept {
  return static_cast<double>(x.e8) / static_cast<double>(money::scale);
}

/// A share of a notional in units of 1e-8 (0.055 % is 55'000). Negative rates
/// are rebates.
struct rate {
  int64_t e8 = 0;

  friend constexpr auto operator<=>(const rate&, const rate&) = default;

  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, rate& x) {
    return f(caf::meta::type_name("rate"), x.e8);
  }
};

/// Share of an amount, rounded away from the account: costs up, rebates down.
/// @returns the cost; negative if it is a gain.
constexpr money cost_of(money amount, rate share) {
  auto product = static_cast<__int128>(amount.e8) * share.e8;
  auto quotient = product / money::scale;
  if (product % money::scale > 0)
    ++quotient;
  return money_from(quotient);
}

} // namespace qalpha
