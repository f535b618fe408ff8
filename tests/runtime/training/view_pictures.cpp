#define CAF_SUITE view_pictures

#include "runtime/training/view_pictures.hpp"

#include "tests/runtime/reports/read_picture.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace qalpha::test;

namespace {

std::vector<std::string> tags_of(const std::vector<event_image>& images) {
  std::vector<std::string> result;
  for (const auto& image : images) {
    auto png = decode(image.png);
    CAF_CHECK_EQUAL(static_cast<int32_t>(png.width), image.width);
    CAF_CHECK_EQUAL(static_cast<int32_t>(png.height), image.height);
    result.push_back(image.tag);
  }
  return result;
}

using tags = std::vector<std::string>;

} // namespace

CAF_TEST(each_kind_of_model_has_its_own_pictures) {
  training_view view;
  CAF_CHECK(draw_view(view, "epoch 1", "epoch/").empty());
  view.latents.emplace();
  CAF_CHECK_EQUAL(tags_of(draw_view(view, "epoch 1", "epoch/")),
                  tags{"epoch/latent_space"});
  view.latents.reset();
  view.forecasts.emplace();
  CAF_CHECK_EQUAL(tags_of(draw_view(view, "epoch 1", "epoch/")),
                  (tags{"epoch/fan", "epoch/calibration", "epoch/importance"}));
}

CAF_TEST(a_result_has_the_returns_of_a_policy) {
  training_result result;
  CAF_CHECK(draw_result(result).empty());
  result.lists["targets"] = {0.1, 0.2};
  CAF_CHECK(draw_result(result).empty());
  result.lists["achieved_by_target"] = {0.05, 0.1};
  auto images = draw_result(result);
  CAF_CHECK_EQUAL(tags_of(images), tags{"test/returns"});
  CAF_MESSAGE("and those from whom it has learned");
  result.figures["behaviour_mean"] = 0.07;
  CAF_CHECK(draw_result(result)[0].png != images[0].png);
  result.view.latents.emplace();
  CAF_CHECK_EQUAL(tags_of(draw_result(result)),
                  (tags{"test/latent_space", "test/returns"}));
}
