#include "models/features/pipeline.hpp"

#include "models/features/block/row_checks.hpp"
#include "models/features/market_columns.hpp"

#include <algorithm>
#include <cmath>

namespace qalpha {

feature_pipeline::feature_pipeline(feature_plan plan)
  : plan_(std::move(plan)),
    interval_(static_cast<double>(plan_.interval.count())),
    time_source_(static_cast<size_t>(
      std::find(plan_.sources.begin(), plan_.sources.end(), time_column)
      - plan_.sources.begin())),
    gate_(plan_.sources) {
  std::vector<size_t> own;
  size_t most_inputs = 0;
  size_t most_outputs = 0;
  for (const auto& step : plan_.steps) {
    // `feature_plan::make` has made each of them once.
    auto made = std::move(*step.entry->make(step.parameters));
    own.push_back(made.warm_up);
    longest_memory_ = std::max(longest_memory_, made.memory);
    worker fresh{std::move(made.object), made.memory};
    fresh.held.assign(step.inputs.size(), undefined);
    fresh.dirty.resize(tile_rows);
    workers_.push_back(std::move(fresh));
    most_inputs = std::max(most_inputs, step.inputs.size());
    most_outputs = std::max(most_outputs, step.entry->outputs.size());
  }
  find_warm_up(own);
  for (size_t i = 0; i < plan_.steps.size(); ++i)
    owners_.insert(owners_.end(), plan_.steps[i].entry->outputs.size(), i);
  input_places_.resize(most_inputs);
  input_dirt_.resize(most_inputs);
  outputs_.resize(most_outputs);
  scratch_.resize(most_inputs * tile_rows);
}

void feature_pipeline::find_warm_up(const std::vector<size_t>& own) {
  std::vector<size_t> of_column(plan_.columns.size());
  for (size_t i = 0; i < plan_.steps.size(); ++i) {
    const auto& step = plan_.steps[i];
    size_t before = 0;
    for (auto input : step.inputs)
      if (input.of_feature)
        before = std::max(before, of_column[input.column]);
    for (size_t j = 0; j < step.entry->outputs.size(); ++j)
      of_column[step.first_column + j] = before + own[i];
    warm_up_ = std::max(warm_up_, before + own[i]);
  }
}

void feature_pipeline::reset() {
  gate_.reset();
  for (auto& who : workers_) {
    who.object->reset();
    who.started = false;
    who.dirty_left = 0;
    std::fill(who.held.begin(), who.held.end(), undefined);
  }
  last_time_ = std::nullopt;
  ready_ = false;
}

// -- rows
// -----------------------------------------------------------------------

void feature_pipeline::update(const double* const* sources,
                              double* const* columns, size_t rows) {
  std::vector<const double*> from(sources, sources + plan_.sources.size());
  std::vector<double*> to(columns, columns + plan_.columns.size());
  auto advance = [&](size_t count) {
    for (auto& pointer : from)
      pointer += count;
    for (auto& pointer : to)
      pointer += count;
    rows -= count;
  };
  while (rows > 0) {
    auto times = from[time_source_];
    auto step = last_time_ ? times[0] - *last_time_ : interval_;
    if (!(step > 0) || !std::isfinite(times[0])) {
      for (auto pointer : to)
        *pointer = undefined;
      ready_ = false;
      advance(1);
      continue;
    }
    if (step != interval_)
      pass_gap(*last_time_, step / interval_);
    auto count = std::min(rows, tile_rows);
    if (!all_stepping(times, count, interval_)) {
      count = 1;
      while (times[count] - times[count - 1] == interval_)
        ++count;
    }
    run_tile({gate_.pass(from.data(), count), to.data(), count});
    last_time_ = times[count - 1];
    advance(count);
  }
}

void feature_pipeline::pass_gap(double from, double steps) {
  if (steps != std::floor(steps)
      || steps - 1 >= static_cast<double>(longest_memory_)) {
    reset();
    return;
  }
  nowhere_.resize(plan_.columns.size() * tile_rows);
  std::vector<double*> to;
  for (size_t i = 0; i < plan_.columns.size(); ++i)
    to.push_back(&nowhere_[i * tile_rows]);
  auto missing = static_cast<size_t>(steps) - 1;
  for (size_t done = 0; done < missing;) {
    auto count = std::min(missing - done, tile_rows);
    auto first = from + static_cast<double>(done + 1) * interval_;
    run_tile({gate_.fill(first, interval_, count), to.data(), count});
    done += count;
  }
}

// -- one tile
// -------------------------------------------------------------------

void feature_pipeline::run_tile(const tile& now) {
  for (size_t i = 0; i < plan_.steps.size(); ++i)
    run_step(i, now);
  // Only now, since features read each other's columns.
  ready_ = true;
  for (size_t i = 0; i < plan_.steps.size(); ++i) {
    const auto& step = plan_.steps[i];
    for (size_t j = 0; j < step.entry->outputs.size(); ++j) {
      auto column = now.columns[step.first_column + j];
      if (workers_[i].any_dirty)
        for (size_t row = 0; row < now.rows; ++row)
          if (workers_[i].dirty[row] != 0)
            column[row] = undefined;
      ready_ = ready_ && !std::isnan(column[now.rows - 1]);
    }
  }
}

void feature_pipeline::run_step(size_t index, const tile& now) {
  const auto& step = plan_.steps[index];
  auto& who = workers_[index];
  bind_inputs(index, now);
  auto begin = who.started ? size_t{0} : first_defined(now.rows);
  for (size_t j = 0; j < step.entry->outputs.size(); ++j) {
    outputs_[j] = now.columns[step.first_column + j];
    std::fill_n(outputs_[j], begin, undefined);
    outputs_[j] += begin;
  }
  who.any_dirty = false;
  if (begin == now.rows)
    return;
  who.started = true;
  find_dirt(who, begin, now.rows);
  hold_inputs(index, begin, now.rows);
  if (who.any_dirty || who.dirty_left > 0)
    spread_dirt(who, begin, now.rows);
  for (auto& input : inputs_)
    input += begin;
  who.object->update(inputs_.data(), outputs_.data(), now.rows - begin);
}

void feature_pipeline::bind_inputs(size_t index, const tile& now) {
  const auto& wanted = plan_.steps[index].inputs;
  inputs_ = {input_places_.data(), wanted.size()};
  for (size_t i = 0; i < wanted.size(); ++i) {
    auto [column, of_feature] = wanted[i];
    if (of_feature) {
      auto& owner = workers_[owners_[column]];
      inputs_[i] = now.columns[column];
      input_dirt_[i] = owner.any_dirty ? owner.dirty.data() : nullptr;
    } else {
      inputs_[i] = now.sources[column].values;
      input_dirt_[i] = now.sources[column].dirty;
    }
  }
}

size_t feature_pipeline::first_defined(size_t rows) const {
  for (size_t row = 0; row < rows; ++row) {
    auto undefined_in = [row](auto input) { return std::isnan(input[row]); };
    if (std::none_of(inputs_.begin(), inputs_.end(), undefined_in))
      return row;
  }
  return rows;
}

// What comes in dirty.
void feature_pipeline::find_dirt(worker& who, size_t begin, size_t rows) {
  for (size_t i = 0; i < inputs_.size(); ++i) {
    if (input_dirt_[i] == nullptr)
      continue;
    if (!who.any_dirty)
      std::fill(who.dirty.begin(), who.dirty.end(), uint8_t{0});
    who.any_dirty = true;
    for (auto row = begin; row < rows; ++row)
      who.dirty[row] |= input_dirt_[i][row];
  }
}

// A feature may be undefined in between, where it would divide by zero; who
// reads it goes on from what it was, and is dirty.
void feature_pipeline::hold_inputs(size_t index, size_t begin, size_t rows) {
  auto& who = workers_[index];
  for (size_t i = 0; i < inputs_.size(); ++i) {
    // What comes through the gate stays defined.
    if (!plan_.steps[index].inputs[i].of_feature)
      continue;
    auto lowest = -std::numeric_limits<double>::infinity();
    if (!all_within(inputs_[i] + begin, rows - begin, lowest, -lowest)) {
      if (!who.any_dirty)
        std::fill(who.dirty.begin(), who.dirty.end(), uint8_t{0});
      who.any_dirty = true;
      auto copy = &scratch_[i * tile_rows];
      auto last = who.held[i];
      for (auto row = begin; row < rows; ++row) {
        if (std::isnan(inputs_[i][row]))
          who.dirty[row] = 1;
        else
          last = inputs_[i][row];
        copy[row] = last;
      }
      inputs_[i] = copy;
    }
    who.held[i] = inputs_[i][rows - 1];
  }
}

// A dirty row makes the rows after it dirty for as long as it is remembered.
void feature_pipeline::spread_dirt(worker& who, size_t begin, size_t rows) {
  if (!who.any_dirty)
    std::fill(who.dirty.begin(), who.dirty.end(), uint8_t{0});
  who.any_dirty = true;
  for (auto row = begin; row < rows; ++row) {
    if (who.dirty[row] != 0)
      who.dirty_left = who.memory;
    who.dirty[row] = who.dirty_left > 0;
    if (who.dirty_left > 0)
      --who.dirty_left;
  }
}

} // namespace qalpha
