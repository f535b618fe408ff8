#include "models/neural/torch.hpp"

#include "runtime/neural/event_observer.hpp"

#include "models/training/event_log.hpp"
#include "runtime/data/wall_clock.hpp"
#include "runtime/training/event_file.hpp"
#include "runtime/training/view_pictures.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace qalpha {

namespace {

// Losses of single steps waver; one in so many shows the curve.
constexpr uint64_t steps_between_events = 10;

// A picture takes a tenth of a megabyte: trainings of many epochs have one of
// every few.
constexpr uint64_t most_pictured_epochs = 20;

double wall_seconds() {
  return static_cast<double>(wall_clock_now().ns) / 1e9;
}

event_scalar scalar(std::string tag, double value) {
  return {std::move(tag), static_cast<float>(value)};
}

class event_observer final : public train_observer {
public:
  explicit event_observer(event_file file) : file_(std::move(file)) {
    // nop
  }

  void on_begin(const training_length& length, uint64_t) override {
    epochs_between_pictures_ = std::max<uint64_t>(
      (length.epochs + most_pictured_epochs - 1) / most_pictured_epochs, 1);
  }

  void on_step(const step_report& report) override {
    step_ = report.step;
    if (report.step % steps_between_events != 0)
      return;
    training_event event;
    event.scalars = {
      scalar("loss/train", report.loss),
      scalar("step/gradient_norm", report.gradient_norm),
      scalar("step/learning_rate", report.learning_rate),
    };
    write(std::move(event));
  }

  void on_epoch(const step_report& report, training_job& job) override {
    training_event event;
    if (report.validation_loss)
      event.scalars.push_back(
        scalar("loss/validation", *report.validation_loss));
    for (const auto& tensor : job.weights())
      event.histograms.push_back(
        make_histogram("weights/" + tensor.name, tensor.values));
    if (report.epoch % epochs_between_pictures_ == 0)
      // Without a view there is no picture of this epoch.
      if (auto view = job.view())
        event.images = draw_view(
          *view, "epoch " + std::to_string(report.epoch + 1), "epoch/");
    write(std::move(event));
  }

  void on_result(const training_result& result) override {
    training_event event;
    for (const auto& [name, value] : result.figures)
      event.scalars.push_back(scalar("test/" + name, value));
    event.images = draw_result(result);
    write(std::move(event));
  }

private:
  void write(training_event event) {
    event.step = static_cast<int64_t>(step_);
    event.wall_seconds = wall_seconds();
    static_cast<void>(file_.append(event_log_record(event)));
  }

  event_file file_;
  uint64_t step_ = 0;
  uint64_t epochs_between_pictures_ = 1;
};

} // namespace

fallible<std::unique_ptr<train_observer>>
watch_training(const std::string& directory) {
  auto file = event_file::create(directory, event_log_head(wall_seconds()),
                                 wall_clock_now());
  if (!file)
    return file.error();
  return std::unique_ptr<train_observer>{
    std::make_unique<event_observer>(std::move(*file))};
}

} // namespace qalpha
