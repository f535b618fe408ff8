// The part of the table of settings that is about models.

#include "runtime/config/setting_rows.hpp"

#include <vector>

namespace qalpha::detail {

std::vector<setting> model_rows() {
  using enum setting_kind;
  using c = node_config;
  using models = model_settings;
  constexpr auto which
    = "\"none\", \"live\" for the version that was promoted, or ID@VERSION.";
  return {
    bound<&c::models, &models::directory>(
      plain("models.directory", text,
            "Where trained models are kept; from the working directory.")),
    bound<&c::models, &models::forecaster>(
      plain("models.forecaster", text, which)),
    bound<&c::models, &models::regimes>(plain("models.regimes", text, which)),
    bound<&c::models, &models::policy>(plain("models.policy", text, which)),
    bound<&c::models, &models::answer_within>(
      ranged("models.answer_within", time, millisecond, day,
             "Time from the close of a bar after which an answer is late and "
             "dropped.")),
    bound<&c::models, &models::max_age>(
      ranged("models.max_age", time, 60 * second, 3'650 * day,
             "Age of a model beyond which it is not asked. For a real market: "
             "the times of a generated one and of histories are not those of "
             "the training.")),
    bound<&c::models, &models::blas_minimum_gflops>(
      ranged("models.blas_minimum_gflops", number, 0, 10'000 * one,
             "Speed of matrix products, in 1e9 operations a second, below "
             "which models are not asked about a real market: their answers "
             "would be late.")),
  };
}

} // namespace qalpha::detail
