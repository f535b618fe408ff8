#include "models/evaluation/run_trace.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <numeric>
#include <string_view>
#include <type_traits>

namespace qalpha {

namespace {

constexpr uint64_t offset_basis = 0xcbf29ce484222325;
constexpr uint64_t prime = 0x100000001b3;

/// Tells the facts of one stream from each other.
enum class tag : uint8_t {
  decision = 1,
  outcome,
  intent,
  report,
  fill,
  funding,
  state,
};

/// Continues a hash with fields.
class hasher {
public:
  explicit hasher(uint64_t& state) : state_(&state) {
    // nop
  }

  template <class... Fields>
  void operator()(const Fields&... fields) {
    (put(fields), ...);
  }

private:
  void byte(uint64_t value) {
    *state_ = (*state_ ^ (value & 0xFF)) * prime;
  }

  template <std::integral T>
  void put(T x) {
    // Sign extension keeps equal values equal whatever their width in memory.
    auto bits = static_cast<uint64_t>(x);
    for (size_t i = 0; i < sizeof(T); ++i)
      byte(bits >> (8 * i));
  }

  template <class T>
  requires std::is_enum_v<T>
  void put(T x) {
    put(static_cast<std::underlying_type_t<T>>(x));
  }

  // The length in front keeps neighbouring texts apart.
  void put(std::string_view text) {
    put(static_cast<uint64_t>(text.size()));
    for (auto c : text)
      byte(static_cast<unsigned char>(c));
  }

  void put(utc_time x) {
    put(x.ns);
  }

  void put(price x) {
    put(x.ticks);
  }

  void put(quantity x) {
    put(x.lots);
  }

  void put(money x) {
    put(x.e8);
  }

  void put(const order_id& x) {
    put(x.sequence);
  }

  void put(const decision_id& x) {
    put(x.sequence);
  }

  uint64_t* state_;
};

std::string to_hex(uint64_t value) {
  constexpr std::string_view hex_digits = "0123456789abcdef";
  std::string result(16, '0');
  for (auto i = result.rbegin(); i != result.rend(); ++i, value >>= 4)
    *i = hex_digits[value & 0xF];
  return result;
}

} // namespace

run_trace::run_trace(const universe& instruments)
  : symbols_(instruments.size(),
             streams{offset_basis, offset_basis, offset_basis, offset_basis}),
    halts_(offset_basis) {
  names_.reserve(instruments.size());
  for (const auto& rules : instruments)
    names_.push_back(rules.name());
}

void run_trace::add(const decision& fact) {
  hasher f{symbols_.at(fact.id.symbol.index).decisions};
  f(tag::decision, fact.id, fact.time, fact.wanted.bps, fact.target,
    fact.reference, fact.equity, fact.reason);
  ++size_;
}

void run_trace::add(const decision_outcome& fact) {
  hasher f{symbols_.at(fact.decision.symbol.index).outcomes};
  f(tag::outcome, fact.decision, fact.time, fact.result, fact.gate, fact.value,
    fact.limit, fact.order);
  ++size_;
}

void run_trace::add(const order_intent& fact) {
  const auto& right = fact.right;
  hasher f{symbols_.at(right.id.symbol.index).orders};
  f(tag::intent, right.id, right.decision, right.direction, right.size,
    right.low, right.high, right.reduce_only, right.expires, fact.kind,
    fact.limit, fact.time);
  ++size_;
}

void run_trace::add(const order_report& fact) {
  hasher f{symbols_.at(fact.id.symbol.index).answers};
  f(tag::report, fact.id, fact.event, fact.time, fact.reason);
  ++size_;
}

void run_trace::add(const fill& fact) {
  hasher f{symbols_.at(fact.id.symbol.index).answers};
  f(tag::fill, fact.id, fact.direction, fact.px, fact.size, fact.fee,
    fact.maker, fact.time);
  ++size_;
}

void run_trace::add(const funding_payment& fact) {
  hasher f{symbols_.at(fact.symbol.index).answers};
  f(tag::funding, fact.time, fact.paid, fact.funding_rate.e8);
  ++size_;
}

void run_trace::add(const state_changed& fact) {
  if (fact.state != trading_state::reducing
      && fact.state != trading_state::halted)
    return;
  hasher f{halts_};
  f(tag::state, fact.state, fact.flatten, fact.time, fact.source, fact.reason);
  ++size_;
}

std::string run_trace::hash() const {
  std::vector<size_t> order(names_.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [this](size_t a, size_t b) { return names_[a] < names_[b]; });
  auto result = offset_basis;
  hasher f{result};
  for (auto i : order)
    f(names_[i], symbols_[i].decisions, symbols_[i].outcomes,
      symbols_[i].orders, symbols_[i].answers);
  f(halts_);
  return to_hex(result);
}

} // namespace qalpha
