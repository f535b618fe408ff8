#define CAF_SUITE storage_store_record

#include "runtime/storage/store_record.hpp"

#include "models/market/decimal.hpp"
#include "runtime/storage/postgres/copy_format.hpp"
#include "runtime/storage/postgres/postgres_schema.hpp"
#include "runtime/storage/postgres/postgres_server.hpp"
#include "runtime/storage/redis/redis_server.hpp"
#include "runtime/storage/redis/resp.hpp"
#include "runtime/storage/secret_reference.hpp"
#include "tests/models/random.hpp"
#include "tests/runtime/storage/journal_world.hpp"

#include <caf/test/unit_test.hpp>

#include <limits>

using namespace qalpha;
using namespace qalpha::test;

namespace {

std::string fill_row() {
  row_builder row{1'700'000'000'123'456'789};
  row.add("BTCUSDT").add("qa-1").add(int64_t{7}).add("buy");
  row.add(int64_t{6'165'970'000'000}).add(int64_t{100'000});
  row.add(int64_t{-1'234}).add(int64_t{1});
  return row.bytes();
}

spool_batch batch_of(std::initializer_list<std::string> rows) {
  spool_batch result;
  for (auto& row : rows) {
    result.entries.push_back(
      {{5, result.entries.size() + 1}, result.bytes.size(), row.size()});
    result.bytes += row;
  }
  return result;
}

/// Reads the binary form of a numeric back, by its definition.
std::string numeric_text(int64_t e8) {
  std::string bytes;
  append_numeric_e8(bytes, e8);
  auto word = [&](size_t at) {
    return static_cast<int16_t>(static_cast<unsigned char>(bytes[at]) << 8
                                | static_cast<unsigned char>(bytes[at + 1]));
  };
  if (bytes.size() != 12 + 2 * static_cast<size_t>(word(4)))
    return "wrong length";
  __int128 value = 0; // units of 1e-8
  for (int i = 0; i < word(4); ++i) {
    auto exponent = word(6) - i + 2; // of 10'000, above 1e-8
    __int128 digit = word(12 + 2 * static_cast<size_t>(i));
    for (int j = 0; j < exponent; ++j)
      digit *= 10'000;
    value += digit;
  }
  if (word(8) != 0)
    value = -value;
  return std::to_string(static_cast<int64_t>(value)) + "/"
         + std::to_string(word(10));
}

} // namespace

CAF_TEST(a_row_gives_back_what_was_put_in) {
  auto row = fill_row();
  auto& layout = layout_of(store_stream::fills);
  CAF_REQUIRE(fits(layout, row));
  row_reader values{layout, row};
  std::string text;
  for (store_value value; values.next(value);) {
    text += std::string{values.column().name} + "=";
    append_text(text, value);
    text += " ";
  }
  CAF_CHECK(values.valid());
  CAF_CHECK_EQUAL(text, "time=1700000000123456789 symbol=BTCUSDT order_id=qa-1 "
                        "execution=7 side=buy price=61659.7 size=0.001 "
                        "fee=-0.00001234 maker=1 ");
}

CAF_TEST(a_row_of_another_layout_does_not_fit) {
  auto row = fill_row();
  CAF_CHECK(!fits(layout_of(store_stream::bars), row));
  CAF_CHECK(!fits(layout_of(store_stream::fills), row + "x"));
  for (size_t length = 0; length < row.size(); ++length)
    CAF_CHECK(!fits(layout_of(store_stream::fills), row.substr(0, length)));
  dice roll;
  for (int i = 0; i < 5'000; ++i) {
    std::string noise(static_cast<size_t>(roll(0, 90)), '\0');
    for (auto& c : noise)
      c = static_cast<char>(roll(0, 255));
    for (size_t s = 0; s < store_streams; ++s)
      fits(layout_of(static_cast<store_stream>(s)), noise);
  }
}

CAF_TEST(texts_that_no_server_takes_are_made_harmless) {
  auto cleaned = [](std::string_view text) {
    row_builder row{0};
    row.add(text);
    return row.bytes().substr(10);
  };
  CAF_CHECK_EQUAL(cleaned("plain"), "plain");
  CAF_CHECK_EQUAL(cleaned("gr\xC3\xB6\xC3\x9F"
                          "e \xE2\x82\xAC \xF0\x9F\x98\x80"),
                  "gr\xC3\xB6\xC3\x9F"
                  "e \xE2\x82\xAC \xF0\x9F\x98\x80");
  CAF_CHECK_EQUAL(cleaned(std::string_view{"a\0b", 3}), "a?b");
  CAF_CHECK_EQUAL(cleaned("\xC0\x80"), "??");
  CAF_CHECK_EQUAL(cleaned("\xED\xA0\x80"), "???");
  CAF_CHECK_EQUAL(cleaned("\xE2\x82"), "??");
  CAF_CHECK_EQUAL(cleaned("\xF4\x90\x80\x80"), "????");
  CAF_CHECK_EQUAL(cleaned(std::string(1 << 20, 'x')).size(),
                  row_builder::longest_text);
}

// -- Redis --------------------------------------------------------------------

CAF_TEST(entries_become_one_transaction_with_our_ids) {
  xadd_writer writer{store_stream::funding, "p:funding", 9};
  row_builder row{3};
  row.add("X").add(int64_t{100'000'000}).add(int64_t{0});
  std::string out;
  CAF_CHECK_EQUAL(
    writer.append_transaction(out, batch_of({row.bytes(), row.bytes()})), 2u);
  auto fields = std::string{
    "$4\r\ntime\r\n$1\r\n3\r\n$6\r\nsymbol\r\n$1\r\nX\r\n"
    "$4\r\npaid\r\n$1\r\n1\r\n$4\r\nrate\r\n$1\r\n0\r\n"};
  CAF_CHECK_EQUAL(
    out, "*1\r\n$5\r\nMULTI\r\n"
         "*14\r\n$4\r\nXADD\r\n$9\r\np:funding\r\n$6\r\nMAXLEN\r\n"
         "$1\r\n~\r\n$1\r\n9\r\n$3\r\n5-1\r\n"
           + fields + "*11\r\n$4\r\nXADD\r\n$9\r\np:funding\r\n$3\r\n5-2\r\n"
           + fields + "*1\r\n$4\r\nEXEC\r\n");
}

CAF_TEST(ids_of_entries_are_read_strictly) {
  CAF_CHECK(parse_entry_id("0-0") == entry_id{});
  CAF_CHECK(parse_entry_id("17-18446744073709551615")
            == (entry_id{17, UINT64_MAX}));
  for (auto text : {"", "1", "1-", "-1", "1-2x", "1-2-3", "a-b", " 1-2",
                    "18446744073709551616-0"})
    CAF_CHECK(!parse_entry_id(text));
}

CAF_TEST(a_redis_that_may_forget_is_warned_of) {
  auto safe = "# Memory\r\nmaxmemory_policy:noeviction\r\n"
              "# Persistence\r\naof_enabled:1\r\n";
  CAF_CHECK(redis_warnings(safe).empty());
  auto lossy
    = redis_warnings("maxmemory_policy:allkeys-lru\r\naof_enabled:0\r\n");
  CAF_REQUIRE_EQUAL(lossy.size(), 2u);
  CAF_CHECK(contains(lossy[0], "appendonly is \"no\""));
  CAF_CHECK(contains(lossy[1], "maxmemory-policy is \"allkeys-lru\""));
}

CAF_TEST(a_redis_that_still_loads_is_known) {
  CAF_CHECK(is_loading("# Persistence\r\nloading:1\r\naof_enabled:0\r\n"));
  CAF_CHECK(!is_loading("# Persistence\r\nloading:0\r\naof_enabled:1\r\n"));
  CAF_CHECK(!is_loading("async_loading:1\r\n"));
  CAF_CHECK(!is_loading(""));
}

CAF_TEST(a_redis_elsewhere_is_refused_since_nothing_is_encrypted) {
  auto verdict = [](std::string address) {
    auto problem = check(redis_settings{.address = std::move(address)});
    return problem ? problem->text : "";
  };
  CAF_CHECK_EQUAL(verdict("/run/redis.sock"), "");
  CAF_CHECK_EQUAL(verdict("127.0.0.1:6379"), "");
  CAF_CHECK(contains(verdict("10.0.0.1:6379"),
                     "stores.redis.address: expected a socket or an address of "
                     "this machine"));
  for (auto text : {"", ":1", "localhost", "localhost:0", "localhost:65536",
                    "localhost:6379x"})
    CAF_CHECK(contains(verdict(text), "stores.redis.address: expected"));
}

// -- PostgreSQL ---------------------------------------------------------------

CAF_TEST(decimals_are_exact_as_numerics) {
  CAF_CHECK_EQUAL(numeric_text(0), "0/0");
  CAF_CHECK_EQUAL(numeric_text(1), "1/8");
  CAF_CHECK_EQUAL(numeric_text(-10'000), "-10000/4");
  CAF_CHECK_EQUAL(numeric_text(100'000'000), "100000000/0");
  constexpr auto largest = std::numeric_limits<int64_t>::max();
  CAF_CHECK_EQUAL(numeric_text(largest), std::to_string(largest) + "/8");
  dice roll;
  for (int i = 0; i < 10'000; ++i) {
    auto x = roll(-largest, largest) >> roll(0, 62);
    auto text = numeric_text(x);
    CAF_REQUIRE_EQUAL(text.substr(0, text.find('/')), std::to_string(x));
  }
}

CAF_TEST(times_become_microseconds_since_2000) {
  CAF_CHECK_EQUAL(to_timestamptz(946'684'800'000'000'000), 0);
  CAF_CHECK_EQUAL(to_timestamptz(946'684'800'000'001'999), 1);
  CAF_CHECK_EQUAL(to_timestamptz(-1), -946'684'800'000'001);
}

CAF_TEST(parts_follow_the_calendar) {
  auto name = [](store_stream stream, int64_t seconds) {
    auto part = part_of(stream, seconds * 1'000'000'000);
    return part ? part->name + " " + part->from + " " + part->to : "none";
  };
  // 29 February 2024, 23:59:59, and a second later.
  CAF_CHECK_EQUAL(name(store_stream::trades, 1'709'251'199),
                  "trades_p20240229 2024-02-29 2024-03-01");
  CAF_CHECK_EQUAL(name(store_stream::trades, 1'709'251'200),
                  "trades_p20240301 2024-03-01 2024-03-02");
  CAF_CHECK_EQUAL(name(store_stream::fills, 1'709'251'199),
                  "fills_p202402 2024-02-01 2024-03-01");
  CAF_CHECK_EQUAL(name(store_stream::bars, 1'735'689'599),
                  "bars_p202412 2024-12-01 2025-01-01");
  CAF_CHECK_EQUAL(name(store_stream::bars, 0), "none");
  CAF_CHECK_EQUAL(name(store_stream::bars, -1), "none");
  CAF_CHECK_EQUAL(name(store_stream::bars, 9'000'000'000), "none");
}

CAF_TEST(parts_are_known_by_their_names) {
  auto part = part_of(store_stream::trades, 1'709'251'199'000'000'000);
  auto again = part_named(store_stream::trades, part->name);
  CAF_REQUIRE(again);
  CAF_CHECK_EQUAL(again->end_ns, part->end_ns);
  for (auto name : {"trades_p20241301", "trades_p2024022", "trades_other",
                    "bars_p202402", "trades_p2024022x", ""})
    CAF_CHECK(!part_named(store_stream::trades, name));
}

CAF_TEST(tables_are_divided_by_the_extension_or_by_parts) {
  auto plain = create_table("s", store_stream::bars, table_kind::partitioned);
  CAF_CHECK(contains(plain, "PARTITION BY RANGE (time)"));
  CAF_CHECK(
    contains(plain, "\"bars_other\" PARTITION OF \"s\".\"bars\" DEFAULT"));
  auto hyper = create_table("s", store_stream::bars, table_kind::hypertable);
  CAF_CHECK(contains(hyper, "create_hypertable('\"s\".\"bars\"', 'time'"));
  CAF_CHECK(!contains(hyper, "PARTITION"));
  auto day = std::chrono::hours{24};
  auto rules = create_policies("s", store_stream::bars, 7 * day, 90 * day);
  CAF_CHECK(contains(rules, "add_compression_policy('\"s\".\"bars\"', "
                            "INTERVAL '604800 seconds')"));
  CAF_CHECK(contains(rules, "add_retention_policy('\"s\".\"bars\"', "
                            "INTERVAL '7776000 seconds')"));
  CAF_CHECK(!contains(create_policies("s", store_stream::bars, day, {}),
                      "add_retention_policy"));
  // Facts are kept for ever.
  CAF_CHECK(create_policies("s", store_stream::fills, day, day).empty());
}

CAF_TEST(names_are_no_place_for_sql) {
  CAF_CHECK_EQUAL(quoted_identifier("a\"b"), "\"a\"\"b\"");
  for (auto name : {"", "A", "a-b", "a b", "1a", "a\"", "a;b"})
    CAF_CHECK(check(postgres_settings{.schema = name}));
  CAF_CHECK(!check(postgres_settings{.schema = "node_2"}));
}

// -- secrets ------------------------------------------------------------------

CAF_TEST(a_password_in_the_place_of_a_reference_is_refused_and_not_repeated) {
  auto wrong = secret_reference::parse("hunter2");
  CAF_REQUIRE(!wrong);
  CAF_CHECK(!contains(wrong.error().text, "hunter2"));
  CAF_CHECK(check(redis_settings{.password = "hunter2"}));
  CAF_CHECK(check(postgres_settings{.password = "hunter2"}));
}

CAF_TEST(a_secret_file_must_be_private) {
  scratch place;
  auto file = place / "secret";
  auto reveal = [&] {
    return secret_reference::parse("file:" + file.string())->reveal();
  };
  CAF_CHECK(!reveal());
  write_file(file, "s3cret\n");
  fs::permissions(file, fs::perms{0644});
  auto open = reveal();
  CAF_REQUIRE(!open);
  CAF_CHECK(contains(open.error().text, "everybody may read this secret"));
  CAF_CHECK(!contains(open.error().text, "s3cret"));
  fs::permissions(file, fs::perms{0600});
  auto secret = reveal();
  CAF_REQUIRE(secret);
  CAF_CHECK_EQUAL(*secret, "s3cret");
  write_file(file, std::string(2'000, 'x'));
  CAF_CHECK(!reveal());
}

CAF_TEST(a_secret_may_be_in_the_environment) {
  setenv("QALPHA_TEST_SECRET", "abc", 1);
  auto found = secret_reference::parse("env:QALPHA_TEST_SECRET")->reveal();
  CAF_REQUIRE(found);
  CAF_CHECK_EQUAL(*found, "abc");
  unsetenv("QALPHA_TEST_SECRET");
  CAF_CHECK(!secret_reference::parse("env:QALPHA_TEST_SECRET")->reveal());
}
