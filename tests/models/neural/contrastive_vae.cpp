#define CAF_SUITE neural.contrastive_vae

#include "models/neural/torch.hpp"

#include "models/neural/cvae/contrastive_vae.hpp"
#include "models/neural/cvae/views.hpp"
#include "models/neural/weights.hpp"

#include "tests/models/golden_files.hpp"
#include "tests/models/neural/golden_tensors.hpp"

#include <caf/test/unit_test.hpp>

using namespace qalpha;
using namespace std::string_literals;

namespace {

constexpr vae_loss_weights golden_weights{1.0, 0.1, 0.5};

contrastive_vae_settings golden_settings() {
  contrastive_vae_settings result;
  result.columns = 10;
  result.hidden = {16, 8};
  result.latent = 4;
  result.projection = 6;
  return result;
}

// The reference model with its inputs.
struct example {
  example()
    : golden(golden_tensors("cvae")),
      model(std::make_shared<contrastive_vae>(golden_settings())) {
    CAF_REQUIRE(!load_weights(*model, golden_values(golden, "w.")));
  }

  const torch::Tensor& at(const std::string& name) const {
    return golden.at(name);
  }

  std::map<std::string, torch::Tensor> golden;
  std::shared_ptr<contrastive_vae> model;
};

// Within `tolerance` of the largest value. Before a batch norm the gradient of
// a bias is nothing but rounding.
bool alike(const torch::Tensor& x, const torch::Tensor& y, double tolerance) {
  return largest_difference(x, y)
         <= tolerance * (1e-2 + y.abs().max().item<double>());
}

void check_against(const example& x, const std::string& mode) {
  auto first = x.model->forward(x.at("in.x1"), x.at("in.eps1"));
  auto second = x.model->forward(x.at("in.x2"), x.at("in.eps2"));
  auto same = [&](const torch::Tensor& found, const std::string& name) {
    CAF_MESSAGE(mode + name);
    const auto& wanted = x.at(mode + name);
    CAF_CHECK_LESS(largest_difference(found.view(wanted.sizes()), wanted),
                   1e-5);
  };
  same(first.rows, "recon1");
  same(first.latent.mean, "mu1");
  same(first.latent.log_variance, "logvar1");
  same(first.sample, "z1");
  same(first.projection, "proj1");
  same(second.latent.mean, "mu2");
  auto loss = loss_of(x.at("in.x1"), first, x.at("in.x2"), second,
                      golden_weights);
  same(loss.reconstruction, "loss_recon");
  same(loss.divergence, "loss_kl");
  same(loss.contrast, "loss_ntxent");
  same(loss.total, "loss");
  loss.total.backward();
  for (const auto& entry : x.model->named_parameters())
    CAF_CHECK(
      alike(entry.value().grad(), x.at(mode + "grad." + entry.key()), 1e-4));
}

torch::Tensor matrix(const rapidjson::Value& rows) {
  std::vector<double> values;
  for (const auto& row : rows.GetArray())
    for (const auto& x : row.GetArray())
      values.push_back(x.GetDouble());
  return torch::tensor(values, torch::kFloat64)
    .view({static_cast<int64_t>(rows.Size()), -1});
}

} // namespace

CAF_TEST(answers_losses_and_gradients_are_those_of_the_reference) {
  example evaluating;
  evaluating.model->eval();
  check_against(evaluating, "eval.");
  example training;
  training.model->train();
  check_against(training, "train.");
}

CAF_TEST(the_divergence_is_that_of_the_reference) {
  auto golden = test::golden_json("regime/vae_kl.json");
  for (const auto& entry : golden["cases"].GetArray()) {
    latent_distribution latent{matrix(entry["mu"]), matrix(entry["logvar"])};
    CAF_CHECK(test::close_to(divergence(latent).item<double>(),
                             entry["kl_mean_over_batch"].GetDouble(), 1e-12));
  }
  auto none = torch::zeros({3, 2});
  CAF_CHECK_EQUAL(divergence({none, none}).item<double>(), 0.0);
}

CAF_TEST(the_contrast_and_its_gradients_are_those_of_the_reference) {
  auto golden = test::golden_json("regime/ntxent.json");
  for (const auto& entry : golden["cases"].GetArray()) {
    auto first = matrix(entry["z1"]).requires_grad_();
    auto second = matrix(entry["z2"]).requires_grad_();
    auto loss = contrast(first, second, entry["temperature"].GetDouble());
    loss.backward();
    CAF_CHECK(test::close_to(loss.item<double>(), entry["loss"].GetDouble()));
    CAF_CHECK_LESS(largest_difference(first.grad(), matrix(entry["grad_z1"])),
                   1e-9);
    CAF_CHECK_LESS(largest_difference(second.grad(), matrix(entry["grad_z2"])),
                   1e-9);
  }
}

CAF_TEST(a_single_row_has_nothing_to_be_told_from) {
  auto x = torch::tensor({1.0, 2.0}).view({1, 2});
  auto y = torch::tensor({-3.0, 0.5}).view({1, 2});
  CAF_CHECK_LESS(std::abs(contrast(x, y, 0.07).item<double>()), 1e-6);
}

CAF_TEST(the_contrast_is_a_number_at_a_low_temperature) {
  torch::manual_seed(7);
  auto x = torch::randn({64, 8});
  auto loss = contrast(x, x + 0.01 * torch::randn({64, 8}), 0.001);
  CAF_CHECK(std::isfinite(loss.item<double>()));
}

CAF_TEST(columns_that_do_not_vary_are_not_active) {
  auto means = torch::zeros({8, 3});
  means.select(1, 1).copy_(torch::arange(8));
  CAF_CHECK_EQUAL(active_columns(means), 1);
}

CAF_TEST(settings_of_the_autoencoder_survive_a_manifest_or_are_refused) {
  manifest about;
  put(golden_settings(), about);
  auto back = contrastive_vae_settings_of(about, 10);
  CAF_REQUIRE(back);
  CAF_CHECK(*back == golden_settings());
  auto reason = [&](size_t columns) {
    auto result = contrastive_vae_settings_of(about, columns);
    return result ? "none"s : result.error().text;
  };
  CAF_CHECK_EQUAL(
    reason(9),
    "settings.columns: expected 9, those of the features, found 10"s);
  about.lists["hidden"] = {16, 0};
  CAF_CHECK_EQUAL(reason(10),
                  "lists.hidden: expected whole numbers from 1 to 4096"s);
  about.lists.clear();
  CAF_CHECK_EQUAL(reason(10), "lists.hidden: missing"s);
  CAF_CHECK(!check(golden_settings()));
}

// -- views --------------------------------------------------------------------

CAF_TEST(views_look_back_only_and_never_beyond_their_stretch) {
  constexpr int64_t rows = 400;
  auto series = torch::arange(rows, torch::kFloat32).view({rows, 1});
  auto wanted = torch::arange(rows, torch::kLong);
  auto first = (wanted / 10).floor().to(torch::kLong) * 10;
  view_settings only_shifts{3, 0, 0, 0};
  auto generator = at::make_generator<at::CPUGeneratorImpl>(5);
  auto shift
    = wanted
      - make_views(series, wanted, first, only_shifts, generator).view(-1);
  CAF_CHECK_EQUAL(shift.min().item<int64_t>(), 0);
  CAF_CHECK_EQUAL(shift.max().item<int64_t>(), 3);
  CAF_CHECK((shift <= wanted - first).all().item<bool>());
}

CAF_TEST(equal_seeds_make_equal_views) {
  torch::manual_seed(11);
  auto series = torch::randn({50, 6});
  auto wanted = torch::arange(50, torch::kLong);
  auto first = torch::zeros({50}, torch::kLong);
  auto make = [&](uint64_t seed) {
    return make_views(series, wanted, first, {},
                      at::make_generator<at::CPUGeneratorImpl>(seed));
  };
  CAF_CHECK_EQUAL(largest_difference(make(3), make(3)), 0.0);
  CAF_CHECK_GREATER(largest_difference(make(3), make(4)), 0.0);
}

CAF_TEST(a_share_of_the_columns_is_masked) {
  auto series = torch::ones({2'000, 10});
  auto wanted = torch::arange(2'000, torch::kLong);
  auto first = torch::zeros({2'000}, torch::kLong);
  auto view = make_views(series, wanted, first, {},
                         at::make_generator<at::CPUGeneratorImpl>(9));
  auto masked = (view == 0).to(torch::kFloat32).mean().item<double>();
  CAF_CHECK(masked > 0.08 && masked < 0.12);
  CAF_CHECK_LESS(view.max().item<double>(), 1.1 + 6 * 0.05);
}
