// A value or the reason why there is none.

#pragma once

#include <string>
#include <utility>
#include <variant>

namespace qalpha {

/// One clear line for the person who gave the input: what is wrong, where, what
/// was expected and what was found. Never holds a secret.
struct fault {
  std::string text;

  friend bool operator==(const fault&, const fault&) = default;
};

/// Result of an operation that fails on bad input.
template <class T>
class fallible {
public:
  fallible(T value) : content_(std::in_place_index<0>, std::move(value)) {
    // nop
  }

  fallible(fault reason) : content_(std::in_place_index<1>, std::move(reason)) {
    // nop
  }

  explicit operator bool() const noexcept {
    return content_.index() == 0;
  }

  /// @pre holds a value
  T& operator*() {
    return std::get<0>(content_);
  }

  /// @pre holds a value
  const T& operator*() const {
    return std::get<0>(content_);
  }

  /// @pre holds a value
  T* operator->() {
    return &std::get<0>(content_);
  }

  /// @pre holds a value
  const T* operator->() const {
    return &std::get<0>(content_);
  }

  /// @pre holds no value
  const fault& error() const {
    return std::get<1>(content_);
  }

private:
  std::variant<T, fault> content_;
};

} // namespace qalpha
