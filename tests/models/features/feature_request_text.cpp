#define CAF_SUITE feature_request_text

#include "models/features/feature_request_text.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;

CAF_TEST(requests_read_back_as_they_were_written) {
  std::vector<feature_request> list{
    {"sma", "fast", {}, {{"period", 20}}},
    {"ema", "", {{"close", "fast"}}, {{"period", 14}}},
    {"wavelet_denoise", "a \"name\"", {}, {{"wavelet", 26}, {"rule", 3}}},
    {"of_tomorrow", "", {}, {{"x", 0.1}, {"y", 1e-300}, {"wavelet", 2}}},
  };
  auto text = feature_requests_json(list);
  CAF_CHECK(text.find(R"("wavelet": "sym8")") != text.npos);
  auto json = parse_json(text);
  CAF_REQUIRE(json);
  auto again = read_feature_requests("features", *json);
  CAF_REQUIRE(again);
  CAF_CHECK(*again == list);
  CAF_CHECK_EQUAL(feature_requests_json({}), "[]");
}
