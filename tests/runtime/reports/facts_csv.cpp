#define CAF_SUITE reports_facts_csv

#include "runtime/reports/facts_csv.hpp"

#include "models/market/decimal.hpp"
#include "tests/runtime/reports/small_runs.hpp"

#include <caf/test/unit_test.hpp>

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <map>
#include <utility>

using namespace qalpha;
using namespace qalpha::test;

namespace fs = std::filesystem;

namespace {

using fields = std::vector<std::string>;

/// A folder that goes away with the test.
class scratch {
public:
  scratch() {
    std::string pattern = fs::temp_directory_path() / "qalpha-csv-XXXXXX";
    path_ = mkdtemp(pattern.data());
  }

  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;

  ~scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  fs::path file() const {
    return path_ / "facts.csv";
  }

private:
  fs::path path_;
};

/// Reads RFC 4180, so that a wrong quote shows.
std::vector<fields> read_csv(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  std::vector<fields> rows;
  fields row(1);
  auto inside = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (inside && text[i] == '"' && i + 1 < text.size() && text[i + 1] == '"')
      row.back() += text[i++];
    else if (text[i] == '"')
      inside = !inside;
    else if (!inside && text[i] == ',')
      row.emplace_back();
    else if (!inside && text[i] == '\n')
      rows.push_back(std::exchange(row, fields(1)));
    else
      row.back() += text[i];
  }
  return rows;
}

struct written {
  uint64_t count = 0;
  std::vector<fields> rows;
};

/// Rows without the header, whose width they must have.
written write(const universe& instruments, const backtest_facts& facts) {
  scratch folder;
  auto count = write_facts_csv(folder.file(), instruments, facts);
  CAF_REQUIRE(count);
  written result{*count, read_csv(folder.file())};
  CAF_REQUIRE(!result.rows.empty());
  CAF_CHECK_EQUAL(result.rows.front().front(), "time_ns");
  for (auto& row : result.rows)
    CAF_REQUIRE_EQUAL(row.size(), 14u);
  result.rows.erase(result.rows.begin());
  return result;
}

small_run run_two_symbols() {
  auto input = make_input(saw(600, 500'000, 1'000));
  add_symbol(input, "ETHUSDT", saw(500, 30'000, 70));
  return run(std::move(input));
}

} // namespace

CAF_TEST(each_fact_is_a_row) {
  auto [input, result, unused] = run_two_symbols();
  auto& facts = result.facts;
  auto [count, rows] = write(input.instruments, facts);
  std::map<std::string, size_t> events;
  for (auto& row : rows)
    ++events[row[3]];
  CAF_CHECK_EQUAL(count, rows.size());
  CAF_CHECK_EQUAL(rows.size(), facts.orders.size() + facts.reports.size()
                                 + facts.fills.size() + facts.funding.size());
  CAF_CHECK(!facts.fills.empty());
  CAF_CHECK(!facts.funding.empty());
  CAF_CHECK_EQUAL(events["order"], facts.orders.size());
  CAF_CHECK_EQUAL(events["fill"], facts.fills.size());
  CAF_CHECK_EQUAL(events["funding"], facts.funding.size());
  CAF_CHECK_EQUAL(events["accepted"], facts.reports.size());
}

CAF_TEST(rows_are_in_time_order_and_an_order_precedes_its_fill) {
  auto input = make_input(saw(600, 500'000, 1'000));
  CAF_MESSAGE("without latency, order and answer have the same time");
  input.venue.order_latency = timespan{0};
  auto [in, result, unused] = run(std::move(input));
  auto rows = write(in.instruments, result.facts).rows;
  std::map<std::string, std::string> last;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i > 0)
      CAF_CHECK(std::stoll(rows[i - 1][0]) <= std::stoll(rows[i][0]));
    auto& event = last[rows[i][4]];
    if (rows[i][3] == "fill")
      CAF_CHECK(event == "accepted" || event == "fill");
    else if (rows[i][3] == "accepted")
      CAF_CHECK_EQUAL(event, "order");
    event = rows[i][3];
  }
}

CAF_TEST(columns_add_up_to_the_books) {
  auto [input, result, report] = run_two_symbols();
  money fees;
  money funding;
  for (auto& row : write(input.instruments, result.facts).rows) {
    if (row[3] == "fill")
      fees += money{*parse_decimal_e8(row[10])};
    if (row[3] == "funding")
      funding += money{*parse_decimal_e8(row[10])};
  }
  CAF_CHECK_EQUAL(fees.e8, report.fees.e8);
  CAF_CHECK_EQUAL(funding.e8, report.funding.e8);
}

CAF_TEST(a_fill_has_the_fields_of_its_order) {
  auto symbol = make_symbol(0, "BTCUSDT");
  backtest_facts facts;
  order_id id{1, symbol.id(), 2, 3};
  facts.decisions.push_back(
    {{symbol.id(), 7}, {100}, {10'000}, {5}, {500'000}, {}, "fast, \"slow\""});
  facts.orders.push_back({.right = {.id = id,
                                    .decision = {symbol.id(), 7},
                                    .direction = side::sell,
                                    .size = {5}},
                          .kind = order_kind::post_only,
                          .limit = {500'001},
                          .time = {100}});
  facts.reports.push_back({id, order_event::cancelled, {200}, "too\nlate"});
  facts.fills.push_back(
    {id, 1, side::sell, {500'002}, {5}, {-12'000'000}, true, {200}});
  auto rows = write({symbol}, facts).rows;
  CAF_REQUIRE_EQUAL(rows.size(), 3u);
  auto name = to_string(id);
  CAF_CHECK_EQUAL(rows[0],
                  (fields{"100", "1970-01-01T00:00:00.000000100Z", "BTCUSDT",
                          "order", name, "sell", "post_only", "", "0.005",
                          "50000.1", "", "", "7", "fast, \"slow\""}));
  CAF_CHECK_EQUAL(rows[1],
                  (fields{"200", "1970-01-01T00:00:00.000000200Z", "BTCUSDT",
                          "fill", name, "sell", "post_only", "50000.2", "0.005",
                          "50000.1", "-0.12", "true", "7", ""}));
  CAF_CHECK_EQUAL(rows[2][3], "cancelled");
  CAF_CHECK_EQUAL(rows[2][13], "too\nlate");
}

CAF_TEST(a_run_without_facts_has_a_header_only) {
  auto [count, rows] = write({}, {});
  CAF_CHECK_EQUAL(count, 0u);
  CAF_CHECK(rows.empty());
}

CAF_TEST(a_file_that_cannot_be_opened_is_named) {
  scratch folder;
  auto file = folder.file() / "below" / "facts.csv";
  auto failed = write_facts_csv(file, {}, {});
  CAF_REQUIRE(!failed);
  CAF_CHECK_EQUAL(failed.error().text,
                  file.string()
                    + ": cannot be opened for writing: No such file or "
                      "directory");
}

CAF_TEST(a_full_disk_is_reported) {
  fs::path full{"/dev/full"};
  if (!fs::exists(full)) {
    CAF_MESSAGE("skipped: no " << full);
    return;
  }
  auto [input, result, unused] = run_two_symbols();
  for (auto& facts : {backtest_facts{}, result.facts}) {
    auto failed = write_facts_csv(full, input.instruments, facts);
    CAF_REQUIRE(!failed);
    CAF_CHECK_EQUAL(failed.error().text,
                    "/dev/full: cannot be written, what is there is "
                    "incomplete: No space left on device");
  }
}
