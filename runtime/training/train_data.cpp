#include "runtime/training/train_data.hpp"

#include "runtime/features/market_table.hpp"

namespace qalpha {

fallible<train_data> load_train_data(const data_source& source,
                                     std::chrono::milliseconds interval) {
  train_data result;
  if (source.signal) {
    result.history.push_back(plant(*source.signal));
    return result;
  }
  if (source.regimes) {
    auto planted = plant(*source.regimes);
    result.history.push_back(std::move(planted.rows));
    result.truth = std::move(planted.truth);
    return result;
  }
  for (const auto& [name, path] : source.files) {
    auto table = read_market_table(path, interval);
    if (!table)
      return table.error();
    result.history.push_back({name, std::move(table->columns)});
  }
  return result;
}

} // namespace qalpha
