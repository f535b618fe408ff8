// Reads recorded market data, which lies beside the repository, if at all.

#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace qalpha::test {

/// @returns the path of a recording, if it is there.
inline std::optional<std::string> recorded_path(const std::string& name) {
  auto data = std::getenv("QALPHA_DATA");
  auto root = std::filesystem::path{data ? data : "../shared/data"};
  auto path = root / "recorded" / name;
  if (std::filesystem::exists(path))
    return path.string();
  return std::nullopt;
}

/// @returns the lines of a gzip file.
inline std::vector<std::string> unpacked_lines(const std::string& path) {
  auto command = "gzip -dc '" + path + "'";
  std::unique_ptr<FILE, int (*)(FILE*)> pipe{popen(command.c_str(), "r"),
                                             pclose};
  if (!pipe)
    throw std::runtime_error{"cannot run " + command};
  std::string text;
  std::vector<char> chunk(1 << 20);
  while (auto count = std::fread(chunk.data(), 1, chunk.size(), pipe.get()))
    text.append(chunk.data(), count);
  std::vector<std::string> result;
  size_t begin = 0;
  while (begin < text.size()) {
    auto end = std::min(text.find('\n', begin), text.size());
    result.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return result;
}

} // namespace qalpha::test
