#define CAF_SUITE recorded_outlook

#include "models/strategies/recorded_outlook.hpp"

#include <caf/test/unit_test.hpp>

#include <chrono>

using namespace qalpha;

namespace {

constexpr auto hour = std::chrono::hours{1};

/// Wants what the only quantile says, in basis points.
class obedient final : public strategy {
public:
  std::vector<feature_request> features() const override {
    return {};
  }

  std::optional<exposure> on_bar(const bar&, std::span<const double>) override {
    return std::nullopt;
  }

  bool listens() const override {
    return true;
  }

  std::optional<exposure> on_outlook(const outlook& said) override {
    CAF_CHECK(said.asked[place_of(model_role::forecaster)]);
    CAF_CHECK(!said.asked[place_of(model_role::policy)]);
    if (!said.forecast)
      return std::nullopt;
    CAF_CHECK(said.forecast->time == said.time);
    return exposure{static_cast<int32_t>(said.forecast->quantiles.front())};
  }

  std::string reason() const override {
    return "obedient";
  }
};

forecast_made said_at(int64_t hours, double value) {
  return {{}, utc_time{} + hour * hours, {0.5}, {value}, {}};
}

bar closing_at(int64_t hours) {
  return {.open_time = utc_time{} + hour * (hours - 1),
          .close_time = utc_time{} + hour * hours};
}

} // namespace

CAF_TEST(a_forecast_is_heard_at_its_own_bar_only) {
  std::vector<forecast_made> said{said_at(2, 200), said_at(3, 300),
                                  said_at(7, 700)};
  recorded_outlook play{std::make_unique<obedient>(), said};
  CAF_CHECK(!play.listens());
  CAF_CHECK(!play.on_bar(closing_at(1), {}));
  CAF_CHECK(play.on_bar(closing_at(2), {}) == exposure{200});
  CAF_MESSAGE("a bar that the market left out takes its forecast with it");
  CAF_CHECK(!play.on_bar(closing_at(5), {}));
  CAF_CHECK(play.on_bar(closing_at(7), {}) == exposure{700});
  CAF_CHECK(!play.on_bar(closing_at(8), {}));
}
