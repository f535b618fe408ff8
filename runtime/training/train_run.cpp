#include "runtime/training/train_run.hpp"

#include "runtime/training/state_file.hpp"

#include <filesystem>

namespace qalpha {

namespace {

class training_run {
public:
  training_run(training_job& job, const train_run_settings& settings,
               std::span<train_observer* const> observers)
    : job_(job), settings_(settings), observers_(observers) {
    // nop
  }

  fallible<train_outcome> run() {
    if (auto problem = go_on())
      return *problem;
    for (auto* observer : observers_)
      observer->on_begin(job_.length(), steps_);
    saved_ = settings_.now();
    while (!job_.finished()) {
      if (settings_.wants_to_stop())
        return stop();
      if (auto problem = step())
        return *problem;
    }
    auto result = job_.finish();
    if (!result)
      return result.error();
    for (auto* observer : observers_)
      observer->on_result(*result);
    std::error_code code;
    if (keeps_state())
      std::filesystem::remove(settings_.state_file, code);
    return train_outcome{steps_, std::move(*result)};
  }

private:
  bool keeps_state() const noexcept {
    return settings_.writes_state && !settings_.state_file.empty();
  }

  std::optional<fault> go_on() {
    if (!settings_.resume)
      return std::nullopt;
    auto state = read_state_file(settings_.state_file, settings_.fingerprint);
    if (!state)
      return state.error();
    if (auto problem = job_.load(*state))
      return fault{settings_.state_file + ": " + problem->text};
    steps_ = static_cast<uint64_t>(state->figures["step"]);
    return std::nullopt;
  }

  std::optional<fault> step() {
    auto report = job_.step();
    if (!report)
      return report.error();
    steps_ = report->step;
    for (auto* observer : observers_)
      observer->on_step(*report);
    // Every epoch ends with a validation or with its last weights kept.
    auto epoch_ended = report->validation_loss || report->improved;
    if (epoch_ended)
      for (auto* observer : observers_)
        observer->on_epoch(*report, job_);
    if (epoch_ended || settings_.now() - saved_ >= settings_.save_every)
      return save();
    return std::nullopt;
  }

  std::optional<fault> save() {
    if (!keeps_state())
      return std::nullopt;
    saved_ = settings_.now();
    auto written = write_state_file(settings_.state_file, job_.save(),
                                    settings_.fingerprint);
    if (!written)
      return written.error();
    return std::nullopt;
  }

  fallible<train_outcome> stop() {
    if (auto problem = save())
      return *problem;
    return train_outcome{steps_, std::nullopt};
  }

  training_job& job_;
  const train_run_settings& settings_;
  std::span<train_observer* const> observers_;
  std::chrono::steady_clock::time_point saved_;
  uint64_t steps_ = 0;
};

} // namespace

fallible<train_outcome>
run_training(training_job& job, const train_run_settings& settings,
             std::span<train_observer* const> observers) {
  return training_run{job, settings, observers}.run();
}

} // namespace qalpha
