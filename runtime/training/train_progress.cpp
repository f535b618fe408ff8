#include "runtime/training/train_progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <utility>

namespace qalpha {

namespace {

constexpr auto redraw_every = std::chrono::milliseconds{100};

constexpr size_t bar_width = 24;

constexpr const char* clear_line = "\r\x1b[K";

std::string time_text(double seconds) {
  auto whole = static_cast<long>(std::clamp(seconds, 0.0, 359'999.0) + 0.5);
  if (whole < 3600)
    return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60,
                     whole % 60);
}

} // namespace

train_progress::train_progress(std::ostream& out, bool terminal,
                               std::function<clock::time_point()> now)
  : out_(out), terminal_(terminal), now_(std::move(now)), start_(now_()) {
  // nop
}

train_progress::~train_progress() {
  if (terminal_)
    out_ << clear_line << std::flush;
}

void train_progress::on_begin(const training_length& length, uint64_t step) {
  length_ = length;
  first_ = step;
  start_ = now_();
}

void train_progress::on_step(const step_report& report) {
  if (terminal_ && now_() - drawn_ >= redraw_every)
    draw(report);
}

void train_progress::on_epoch(const step_report& report, training_job&) {
  if (report.validation_loss)
    validation_ = report.validation_loss;
  if (terminal_)
    return draw(report);
  out_ << fmt::format("epoch {}/{}: loss {:.7f}", report.epoch + 1,
                      length_.epochs, report.loss);
  if (report.validation_loss)
    out_ << fmt::format(", validation {:.7f}{}", *report.validation_loss,
                        report.improved ? " (best)" : "");
  out_ << ", " << rate_text(report.step) << std::endl;
}

double train_progress::seconds() const {
  return std::chrono::duration<double>(now_() - start_).count();
}

std::string train_progress::rate_text(uint64_t step) const {
  auto done = static_cast<double>(step - first_);
  auto time = seconds();
  if (done == 0 || time <= 0)
    return "0 samples/s";
  auto steps_an_epoch = static_cast<double>(length_.steps)
                        / static_cast<double>(length_.epochs);
  auto rate = static_cast<double>(length_.samples) / steps_an_epoch * done
              / time;
  auto left
    = static_cast<double>(length_.steps - std::min(step, length_.steps));
  return fmt::format("{:.0f} samples/s, ETA {}", rate,
                     time_text(left * time / done));
}

void train_progress::draw(const step_report& report) {
  drawn_ = now_();
  auto share = static_cast<double>(report.step)
               / static_cast<double>(std::max<uint64_t>(length_.steps, 1));
  auto full = static_cast<size_t>(std::min(share, 1.0) * bar_width);
  auto text = fmt::format("[{}{}] {:3.0f} %  epoch {}/{}  loss {:.4f}",
                          std::string(full, '#'),
                          std::string(bar_width - full, '.'), 100 * share,
                          report.epoch + 1, length_.epochs, report.loss);
  if (validation_)
    text += fmt::format("  validation {:.4f}", *validation_);
  out_ << clear_line << text << "  " << rate_text(report.step) << std::flush;
}

} // namespace qalpha
