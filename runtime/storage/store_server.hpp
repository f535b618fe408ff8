// A server that takes copies.

#pragma once

#include "models/machine/fallible.hpp"
#include "runtime/storage/spool.hpp"
#include "runtime/storage/store_record.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace qalpha {

/// One connection to a server, used by one thread. Every call ends within a few
/// seconds, whatever the server does.
class store_server {
public:
  virtual ~store_server() = default;

  /// Connects, proves who we are and creates what is missing.
  /// @returns why not; never with a secret in it. What a person should know
  ///          about a server that works is added to `warnings`.
  virtual std::optional<fault> connect(std::vector<std::string>& warnings) = 0;

  /// Forgets the connection.
  virtual void disconnect() noexcept = 0;

  /// @returns the id of the last entry of the stream, `{}` if there is none.
  /// @pre connected
  virtual fallible<entry_id> last(store_stream stream) = 0;

  /// Adds all entries or none of them. Entries that are there already stay as
  /// they are.
  /// @returns why it is not known that they are there; the connection is then
  ///          of no use any more.
  /// @pre connected; ids rise and are beyond `last`
  virtual std::optional<fault>
  write(store_stream stream, const spool_batch& entries) = 0;

  /// Largest batch that the server likes.
  virtual size_t batch_records() const noexcept = 0;
};

} // namespace qalpha
