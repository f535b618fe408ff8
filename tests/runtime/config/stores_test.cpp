#define CAF_SUITE config_stores

#include "runtime/config/config_hash.hpp"
#include "runtime/config/config_reader.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;

namespace {

std::string faults_of(std::string_view text) {
  std::string result;
  for (auto& fault : read_config_text(text, "x.json", {}).faults)
    result += fault.text + "\n";
  return result;
}

} // namespace

CAF_TEST(no_store_is_on_unless_asked_for) {
  node_config config;
  CAF_CHECK(!config.stores.redis.enabled);
  CAF_CHECK(!config.stores.postgres.enabled);
}

CAF_TEST(settings_of_the_stores_reach_their_fields) {
  auto result = read_config_text(R"({"stores": {
    "redis": {"enabled": true, "address": "/run/redis.sock", "user": "qalpha",
              "password": "env:REDIS_PASSWORD", "prefix": "n2",
              "max_length": 5000, "timeout": "1s", "drop": "newest",
              "spool_mb": 7},
    "postgres": {"enabled": true, "host": "db.example", "port": 5433,
                 "database": "d", "user": "u", "password": "file:/run/secret",
                 "schema": "n2", "timeout": "3s", "retention": "90d",
                 "compress_after": "2d", "drop": "oldest", "spool_mb": 9}}})",
                                 "x.json", {});
  CAF_REQUIRE(result);
  auto& redis = result.config.values.stores.redis;
  CAF_CHECK(redis.enabled);
  CAF_CHECK_EQUAL(redis.address, "/run/redis.sock");
  CAF_CHECK_EQUAL(redis.user, "qalpha");
  CAF_CHECK_EQUAL(redis.password, "env:REDIS_PASSWORD");
  CAF_CHECK_EQUAL(redis.prefix, "n2");
  CAF_CHECK_EQUAL(redis.max_length, 5'000u);
  CAF_CHECK(redis.timeout == std::chrono::seconds{1});
  CAF_CHECK(redis.when_full == spool_policy::drop_newest);
  CAF_CHECK_EQUAL(redis.spool_mb, 7u);
  auto& postgres = result.config.values.stores.postgres;
  CAF_CHECK(postgres.enabled);
  CAF_CHECK_EQUAL(postgres.host, "db.example");
  CAF_CHECK_EQUAL(postgres.port, 5'433);
  CAF_CHECK_EQUAL(postgres.schema, "n2");
  CAF_CHECK(postgres.timeout == std::chrono::seconds{3});
  CAF_CHECK(postgres.retention == std::chrono::hours{24 * 90});
  CAF_CHECK(postgres.compress_after == std::chrono::hours{48});
  CAF_CHECK_EQUAL(postgres.spool_mb, 9u);
  // Copies change nothing of what a run does.
  CAF_CHECK_EQUAL(config_hash(result.config.values),
                  config_hash(node_config{}));
}

CAF_TEST(a_password_in_the_configuration_is_refused_and_not_repeated) {
  for (auto store : {"redis", "postgres"}) {
    auto text = faults_of(std::string{R"({"stores": {")"} + store
                          + R"(": {"password": "hunter2"}}})");
    CAF_CHECK(text.find("password: expected \"file:PATH\" or \"env:NAME\"")
              != text.npos);
    CAF_CHECK(text.find("hunter2") == text.npos);
  }
}

CAF_TEST(a_redis_on_another_machine_is_refused) {
  auto text
    = faults_of(R"({"stores": {"redis": {"address": "10.0.0.1:6379"}}})");
  CAF_CHECK(
    text.find("stores.redis.address: expected a socket or an address of "
              "this machine")
    != text.npos);
}
