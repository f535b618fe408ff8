// The stores of a node.

#pragma once

#include "runtime/storage/copying_store.hpp"
#include "runtime/storage/store_settings.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace qalpha {

/// Hands each row to all stores.
class store_set final : public store_sink {
public:
  /// Opens the enabled ones; their spools are in `directory`/<name>.
  /// @pre `incidents` outlives the stores
  /// @returns `nullptr` if none is enabled, a fault if a spool cannot be used.
  static fallible<std::unique_ptr<store_set>>
  open(const store_settings& settings, const std::filesystem::path& directory,
       incident_log& incidents);

  void append(store_stream stream, std::string_view row) override;

  /// @returns name and status of each store.
  std::vector<std::pair<std::string, store_status>> status() const;

private:
  std::vector<std::unique_ptr<copying_store>> stores_;
};

} // namespace qalpha
