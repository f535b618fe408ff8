// Turns values into bytes and back, so that a simulation that was killed can
// continue where it was.
//
// Both classes are inspectors: they understand whatever has an `inspect`
// function, and standard containers of it. Integers are little-endian, so the
// bytes do not depend on the machine.

#pragma once

#include <caf/meta/type_name.hpp>

#include <array>
#include <bit>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace qalpha {

/// Appends values to a string of bytes.
class byte_writer {
public:
  using result_type = void;

  template <class... Ts>
  void operator()(const Ts&... xs) {
    (put(xs), ...);
  }

  /// @returns the bytes behind a checksum that `byte_reader` demands.
  std::string sealed() const;

private:
  void put(const caf::meta::type_name_t&) {
    // nop
  }

  template <class T>
  requires std::integral<T>
  void put(const T& x) {
    auto bits = static_cast<uint64_t>(x);
    for (size_t i = 0; i < sizeof(T); ++i)
      bytes_.push_back(static_cast<char>(bits >> (8 * i) & 0xFF));
  }

  template <class T>
  requires std::is_enum_v<T>
  void put(const T& x) {
    put(static_cast<std::underlying_type_t<T>>(x));
  }

  void put(const double& x) {
    put(std::bit_cast<uint64_t>(x));
  }

  void put(const std::string& x) {
    put(uint64_t{x.size()});
    bytes_ += x;
  }

  template <class Rep, class Period>
  void put(const std::chrono::duration<Rep, Period>& x) {
    put(x.count());
  }

  template <class T>
  void put(const std::optional<T>& x) {
    put(x.has_value());
    if (x)
      put(*x);
  }

  template <class A, class B>
  void put(const std::pair<A, B>& x) {
    put(x.first);
    put(x.second);
  }

  template <class T, size_t N>
  void put(const std::array<T, N>& xs) {
    for (auto& x : xs)
      put(x);
  }

  template <class T>
  void put(const std::vector<T>& xs) {
    put(uint64_t{xs.size()});
    for (auto& x : xs)
      put(x);
  }

  template <class... Ts>
  void put(const std::variant<Ts...>& x) {
    put(static_cast<uint8_t>(x.index()));
    std::visit([this](auto& y) { this->put(y); }, x);
  }

  template <class T>
  requires std::is_class_v<T>
  void put(const T& x) {
    // Inspect functions take a mutable reference for the sake of readers.
    inspect(*this, const_cast<T&>(x));
  }

  std::string bytes_;
};

/// Reads what `byte_writer` wrote. The first thing that does not fit makes all
/// further reads do nothing.
class byte_reader {
public:
  using result_type = void;

  /// Refuses bytes whose checksum is wrong.
  /// @pre `sealed` outlives the reader
  explicit byte_reader(std::string_view sealed);

  template <class... Ts>
  void operator()(Ts&&... xs) {
    (get(xs), ...);
  }

  /// @returns `true` if every byte was read and every read found its bytes.
  bool complete() const noexcept {
    return intact_ && bytes_.empty();
  }

  bool intact() const noexcept {
    return intact_;
  }

private:
  void get(caf::meta::type_name_t&) {
    // nop
  }

  template <class T>
  requires std::integral<T>
  void get(T& x) {
    if (!intact_ || bytes_.size() < sizeof(T)) {
      intact_ = false;
      return;
    }
    uint64_t bits = 0;
    for (size_t i = 0; i < sizeof(T); ++i)
      bits |= uint64_t{static_cast<unsigned char>(bytes_[i])} << (8 * i);
    bytes_.remove_prefix(sizeof(T));
    x = static_cast<T>(bits);
  }

  template <class T>
  requires std::is_enum_v<T>
  void get(T& x) {
    std::underlying_type_t<T> raw{};
    get(raw);
    x = static_cast<T>(raw);
  }

  void get(double& x) {
    uint64_t bits = 0;
    get(bits);
    x = std::bit_cast<double>(bits);
  }

  void get(std::string& x) {
    auto size = count();
    x = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
  }

  template <class Rep, class Period>
  void get(std::chrono::duration<Rep, Period>& x) {
    Rep ticks{};
    get(ticks);
    x = std::chrono::duration<Rep, Period>{ticks};
  }

  template <class T>
  void get(std::optional<T>& x) {
    bool some = false;
    get(some);
    x.reset();
    if (some)
      get(x.emplace());
  }

  template <class A, class B>
  void get(std::pair<A, B>& x) {
    get(x.first);
    get(x.second);
  }

  template <class T, size_t N>
  void get(std::array<T, N>& xs) {
    for (auto& x : xs)
      get(x);
  }

  template <class T>
  void get(std::vector<T>& xs) {
    auto size = count();
    xs.clear();
    for (size_t i = 0; i < size && intact_; ++i)
      get(xs.emplace_back());
  }

  template <class... Ts>
  void get(std::variant<Ts...>& x) {
    uint8_t index = 0;
    get(index);
    if (index >= sizeof...(Ts))
      intact_ = false;
    else
      get_alternative(x, index, std::index_sequence_for<Ts...>{});
  }

  template <class... Ts, size_t... Is>
  void get_alternative(std::variant<Ts...>& x, size_t index,
                       std::index_sequence<Is...>) {
    ((Is == index ? get(x.template emplace<Is>()) : void()), ...);
  }

  template <class T>
  requires std::is_class_v<T>
  void get(T& x) {
    inspect(*this, x);
  }

  // An element has at least one byte, so that a wrong count cannot make us
  // allocate more than what was given to us.
  size_t count() {
    uint64_t result = 0;
    get(result);
    if (result > bytes_.size()) {
      intact_ = false;
      return 0;
    }
    return static_cast<size_t>(result);
  }

  std::string_view bytes_;
  bool intact_ = true;
};

} // namespace qalpha
