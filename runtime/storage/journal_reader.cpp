#include "runtime/storage/journal_reader.hpp"

#include "runtime/storage/recollection.hpp"
#include "runtime/storage/sqlite_facts.hpp"

#include <algorithm>
#include <exception>
#include <map>
#include <utility>

namespace qalpha {

namespace {

/// Reads all rows of a statement whose parameters are bound.
template <class Fact>
std::vector<Fact> all(sqlite_statement& rows) {
  std::vector<Fact> result;
  while (rows.step())
    result.push_back(fact_row<Fact>::read(rows));
  return result;
}

template <class Fact>
std::vector<Fact> all(sqlite_database& db, const char* rest) {
  sqlite_statement rows{db, "read the facts", select_facts<Fact>(rest)};
  return all<Fact>(rows);
}

/// Follows many orders at once.
class order_stories {
public:
  /// @param details whether reports and fills are kept
  explicit order_stories(bool details) : details_(details) {
    // nop
  }

  void add(const order_intent& fact) {
    places_.emplace(fact.right.id, stories_.size());
    stories_.push_back({fact, order_status::intent, {}, {}, {}});
  }

  void add(const order_report& fact) {
    if (auto story = advance(fact); story && details_)
      story->reports.push_back(fact);
  }

  void add(const fill& fact) {
    if (auto story = advance(fact); story && details_)
      story->fills.push_back(fact);
  }

  bool empty() const noexcept {
    return stories_.empty();
  }

  std::vector<order_story> take() {
    return std::move(stories_);
  }

private:
  template <class Fact>
  order_story* advance(const Fact& fact) {
    auto place = places_.find(fact.id);
    if (place == places_.end())
      return nullptr;
    auto& story = stories_[place->second];
    auto order = open_order{story.intent, story.status, story.filled};
    apply(order, fact);
    story.status = order.status;
    story.filled = order.filled;
    return &story;
  }

  bool details_;
  std::vector<order_story> stories_;
  std::map<order_id, size_t> places_;
};

/// Feeds reports and fills to `stories` in the order of the journal.
void follow(sqlite_statement& reports, sqlite_statement& fills,
            order_stories& stories) {
  auto more_reports = reports.step();
  auto more_fills = fills.step();
  while (more_reports || more_fills) {
    if (more_reports
        && (!more_fills || reports.integer(0) < fills.integer(0))) {
      stories.add(fact_row<order_report>::read(reports));
      more_reports = reports.step();
    } else {
      stories.add(fact_row<fill>::read(fills));
      more_fills = fills.step();
    }
  }
}

/// Adds the orders of a symbol that were sent for decisions `first` to `last`.
order_stories orders_between(sqlite_database& db, symbol_id symbol,
                             uint64_t first, uint64_t last) {
  order_stories result{true};
  sqlite_statement intents{
    db, "read the orders",
    select_facts<order_intent>("WHERE symbol = ? AND decision BETWEEN ? AND ? "
                               "ORDER BY seq")};
  intents.bind(symbol.index, first, last);
  auto begin = int64_t{0};
  for (; intents.step(); result.add(fact_row<order_intent>::read(intents)))
    begin = begin == 0 ? intents.integer(0) : begin;
  if (result.empty())
    return result;
  auto rest = "WHERE symbol = ? AND seq > ? ORDER BY seq";
  sqlite_statement reports{db, "read the reports",
                           select_facts<order_report>(rest)};
  sqlite_statement fills{db, "read the fills", select_facts<fill>(rest)};
  reports.bind(symbol.index, begin);
  fills.bind(symbol.index, begin);
  follow(reports, fills, result);
  return result;
}

/// Several statements that see the same state.
class read_transaction {
public:
  explicit read_transaction(sqlite_database& db) : db_(&db) {
    db.execute("begin to read", "BEGIN");
  }

  ~read_transaction() {
    try {
      db_->execute("end reading", "ROLLBACK");
    } catch (const sqlite_error&) {
      // The connection lost the transaction by itself.
    }
  }

  read_transaction(const read_transaction&) = delete;
  read_transaction& operator=(const read_transaction&) = delete;

private:
  sqlite_database* db_;
};

/// Hands orders, which come sorted by time, to their decisions.
void distribute(std::vector<order_story> orders,
                std::vector<decision_story>& decisions) {
  for (auto& order : orders) {
    auto id = order.intent.right.decision;
    auto owner
      = std::lower_bound(decisions.begin(), decisions.end(), id,
                         [](const decision_story& x, const decision_id& y) {
                           return x.what.id < y;
                         });
    if (owner != decisions.end() && owner->what.id == id)
      owner->orders.push_back(std::move(order));
  }
}

} // namespace

fallible<journal_reader>
journal_reader::open(const std::filesystem::path& file) {
  auto refuse = [&](const std::string& what) {
    return fault{"journal " + file.string() + ": " + what};
  };
  try {
    if (!std::filesystem::exists(file))
      return refuse("there is none; has a node been started here?");
    auto db = std::make_unique<sqlite_database>(file,
                                                sqlite_database::access::read);
    if (auto text = identify_journal(*db))
      return refuse(*text);
    auto identity = read_identity(*db);
    auto instruments = read_instruments(*db);
    return journal_reader{std::move(db), std::move(identity),
                          std::move(instruments)};
  } catch (const std::exception& error) {
    return fault{std::string{"journal "} + error.what()};
  }
}

journal_reader::journal_reader(std::unique_ptr<sqlite_database> db,
                               journal_identity identity, universe instruments)
  : db_(std::move(db)), identity_(std::move(identity)),
    instruments_(std::make_unique<const universe>(std::move(instruments))) {
  // nop
}

std::vector<decision_story>
journal_reader::decisions(symbol_id symbol, time_window window, size_t limit) {
  read_transaction transaction{*db_};
  sqlite_statement newest{
    *db_, "read the decisions",
    select_facts<decision>("WHERE symbol = ? AND time BETWEEN ? AND ? "
                           "ORDER BY sequence DESC LIMIT ?")};
  newest.bind(symbol.index, window.from.ns, window.to.ns, limit);
  std::vector<decision_story> result;
  for (auto& each : all<decision>(newest))
    result.push_back({std::move(each), std::nullopt, {}});
  if (result.empty())
    return result;
  std::reverse(result.begin(), result.end());
  sqlite_statement outcome{
    *db_, "read the outcomes",
    select_facts<decision_outcome>("WHERE symbol = ? AND sequence = ?")};
  for (auto& story : result) {
    outcome.bind(symbol.index, story.what.id.sequence);
    if (outcome.step())
      story.outcome = fact_row<decision_outcome>::read(outcome);
  }
  auto orders = orders_between(*db_, symbol, result.front().what.id.sequence,
                               result.back().what.id.sequence);
  distribute(orders.take(), result);
  return result;
}

std::vector<order_story> journal_reader::orders() {
  read_transaction transaction{*db_};
  order_stories stories{false};
  for (auto& each : all<order_intent>(*db_, "ORDER BY seq"))
    stories.add(each);
  sqlite_statement reports{*db_, "read the reports",
                           select_facts<order_report>("ORDER BY seq")};
  sqlite_statement fills{*db_, "read the fills",
                         select_facts<fill>("ORDER BY seq")};
  follow(reports, fills, stories);
  return stories.take();
}

std::vector<order_story> journal_reader::open_orders() {
  auto result = orders();
  std::erase_if(result, [](auto& order) { return !is_open(order.status); });
  return result;
}

std::vector<fill> journal_reader::fills() {
  return all<fill>(*db_, "ORDER BY seq");
}

std::vector<funding_payment> journal_reader::payments() {
  return all<funding_payment>(*db_, "ORDER BY seq");
}

std::vector<state_changed> journal_reader::states() {
  return all<state_changed>(*db_, "ORDER BY seq");
}

std::vector<account_state> journal_reader::account_history() {
  return all<account_state>(*db_, "ORDER BY time");
}

std::vector<config_change> journal_reader::config_changes() {
  sqlite_statement rows{*db_, "read the configurations",
                        "SELECT time, epoch, config FROM config_changes "
                        "ORDER BY seq"};
  std::vector<config_change> result;
  while (rows.step())
    result.push_back({{rows.integer(0)}, rows.as<uint32_t>(1), rows.text(2)});
  return result;
}

journal_counts journal_reader::counts() {
  read_transaction transaction{*db_};
  auto rows_of = [&](const char* table) {
    return static_cast<uint64_t>(
      db_->integer("count", std::string{"SELECT count(*) FROM "} + table));
  };
  journal_counts result;
  result.decisions = rows_of("decisions");
  result.orders = rows_of("intents");
  result.reports = rows_of("order_events");
  result.fills = rows_of("fills");
  result.payments = rows_of("funding");
  sqlite_statement outcomes{*db_, "count",
                            "SELECT result, count(*) FROM outcomes "
                            "GROUP BY result"};
  while (outcomes.step())
    result.add(outcomes.as<decision_result>(0), outcomes.as<uint64_t>(1));
  sqlite_statement states{*db_, "count",
                          "SELECT state, count(*) FROM states GROUP BY state"};
  while (states.step())
    result.add(states.as<trading_state>(0), states.as<uint64_t>(1));
  return result;
}

} // namespace qalpha
