// A disk for SQLite that fails when it is told to.

#pragma once

#include <functional>
#include <string_view>

namespace qalpha::test {

enum class disk_operation { write, sync, truncate };

/// Takes the place of SQLite's file system for all connections that are opened
/// during its life; they must be closed by its end. At most one at a time.
class failing_vfs {
public:
  /// Called before each operation, from any thread.
  /// @returns SQLITE_OK to let it pass, or the code it fails with.
  using policy = std::function<int(disk_operation, std::string_view file)>;

  explicit failing_vfs(policy decide);
  ~failing_vfs();

  failing_vfs(const failing_vfs&) = delete;
  failing_vfs& operator=(const failing_vfs&) = delete;
};

} // namespace qalpha::test
