// A trained model as a value: what it is, how it was made, and its weights.

#pragma once

#include "models/features/feature_spec.hpp"
#include "models/outlook/drift.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace qalpha {

/// One tensor of single precision, last index fastest.
struct tensor_values {
  std::string name;
  std::vector<int64_t> shape;
  std::vector<float> values;

  friend bool operator==(const tensor_values&, const tensor_values&) = default;
};

/// Brings a column to mean zero and deviation one; found on the training part
/// only.
struct column_scale {
  double mean = 0;
  /// Of the population; positive.
  double deviation = 1;

  friend bool operator==(const column_scale&, const column_scale&) = default;
};

/// What there is to know about a model without its weights.
struct manifest {
  /// Lower case letters, digits and dashes, 1 to 64.
  std::string id;
  /// "temporal-fusion-transformer", "decision-transformer", "contrastive-vae".
  std::string architecture;
  /// What it reads, in the order of its columns.
  feature_spec features;
  /// As `feature_plan::schema_hash`.
  std::string schema_hash;
  /// One for each column of the plan.
  std::vector<column_scale> scales;
  /// How the training part was spread, by which drift is judged; one for each
  /// column of the plan, or none where nobody asked.
  std::vector<column_bins> bins;
  /// Sizes and other figures of the architecture, by name.
  std::map<std::string, double> settings;
  /// The same with several values, such as the quantile levels.
  std::map<std::string, std::vector<double>> lists;
  /// Names by meaning: "series" for the instruments, "known" for the columns
  /// known beforehand, "regimes".
  std::map<std::string, std::vector<std::string>> names;

  /// Of the data it was trained on.
  std::string data_hash;
  int64_t data_begin_ms = 0;
  int64_t data_end_ms = 0;
  uint64_t seed = 0;
  /// Of the program that trained it.
  std::string commit;
  int64_t trained_at_ms = 0;
  /// Out of sample, by name.
  std::map<std::string, double> metrics;

  friend bool operator==(const manifest&, const manifest&) = default;
};

/// A manifest with the weights.
struct checkpoint {
  manifest about;
  std::vector<tensor_values> tensors;

  friend bool operator==(const checkpoint&, const checkpoint&) = default;
};

} // namespace qalpha
