// Where a secret is kept; never the secret itself.

#pragma once

#include "models/machine/fallible.hpp"

#include <string>
#include <string_view>

namespace qalpha {

/// Names the place of a secret: "file:PATH" or "env:NAME". Such a text may be
/// logged and stored in a configuration.
class secret_reference {
public:
  /// No secret at all.
  secret_reference() = default;

  /// @returns a fault if `text` is neither empty nor a reference. The fault
  /// does
  ///          not repeat `text`, which could be a password in the wrong place.
  static fallible<secret_reference> parse(std::string_view text);

  bool empty() const noexcept {
    return text_.empty();
  }

  const std::string& text() const noexcept {
    return text_;
  }

  /// Looks the secret up, anew each time, so that it can be changed while the
  /// node runs. One line end behind it does not count.
  /// @returns a fault if it is missing, empty, too long or may be read by
  ///          everybody.
  fallible<std::string> reveal() const;

private:
  std::string text_;
};

} // namespace qalpha
