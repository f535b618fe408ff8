#define CAF_SUITE data_funding_history

#include "runtime/data/funding_history.hpp"

#include "tests/models/random.hpp"
#include "tests/runtime/data/history_world.hpp"

#include <caf/test/dsl.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

struct fixture {
  scratch place;
  std::string path = (place / "f.csv").string();

  fallible<std::vector<funding_row>> read(const std::string& text) {
    write_file(path, text);
    return read_funding(path);
  }
};

constexpr const char* header
  = "calc_time,funding_interval_hours,last_funding_rate\n";

} // namespace

CAF_TEST_FIXTURE_SCOPE(funding_history_tests, fixture)

CAF_TEST(rates_are_exact_and_times_lose_their_jitter) {
  auto rows = read(std::string{header}
                   + "1704067200015,8,8.4E-7\n1704095999990,8,-0.00010000\n"
                     "1704098400000,4,0\n");
  CAF_REQUIRE(rows);
  CAF_REQUIRE_EQUAL(rows->size(), 3u);
  CAF_CHECK((*rows)[0] == (funding_row{new_year, 84}));
  CAF_CHECK((*rows)[1] == (funding_row{hours_later(8), -10'000}));
  CAF_MESSAGE("a time that is not near an hour stays");
  CAF_CHECK_EQUAL((*rows)[2].time.ns, 1'704'098'400'000 * 1'000'000);
  CAF_MESSAGE("old files have no header");
  CAF_CHECK_EQUAL(read("1704067200000,8,0.0001\n")->size(), 1u);
}

CAF_TEST(what_is_written_is_read_back) {
  std::vector<funding_row> rows{
    {hours_later(8), 5}, {new_year, -1}, {hours_later(8), 7}};
  settle_funding(rows);
  CAF_REQUIRE_EQUAL(rows.size(), 2u);
  CAF_MESSAGE("of two the later one stays");
  CAF_CHECK_EQUAL(rows.back().rate_e8, 7);
  auto out = (place / "f.csv.gz").string();
  CAF_REQUIRE(write_funding(out, "X", rows));
  auto again = read_funding(out);
  CAF_REQUIRE(again);
  CAF_CHECK(*again == rows);
  std::vector<funding_row> none;
  settle_funding(none);
  CAF_CHECK(none.empty());
}

CAF_TEST(what_is_no_rate_is_refused) {
  for (auto row : {"1704067200000,8", "1704067200000,8,", "1704067200000,8,nan",
                   "1704067200000,8,1.1", "x,8,0.1", "5,8,0.1", "1704067200000",
                   "99999999999999999999,8,0.1", "9999999999999999999,8,0.1"}) {
    auto rows = read(std::string{header} + row + "\n");
    CAF_CHECK(!rows);
    CAF_CHECK(rows || rows.error().text.find("row 2: ") != std::string::npos);
  }
  for (auto json : {"", "{}", "[1]", "[{}]", R"([{"fundingTime": 1}])",
                    R"([{"fundingTime": 1704067200000, "fundingRate": 1}])",
                    R"([{"fundingTime": 1704067200000, "fundingRate": "x"}])"})
    CAF_CHECK(!parse_funding(json));
  auto fine = parse_funding(
    R"([{"fundingTime": 1704067200003, "fundingRate": "0.0001"}])");
  CAF_REQUIRE(fine);
  CAF_CHECK(fine->front() == (funding_row{new_year, 10'000}));
}

CAF_TEST(mutated_rates_are_read_or_refused) {
  dice roll;
  std::string sound = std::string{header} + "1704067200015,8,8.4E-7\n";
  for (int i = 0; i < 500; ++i) {
    auto text = sound;
    text[static_cast<size_t>(roll(0, static_cast<int64_t>(text.size()) - 1))]
      = static_cast<char>(roll(0, 255));
    auto rows = read(text);
    CAF_REQUIRE(rows || rows.error().text.find('\n') == std::string::npos);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
