#include "models/neural/tft/tft_engine.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace qalpha {

namespace {

void add_group(std::vector<variable_vectors>& to, const weight_reader& weights,
               const std::string& name, size_t categories, int64_t values) {
  for (size_t i = 0; i < categories; ++i)
    to.push_back(
      {weights.matrix(name + ".category_" + std::to_string(i)), {}, {}});
  for (size_t i = 0; i < static_cast<size_t>(values); ++i)
    to.push_back({{},
                  weights.vector(name + ".vectors", i),
                  weights.vector(name + ".offsets", i)});
}

std::vector<variable_vectors> static_vectors(const tft_settings& x,
                                             const weight_reader& weights) {
  std::vector<variable_vectors> result;
  add_group(result, weights, "static_inputs", x.static_categories.size(),
            x.static_values);
  return result;
}

std::vector<variable_vectors> known_vectors(const tft_settings& x,
                                            const weight_reader& weights) {
  std::vector<variable_vectors> result;
  add_group(result, weights, "known_inputs", x.known_categories.size(),
            x.known_values);
  return result;
}

std::vector<variable_vectors> past_vectors(const tft_settings& x,
                                           const weight_reader& weights) {
  std::vector<variable_vectors> result;
  add_group(result, weights, "observed_inputs", x.observed_categories.size(),
            x.observed_values);
  add_group(result, weights, "known_inputs", x.known_categories.size(),
            x.known_values);
  add_group(result, weights, "target_inputs", 0, x.targets);
  return result;
}

/// @returns how many of the last rows of `now` are new, if its first ones are
///          the last ones of `before`; else all.
size_t new_rows(std::span<const float> before, std::span<const float> now,
                size_t rows) {
  if (before.size() != now.size())
    return rows;
  auto columns = now.size() / rows;
  for (size_t fresh = 0; fresh < rows; ++fresh) {
    auto same = now.size() - fresh * columns;
    if (std::memcmp(now.data(), before.data() + fresh * columns,
                    same * sizeof(float))
        == 0)
      return fresh;
  }
  return rows;
}

/// Rows `[first, first + count)` of a layer without bias, times `factor`.
packed_matrix rows_of(const weight_matrix& x, size_t first, size_t count,
                      double factor = 1) {
  std::vector<double> values{x.row(first), x.row(first) + count * x.columns};
  for (auto& value : values)
    value *= factor;
  return {count, x.columns, values, {}};
}

matrix_view rows_in(std::span<const float> x, size_t columns) {
  // Kernels do not change what they read.
  return {const_cast<float*>(x.data()), columns};
}

} // namespace

tft_engine::tft_engine(const tft_settings& settings,
                       std::span<const tensor_values> tensors)
  : tft_engine(settings, weight_reader{tensors}) {
  // nop
}

tft_engine::tft_engine(const tft_settings& settings,
                       const weight_reader& weights)
  : settings_(settings), kernels_(dense_kernels_of(current_vector_level())),
    width_(static_cast<size_t>(settings.hidden)),
    lookback_(static_cast<size_t>(settings.lookback)),
    horizon_(static_cast<size_t>(settings.horizon)),
    static_selection_(weights, "static_selection",
                      static_vectors(settings, weights), settings.norm_epsilon),
    selection_context_(weights, "selection_context", settings.norm_epsilon),
    enrichment_context_(weights, "enrichment_context", settings.norm_epsilon),
    hidden_context_(weights, "hidden_context", settings.norm_epsilon),
    cell_context_(weights, "cell_context", settings.norm_epsilon),
    past_selection_(weights, "past_selection", past_vectors(settings, weights),
                    settings.norm_epsilon),
    known_selection_(weights, "known_selection",
                     known_vectors(settings, weights), settings.norm_epsilon),
    encoder_(weights, "encoder"), decoder_(weights, "decoder"),
    recurrent_gate_(weights, "recurrent_gate", settings.norm_epsilon),
    enrichment_(weights, "enrichment", settings.norm_epsilon),
    attention_gate_(weights, "attention_gate", settings.norm_epsilon),
    positionwise_(weights, "positionwise", settings.norm_epsilon),
    output_gate_(weights, "output_gate", settings.norm_epsilon) {
  auto heads = static_cast<size_t>(settings.heads);
  auto part = width_ / heads;
  auto projection = weights.matrix("attention.projection.weight");
  for (size_t head = 0; head < heads; ++head) {
    query_.push_back(rows_of(projection, head * part, part,
                             1 / std::sqrt(static_cast<double>(part))));
    key_.push_back(rows_of(projection, width_ + head * part, part));
  }
  value_ = rows_of(projection, 2 * width_, part);
  output_ = rows_of(weights.matrix("attention.output.weight"), 0, width_);
  auto last = weights.matrix("quantiles.weight");
  quantiles_ = packed_matrix{last.rows, last.columns, last.values,
                             weights.vector("quantiles.bias")};
  auto steps = lookback_ + horizon_;
  selected_ = {steps, width_};
  recurrent_ = {steps, width_};
  gated_ = {steps, width_};
  enriched_ = {steps, width_};
  inner_ = {steps, width_};
  gates_ = {steps, 2 * padded(width_)};
  head_ = {steps, part};
  known_shares_ = {horizon_, known_selection_.variables()};
  projected_ = {horizon_, decoder_.projected_columns()};
  asked_ = {horizon_, part};
  score_ = {horizon_, steps};
  mean_share_ = {horizon_, steps};
  looked_ = {horizon_, part};
  attended_ = {horizon_, width_};
  positioned_ = {horizon_, width_};
  last_ = {horizon_, width_};
  answer_ = {horizon_, settings.levels.size()};
}

tft_series tft_engine::read_series(std::span<const float> variables) {
  tft_series result;
  auto stride = padded(width_);
  result.static_shares.resize(padded(variables.size()));
  std::vector<float> sum(stride);
  static_selection_.forward(kernels_, rows_in(variables, variables.size()), {},
                            1, {sum.data(), stride},
                            {result.static_shares.data(), 0});
  auto context = [&](const fused_residual& network) {
    std::vector<float> made(stride);
    network.forward(kernels_, {sum.data(), stride}, {}, 1, inner_.view(),
                    gates_.view(), {made.data(), stride});
    return made;
  };
  auto selection = context(selection_context_);
  if (past_selection_.variables() > 1)
    result.past_context = past_selection_.read_context(kernels_,
                                                       selection.data());
  if (known_selection_.variables() > 1)
    result.known_context = known_selection_.read_context(kernels_,
                                                         selection.data());
  result.enrichment
    = enrichment_.read_context(kernels_, context(enrichment_context_).data());
  result.hidden = context(hidden_context_);
  result.cell = context(cell_context_);
  result.past_shares = {lookback_, past_selection_.variables()};
  result.selected = {lookback_, width_};
  result.projected = {lookback_, encoder_.projected_columns()};
  return result;
}

void tft_engine::select_past(tft_series& series, std::span<const float> past) {
  auto fresh = new_rows(series.past, past, lookback_);
  auto first = lookback_ - fresh;
  if (first > 0 && fresh > 0) {
    series.past_shares.drop_first(fresh);
    series.selected.drop_first(fresh);
    series.projected.drop_first(fresh);
  }
  auto variables = past_selection_.variables();
  past_selection_.forward(
    kernels_, rows_in(past.subspan(first * variables), variables),
    series.past_context, fresh, series.selected.view(first),
    series.past_shares.view(first));
  encoder_.project(kernels_, series.selected.view(first), fresh,
                   series.projected.view(first));
  series.past.assign(past.begin(), past.end());
  std::copy_n(series.selected.view().values,
              lookback_ * series.selected.stride(), selected_.view().values);
}

tft_answer tft_engine::forward(tft_series& series, std::span<const float> past,
                               std::span<const float> known) {
  select_past(series, past);
  known_selection_.forward(kernels_,
                           rows_in(known, known_selection_.variables()),
                           series.known_context, horizon_,
                           selected_.view(lookback_), known_shares_.view());
  run_recurrent(series);
  auto steps = lookback_ + horizon_;
  recurrent_gate_.forward(kernels_, recurrent_.view(), selected_.view(), steps,
                          gates_.view(), gated_.view());
  enrichment_.forward(kernels_, gated_.view(), series.enrichment, steps,
                      inner_.view(), gates_.view(), enriched_.view());
  attend(lookback_);
  attention_gate_.forward(kernels_, attended_.view(), enriched_.view(lookback_),
                          horizon_, gates_.view(), attended_.view());
  positionwise_.forward(kernels_, attended_.view(), {}, horizon_, inner_.view(),
                        gates_.view(), positioned_.view());
  output_gate_.forward(kernels_, positioned_.view(), gated_.view(lookback_),
                       horizon_, gates_.view(), last_.view());
  kernels_.multiply(quantiles_, last_.view(), horizon_, answer_.view());
  levels_.clear();
  for (size_t row = 0; row < horizon_; ++row)
    levels_.insert(levels_.end(), answer_.view().row(row),
                   answer_.view().row(row) + settings_.levels.size());
  return {levels_, series.past_shares.view(), known_shares_.view()};
}

void tft_engine::run_recurrent(tft_series& series) {
  auto hidden = series.hidden;
  auto cell = series.cell;
  encoder_.forward(kernels_, series.projected.view(), lookback_, hidden.data(),
                   cell.data(), recurrent_.view());
  decoder_.project(kernels_, selected_.view(lookback_), horizon_,
                   projected_.view());
  decoder_.forward(kernels_, projected_.view(), horizon_, hidden.data(),
                   cell.data(), recurrent_.view(lookback_));
}

// The last steps look at all up to themselves; later ones have no share.
void tft_engine::attend(size_t first) {
  auto steps = first + horizon_;
  auto mean = mean_share_.view();
  for (size_t row = 0; row < horizon_; ++row)
    std::fill_n(mean.row(row), mean.stride, 0.0f);
  auto part = width_ / query_.size();
  auto share = 1.0f / static_cast<float>(query_.size());
  for (size_t head = 0; head < query_.size(); ++head) {
    kernels_.multiply(key_[head], enriched_.view(), steps, head_.view());
    turned_.assign_transposed(head_.view().values, steps, part, head_.stride());
    kernels_.multiply(query_[head], enriched_.view(first), horizon_,
                      asked_.view());
    kernels_.multiply(turned_, asked_.view(), horizon_, score_.view());
    for (size_t row = 0; row < horizon_; ++row) {
      auto* score = score_.view().row(row);
      auto seen = first + row + 1;
      kernels_.softmax(score, seen);
      for (size_t i = 0; i < seen; ++i)
        mean.row(row)[i] += share * score[i];
    }
  }
  kernels_.multiply(value_, enriched_.view(), steps, head_.view());
  turned_.assign(head_.view().values, steps, part, head_.stride());
  kernels_.multiply(turned_, mean, horizon_, looked_.view());
  kernels_.multiply(output_, looked_.view(), horizon_, attended_.view());
}

} // namespace qalpha
