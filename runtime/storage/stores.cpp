#include "runtime/storage/stores.hpp"

#include "runtime/storage/postgres/postgres_server.hpp"
#include "runtime/storage/redis/redis_server.hpp"

#include <utility>

namespace qalpha {

fallible<std::unique_ptr<store_set>>
store_set::open(const store_settings& settings,
                const std::filesystem::path& directory,
                incident_log& incidents) {
  auto result = std::make_unique<store_set>();
  std::optional<fault> problem;
  auto add = [&](std::string name, const auto& how, auto make) {
    if (!how.enabled || problem)
      return;
    if (problem = check(how); problem)
      return;
    copying_settings copying{.directory = directory / name,
                             .when_full = how.when_full,
                             .limit_bytes = uint64_t{how.spool_mb} << 20};
    auto opened = copying_store::open(std::move(name), make(how), copying,
                                      incidents);
    if (opened)
      result->stores_.push_back(std::move(*opened));
    else
      problem = opened.error();
  };
  add("redis", settings.redis, make_redis_server);
  add("postgres", settings.postgres, make_postgres_server);
  if (problem)
    return *problem;
  if (result->stores_.empty())
    return std::unique_ptr<store_set>{};
  return result;
}

void store_set::append(store_stream stream, std::string_view row) {
  for (auto& store : stores_)
    store->append(stream, row);
}

std::vector<std::pair<std::string, store_status>> store_set::status() const {
  std::vector<std::pair<std::string, store_status>> result;
  for (auto& store : stores_)
    result.emplace_back(store->name(), store->status());
  return result;
}

} // namespace qalpha
