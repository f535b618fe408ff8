// Checks that something throws; CAF 0.17.6 has no macro for it.

#pragma once

namespace qalpha::test {

/// @returns `true` if `f` throws an `Error`.
template <class Error, class Function>
bool throws(Function f) {
  try {
    f();
  } catch (const Error&) {
    return true;
  }
  return false;
}

} // namespace qalpha::test
