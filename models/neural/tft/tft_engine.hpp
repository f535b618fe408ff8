// The temporal fusion transformer for forecasts, one window at a time, without
// LibTorch. As `temporal_fusion` but for rounding, and many times as fast.

#pragma once

#include "models/neural/tft/fused_selection.hpp"
#include "models/neural/tft/tft_settings.hpp"

#include <memory>
#include <span>

namespace qalpha {

/// What a series says to every window of it, and what is kept of the last one.
/// A row of the past is selected from on its own, so that a window that goes on
/// where the last one ended needs its new rows only.
struct tft_series {
  std::vector<float> static_shares;
  std::vector<float> past_context;
  std::vector<float> known_context;
  std::vector<float> enrichment;
  std::vector<float> hidden;
  std::vector<float> cell;

  /// The last window; empty before the first one.
  std::vector<float> past;
  row_buffer past_shares;
  row_buffer selected;
  row_buffer projected;
};

/// What comes out, row by row; valid until the next call.
struct tft_answer {
  /// One value a level for each step of the horizon; they may cross.
  std::span<const float> quantiles;
  /// Shares of the variables at each step, `padded(variables)` values.
  matrix_view past_shares;
  matrix_view known_shares;
};

/// One variable of a window is one number: its value or its code. Variables are
/// in the order of `tft_settings`.
class tft_engine {
public:
  /// @pre the tensors are those of a `temporal_fusion` with these settings
  tft_engine(const tft_settings& settings,
             std::span<const tensor_values> tensors);

  /// Of the static variables.
  tft_series read_series(std::span<const float> variables);

  /// The same to the last bit whatever `series` keeps.
  /// @param past `lookback` rows of the past's variables
  /// @param known `horizon` rows of the known variables
  tft_answer forward(tft_series& series, std::span<const float> past,
                     std::span<const float> known);

private:
  tft_engine(const tft_settings& settings, const weight_reader& weights);

  void select_past(tft_series& series, std::span<const float> past);
  void run_recurrent(tft_series& series);
  void attend(size_t first);

  tft_settings settings_;
  const dense_kernels& kernels_;
  size_t width_;
  size_t lookback_;
  size_t horizon_;

  fused_selection static_selection_;
  fused_residual selection_context_;
  fused_residual enrichment_context_;
  fused_residual hidden_context_;
  fused_residual cell_context_;
  fused_selection past_selection_;
  fused_selection known_selection_;
  fused_recurrent encoder_;
  fused_recurrent decoder_;
  fused_gate recurrent_gate_;
  fused_residual enrichment_;
  std::vector<packed_matrix> query_;
  std::vector<packed_matrix> key_;
  packed_matrix value_;
  packed_matrix output_;
  fused_gate attention_gate_;
  fused_residual positionwise_;
  fused_gate output_gate_;
  packed_matrix quantiles_;

  // Rows of all steps.
  row_buffer selected_;
  row_buffer recurrent_;
  row_buffer gated_;
  row_buffer enriched_;
  row_buffer inner_;
  row_buffer gates_;
  row_buffer head_;
  // Rows of the horizon.
  row_buffer known_shares_;
  row_buffer projected_;
  row_buffer asked_;
  row_buffer score_;
  row_buffer mean_share_;
  row_buffer looked_;
  row_buffer attended_;
  row_buffer positioned_;
  row_buffer last_;
  row_buffer answer_;
  packed_matrix turned_;
  std::vector<float> levels_;
};

} // namespace qalpha
