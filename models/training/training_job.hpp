// The training of one model from its data to a checkpoint, without LibTorch.

#pragma once

#include "models/checkpoints/checkpoint.hpp"
#include "models/machine/fallible.hpp"
#include "models/training/training_state.hpp"
#include "models/training/training_view.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace qalpha {

/// What came out.
struct training_result {
  /// Without the commit and the time, which whoever asked for it knows.
  checkpoint model;
  /// Out of sample, by name.
  std::map<std::string, double> figures;
  /// The same with several values.
  std::map<std::string, std::vector<double>> lists;
  /// Of the trained model, with the rows that no step has seen.
  training_view view;
};

/// Steps until it is finished; may stop in between, keep its state, and go on
/// from there in another process. Not safe for several threads at a time.
class training_job {
public:
  virtual ~training_job() = default;

  virtual training_length length() const noexcept = 0;

  virtual bool finished() const noexcept = 0;

  /// @pre `!finished()`
  virtual fallible<step_report> step() = 0;

  virtual training_state save() const = 0;

  /// @returns a fault if the state is that of another training; nothing has
  ///          changed then.
  virtual std::optional<fault> load(const training_state& state) = 0;

  /// Weights by name, as they are now.
  virtual std::vector<tensor_values> weights() const = 0;

  /// What the model with its present weights makes of rows that no step learns
  /// from, without those of the test. The steps that follow are the same as if
  /// nobody had looked.
  /// @returns a fault if it cannot be said; a training goes on without a view.
  virtual fallible<training_view> view() {
    return training_view{};
  }

  /// Takes the best weights and tries them on what no step has seen.
  virtual fallible<training_result> finish() = 0;
};

} // namespace qalpha
