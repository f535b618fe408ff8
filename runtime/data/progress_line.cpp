#include "runtime/data/progress_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <utility>

namespace qalpha {

namespace {

// Often enough to look alive, seldom enough to cost nothing.
constexpr auto redraw_every = std::chrono::milliseconds{100};

constexpr size_t bar_width = 24;

// Over what was there before; the longest line has fewer columns.
constexpr const char* clear_line = "\r\x1b[K";

std::string size_text(double bytes) {
  if (bytes < 1e3)
    return fmt::format("{:.0f} B", bytes);
  if (bytes < 1e6)
    return fmt::format("{:.1f} kB", bytes / 1e3);
  return bytes < 1e9 ? fmt::format("{:.1f} MB", bytes / 1e6)
                     : fmt::format("{:.2f} GB", bytes / 1e9);
}

std::string time_text(double seconds) {
  auto whole = static_cast<long>(std::clamp(seconds, 0.0, 359'999.0) + 0.5);
  if (whole < 3600)
    return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60,
                     whole % 60);
}

} // namespace

progress_line::progress_line(std::ostream& out, bool terminal,
                             std::function<clock::time_point()> now)
  : out_(out), terminal_(terminal), now_(std::move(now)), start_(now_()) {
  // nop
}

progress_line::~progress_line() {
  if (terminal_)
    out_ << clear_line << std::flush;
}

void progress_line::on_plan(size_t steps) {
  ahead_ = std::max<size_t>(steps, 1);
}

void progress_line::on_step(const std::string& what) {
  step_ = what;
  current_ = {};
  receives_ = false;
  draw();
}

void progress_line::on_bytes(http_progress progress) {
  // What was on the disk already has not come at any rate.
  if (!receives_)
    first_received_ = progress.received;
  receives_ = true;
  current_ = progress;
  if (terminal_ && now_() - drawn_ >= redraw_every)
    draw();
}

void progress_line::on_done(const std::string& how) {
  if (receives_)
    bytes_ += current_.received - std::min(first_received_, current_.received);
  receives_ = false;
  if (!terminal_)
    out_ << step_ << ": " << how << std::endl;
  ++done_;
  ahead_ = std::max<size_t>(ahead_, 2) - 1;
  current_ = {};
  draw();
}

double progress_line::done_share() const {
  auto part = current_.total == 0 ? 0.0
                                  : static_cast<double>(current_.received)
                                      / static_cast<double>(current_.total);
  return (static_cast<double>(done_) + std::min(part, 1.0))
         / static_cast<double>(done_ + ahead_);
}

void progress_line::draw() {
  if (!terminal_)
    return;
  drawn_ = now_();
  auto seconds = std::chrono::duration<double>(drawn_ - start_).count();
  auto share = done_share();
  auto full = static_cast<size_t>(share * bar_width);
  auto bytes = bytes_
               + (receives_ ? current_.received
                                - std::min(first_received_, current_.received)
                            : 0);
  auto text = fmt::format("[{}{}] {:3.0f} %", std::string(full, '#'),
                          std::string(bar_width - full, '.'), 100 * share);
  if (seconds > 0 && bytes > 0)
    text += fmt::format("  {}/s",
                        size_text(static_cast<double>(bytes) / seconds));
  if (share > 0 && seconds > 1)
    text += "  ETA " + time_text(seconds / share - seconds);
  out_ << clear_line << text << "  " << step_ << std::flush;
}

} // namespace qalpha
