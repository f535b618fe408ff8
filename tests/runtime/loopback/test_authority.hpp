// Certificates for servers of tests, made anew each time.

#pragma once

#include "runtime/net/loopback_server.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace qalpha::test {

/// What is to be certified.
struct certificate_wish {
  std::vector<std::string> names = {"localhost"};
  std::vector<std::string> addresses = {"127.0.0.1"};
  /// From now.
  int first_day = -1;
  int last_day = 1;
  /// Signed by itself instead of the authority.
  bool self_signed = false;
};

/// An authority with a key of its own, and its certificate in a file.
class test_authority {
public:
  test_authority();
  ~test_authority();

  test_authority(const test_authority&) = delete;
  test_authority& operator=(const test_authority&) = delete;

  server_credentials issue(const certificate_wish& wish = {}) const;

  /// @returns the file to trust.
  std::string file() const;

private:
  struct identity;

  std::unique_ptr<identity> self_;
  std::filesystem::path file_;
};

} // namespace qalpha::test
