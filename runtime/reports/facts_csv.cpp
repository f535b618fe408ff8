#include "runtime/reports/facts_csv.hpp"

#include "models/market/decimal.hpp"
#include "runtime/reports/csv_text.hpp"
#include "runtime/telemetry/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qalpha {

namespace {

constexpr std::string_view header
  = "time_ns,time,symbol,event,order_id,side,kind,price,quantity,limit,fee,"
    "maker,decision,reason\n";

/// Rows are handed to the file in pieces of about this size.
constexpr size_t buffer_size = 1 << 16;

/// One line of the file; fields that do not apply stay empty.
struct row {
  utc_time time;
  symbol_id symbol;
  std::string_view event;
  std::string order;
  std::string_view direction;
  std::string_view kind;
  std::string price;
  std::string quantity;
  std::string limit;
  std::string fee;
  std::string_view maker;
  std::string decision;
  std::string reason;
};

row row_of(utc_time time, symbol_id symbol, std::string_view event) {
  row result;
  result.time = time;
  result.symbol = symbol;
  result.event = event;
  return result;
}

std::string_view text_of(order_event x) noexcept {
  switch (x) {
    case order_event::accepted:
      return "accepted";
    case order_event::rejected:
      return "rejected";
    case order_event::partly_filled:
      return "partly_filled";
    case order_event::completed:
      return "completed";
    case order_event::cancelled:
      return "cancelled";
    case order_event::lost:
      return "lost";
    case order_event::absent:
      return "absent";
  }
  return "?";
}

/// Steps of one order at the same time, in the order in which they follow from
/// each other; funding is paid before matching.
enum class rank : uint8_t { funding, order, answer, fill, end };

constexpr rank rank_of(order_event x) noexcept {
  return x == order_event::accepted ? rank::answer : rank::end;
}

/// Points to one fact, so that sorting moves little.
struct place {
  utc_time time;
  rank step;
  size_t index;
};

std::vector<place> in_time_order(const backtest_facts& facts) {
  std::vector<place> all;
  all.reserve(facts.orders.size() + facts.reports.size() + facts.fills.size()
              + facts.funding.size());
  for (size_t i = 0; i < facts.funding.size(); ++i)
    all.push_back({facts.funding[i].time, rank::funding, i});
  for (size_t i = 0; i < facts.orders.size(); ++i)
    all.push_back({facts.orders[i].time, rank::order, i});
  for (size_t i = 0; i < facts.reports.size(); ++i)
    all.push_back({facts.reports[i].time, rank_of(facts.reports[i].event), i});
  for (size_t i = 0; i < facts.fills.size(); ++i)
    all.push_back({facts.fills[i].time, rank::fill, i});
  std::ranges::stable_sort(all, [](const place& a, const place& b) {
    return std::pair{a.time, a.step} < std::pair{b.time, b.step};
  });
  return all;
}

/// Turns facts into rows.
class row_maker {
public:
  row_maker(const universe& instruments, const backtest_facts& facts)
    : instruments_(&instruments), facts_(&facts) {
    for (auto& fact : facts.decisions)
      reasons_.emplace(fact.id, &fact.reason);
    for (auto& fact : facts.orders)
      orders_.emplace(fact.right.id, &fact);
  }

  row make(const place& where) const {
    switch (where.step) {
      case rank::funding:
        return make(facts_->funding[where.index]);
      case rank::order:
        return make(facts_->orders[where.index]);
      case rank::fill:
        return make(facts_->fills[where.index]);
      case rank::answer:
      case rank::end:
        break;
    }
    return make(facts_->reports[where.index]);
  }

  void append(const row& x, std::string& to) const {
    fmt::format_to(std::back_inserter(to),
                   "{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", x.time.ns,
                   format_iso(x.time), csv_text(rules(x.symbol).name()),
                   x.event, x.order, x.direction, x.kind, x.price, x.quantity,
                   x.limit, x.fee, x.maker, x.decision, csv_text(x.reason));
  }

private:
  const instrument& rules(symbol_id symbol) const {
    return instruments_->at(symbol.index);
  }

  /// @returns what is known of an order from its intent.
  row about(const order_id& id, utc_time time, std::string_view event) const {
    auto result = row_of(time, id.symbol, event);
    result.order = to_string(id);
    auto found = orders_.find(id);
    if (found == orders_.end())
      return result;
    auto& intent = *found->second;
    result.direction = to_string(intent.right.direction);
    result.kind = to_string(intent.kind);
    if (intent.limit.ticks > 0)
      result.limit = rules(id.symbol).text(intent.limit);
    result.decision = std::to_string(intent.right.decision.sequence);
    return result;
  }

  row make(const order_intent& fact) const {
    auto result = about(fact.right.id, fact.time, "order");
    result.quantity = rules(result.symbol).text(fact.right.size);
    auto found = reasons_.find(fact.right.decision);
    if (found != reasons_.end())
      result.reason = *found->second;
    return result;
  }

  row make(const order_report& fact) const {
    auto result = about(fact.id, fact.time, text_of(fact.event));
    result.reason = fact.reason;
    return result;
  }

  row make(const fill& fact) const {
    auto result = about(fact.id, fact.time, "fill");
    result.direction = to_string(fact.direction);
    result.price = rules(result.symbol).text(fact.px);
    result.quantity = rules(result.symbol).text(fact.size);
    result.fee = format_decimal_e8(fact.fee.e8);
    result.maker = fact.maker ? "true" : "false";
    return result;
  }

  row make(const funding_payment& fact) const {
    auto result = row_of(fact.time, fact.symbol, "funding");
    result.fee = format_decimal_e8(fact.paid.e8);
    result.reason = "rate " + format_decimal_e8(fact.funding_rate.e8);
    return result;
  }

  const universe* instruments_;
  const backtest_facts* facts_;
  std::map<decision_id, const std::string*> reasons_;
  std::map<order_id, const order_intent*> orders_;
};

fault broken(const std::filesystem::path& file, std::string_view what) {
  // Streams do not say why; the system's last error does.
  auto why = errno == 0 ? std::string{"unknown reason"}
                        : std::string{std::strerror(errno)};
  return {fmt::format("{}: {}: {}", file.string(), what, why)};
}

} // namespace

fallible<uint64_t> write_facts_csv(const std::filesystem::path& file,
                                   const universe& instruments,
                                   const backtest_facts& facts) {
  errno = 0;
  std::ofstream out{file, std::ios::binary | std::ios::trunc};
  if (!out)
    return broken(file, "cannot be opened for writing");
  row_maker rows{instruments, facts};
  std::string text{header};
  uint64_t count = 0;
  for (auto& where : in_time_order(facts)) {
    rows.append(rows.make(where), text);
    ++count;
    if (text.size() < buffer_size)
      continue;
    out << text;
    text.clear();
    if (!out)
      return broken(file, "cannot be written, what is there is incomplete");
  }
  out << text;
  // A full disk may show only when the last bytes leave the process.
  out.close();
  if (!out)
    return broken(file, "cannot be written, what is there is incomplete");
  return count;
}

} // namespace qalpha
