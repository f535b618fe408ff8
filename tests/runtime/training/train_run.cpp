#define CAF_SUITE train_run

#include "runtime/training/train_run.hpp"

#include "tests/temporary_folder.hpp"

#include "runtime/training/state_file.hpp"
#include "runtime/training/train_json.hpp"
#include "runtime/training/train_progress.hpp"

#include <caf/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace qalpha;
using namespace qalpha::test;

namespace {

/// Ten steps, an epoch every five; its only state is how far it is.
class counting_job final : public training_job {
public:
  training_length length() const noexcept override {
    return {2, 10, 320};
  }

  bool finished() const noexcept override {
    return step_ == 10;
  }

  fallible<step_report> step() override {
    if (step_ == fail_at)
      return fault{"the loss is not finite"};
    step_report result{++step_, (step_ - 1) / 5, 1.5, 1, 0.1, {}, false};
    if (step_ % 5 == 0)
      result.validation_loss = 0.5;
    return result;
  }

  training_state save() const override {
    return {{{"step", static_cast<double>(step_)}, {"third", 1.0 / 3}},
            {{"weights", {2}, {0.1f, 3}}}};
  }

  std::optional<fault> load(const training_state& state) override {
    step_ = static_cast<uint64_t>(state.figures.at("step"));
    CAF_CHECK_EQUAL(state.figures.at("third"), 1.0 / 3);
    CAF_CHECK(state.tensors == save().tensors);
    return std::nullopt;
  }

  std::vector<tensor_values> weights() const override {
    return {};
  }

  fallible<training_result> finish() override {
    return training_result{{}, {{"figure", 0.1}}, {{"list", {1, 2.5}}}};
  }

  uint64_t fail_at = 99;

private:
  uint64_t step_ = 0;
};

struct world {
  world() {
    settings.state_file = (place.path() / "state").string();
    settings.fingerprint = "abc";
  }

  fallible<train_outcome> run(training_job& job) {
    return run_training(job, settings, {});
  }

  temporary_folder place;
  train_run_settings settings;
};

} // namespace

CAF_TEST(a_training_that_stops_goes_on_where_it_was) {
  world w;
  counting_job first;
  int asked = 0;
  w.settings.wants_to_stop = [&] { return ++asked > 3; };
  auto stopped = w.run(first);
  CAF_REQUIRE(stopped);
  CAF_CHECK(!stopped->result);
  CAF_CHECK_EQUAL(stopped->steps, 3u);
  counting_job second;
  w.settings.wants_to_stop = [] { return false; };
  w.settings.resume = true;
  auto done = w.run(second);
  CAF_REQUIRE(done);
  CAF_CHECK(done->result);
  CAF_CHECK_EQUAL(done->steps, 10u);
  CAF_CHECK(!std::filesystem::exists(w.settings.state_file));
}

CAF_TEST(a_training_without_a_place_for_its_state_keeps_none) {
  world w;
  w.settings.state_file.clear();
  counting_job job;
  auto done = w.run(job);
  CAF_REQUIRE(done);
  CAF_CHECK(done->result);
}

CAF_TEST(the_state_before_a_failure_is_kept) {
  world w;
  counting_job job;
  job.fail_at = 7;
  auto outcome = w.run(job);
  CAF_REQUIRE(!outcome);
  CAF_CHECK_EQUAL(outcome.error().text, "the loss is not finite");
  auto state = read_state_file(w.settings.state_file, "abc");
  CAF_REQUIRE(state);
  CAF_CHECK_EQUAL(state->figures.at("step"), 5);
}

CAF_TEST(states_of_others_and_damaged_ones_are_refused) {
  world w;
  counting_job job;
  CAF_REQUIRE(write_state_file(w.settings.state_file, job.save(), "abc"));
  auto problem = [&](const char* fingerprint) {
    auto state = read_state_file(w.settings.state_file, fingerprint);
    return state ? std::string{} : state.error().text;
  };
  CAF_CHECK_EQUAL(problem("abc"), "");
  CAF_CHECK(problem("abd").find("another configuration or seed")
            != std::string::npos);
  auto size = std::filesystem::file_size(w.settings.state_file);
  {
    std::fstream file{w.settings.state_file,
                      std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(static_cast<std::streamoff>(size) - 1);
    file.put('x');
  }
  CAF_CHECK(problem("abc").find("is damaged") != std::string::npos);
  for (auto length : {size / 2, size - 3, uintmax_t{5}, uintmax_t{0}}) {
    std::filesystem::resize_file(w.settings.state_file, length);
    CAF_CHECK_NOT_EQUAL(problem("abc"), "");
  }
  std::filesystem::remove(w.settings.state_file);
  CAF_CHECK(problem("abc").find("no such file") != std::string::npos);
}

CAF_TEST(progress_tells_rate_and_remaining_time) {
  using clock = train_progress::clock;
  clock::time_point now{};
  std::ostringstream log;
  std::ostringstream screen;
  counting_job job;
  {
    train_progress lines{log, false, [&] { return now; }};
    train_progress bar{screen, true, [&] { return now; }};
    for (train_progress* one : {&lines, &bar})
      one->on_begin(job.length(), 0);
    now += std::chrono::seconds{20};
    step_report report{5, 0, 1.25, 1, 0.1, 0.5, true};
    for (train_progress* one : {&lines, &bar}) {
      one->on_step(report);
      one->on_epoch(report, job);
    }
  }
  // Five steps of 64 samples in 20 seconds, five to come.
  CAF_CHECK_EQUAL(log.str(), "epoch 1/2: loss 1.2500000, validation 0.5000000 "
                             "(best), 16 samples/s, ETA 0:20\n");
  CAF_CHECK(screen.str().find("[############............]  50 %")
            != std::string::npos);
  CAF_CHECK(screen.str().find("16 samples/s, ETA 0:20") != std::string::npos);
}

CAF_TEST(results_are_one_line_of_json) {
  counting_job job;
  CAF_CHECK_EQUAL(train_json({{"model", "tft"}}, *job.finish()),
                  R"({"model": "tft", "figure": 0.1, "list": [1, 2.5]})");
}
