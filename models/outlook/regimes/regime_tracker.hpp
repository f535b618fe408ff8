// Which regime there is, told by readings that waver.

#pragma once

#include "models/outlook/regime_model.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace qalpha {

/// When a change counts.
struct confirmation {
  /// The same reading in a row that it takes.
  size_t readings = 3;
  /// Readings that have to have passed since the last change, before another.
  size_t dwell = 5;
};

/// Holds on to a label until another one has been read often enough.
///
/// A reading of the label that holds clears the candidate, and one of a third
/// label takes its place and begins to count anew. What was said is never
/// taken back.
class label_tracker {
public:
  explicit label_tracker(const confirmation& rule = {}) : rule_(rule) {
    // nop
  }

  /// @returns whether the label has changed. The first reading holds at once
  ///          and is no change.
  bool add(size_t label) noexcept {
    if (!label_) {
      label_ = label;
      return false;
    }
    ++since_change_;
    if (label == *label_) {
      seen_ = 0;
      return false;
    }
    seen_ = seen_ > 0 && label == candidate_ ? seen_ + 1 : 1;
    candidate_ = label;
    if (seen_ < rule_.readings || since_change_ <= rule_.dwell)
      return false;
    label_ = label;
    seen_ = 0;
    since_change_ = 0;
    return true;
  }

  /// @returns the label that holds; `nullopt` before the first reading.
  std::optional<size_t> label() const noexcept {
    return label_;
  }

private:
  confirmation rule_;
  std::optional<size_t> label_;
  size_t candidate_ = 0;
  size_t seen_ = 0;
  size_t since_change_ = 0;
};

/// Fact: another regime holds from here on.
struct regime_change {
  /// Of the reading that confirmed it.
  int64_t time_ms = 0;
  regime from = regime::bull;
  regime to = regime::bull;
  /// Of `to`.
  double probability = 0;
  double novelty = 0;

  friend bool operator==(const regime_change&, const regime_change&) = default;
};

/// @returns the most probable regime, the first of equally probable ones.
inline regime most_probable(const regime_reading& x) noexcept {
  size_t best = 0;
  for (size_t i = 1; i < regime_count; ++i)
    if (x.probabilities[i] > x.probabilities[best])
      best = i;
  return static_cast<regime>(best);
}

/// Follows the readings of a model.
class regime_tracker {
public:
  explicit regime_tracker(const confirmation& rule = {}) : labels_(rule) {
    // nop
  }

  /// @returns the change, if there is one.
  std::optional<regime_change> add(int64_t time_ms,
                                   const regime_reading& reading) noexcept {
    auto before = current();
    auto read = static_cast<size_t>(most_probable(reading));
    if (!labels_.add(read))
      return std::nullopt;
    return regime_change{time_ms, *before, *current(),
                         reading.probabilities[read], reading.novelty};
  }

  /// @returns the regime that holds; `nullopt` before the first reading.
  std::optional<regime> current() const noexcept {
    auto label = labels_.label();
    return label ? std::optional{static_cast<regime>(*label)} : std::nullopt;
  }

private:
  label_tracker labels_;
};

} // namespace qalpha
