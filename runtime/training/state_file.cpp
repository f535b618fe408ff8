#include "runtime/training/state_file.hpp"

#include "models/checkpoints/safetensors.hpp"
#include "models/checkpoints/sha256.hpp"
#include "models/machine/json_object.hpp"
#include "runtime/data/safe_file.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace qalpha {

namespace {

// A state has six rows of weights; the largest model has some 100 million.
constexpr uintmax_t largest_state = 4ULL << 30;

constexpr size_t longest_line = 64 * 1024;

fallible<training_state> unpack(std::string_view bytes,
                                const std::string& fingerprint) {
  auto end = bytes.substr(0, longest_line).find('\n');
  if (end == bytes.npos)
    return fault{"expected the state of a training"};
  auto json = parse_json(bytes.substr(0, end));
  if (!json)
    return json.error();
  json_object head{"", *json};
  auto of = head.text("training", 64);
  auto sum = head.text("tensors_sha256", 64);
  auto figures = head.member("figures", json_kind::object);
  if (auto problem = head.finish())
    return *problem;
  if (of != fingerprint)
    return fault{"belongs to a training with another configuration or seed"};
  auto rest = bytes.substr(end + 1);
  if (sha256_of(rest) != sum)
    return fault{"is damaged: the SHA-256 of its tensors is another"};
  training_state result;
  for (const auto& [name, value] : figures->children) {
    auto number = finite_number(name, value);
    if (!number)
      return number.error();
    result.figures[name] = *number;
  }
  auto tensors = read_safetensors(rest);
  if (!tensors)
    return tensors.error();
  result.tensors = std::move(*tensors);
  return result;
}

} // namespace

fallible<bool> write_state_file(const std::string& path,
                                const training_state& state,
                                const std::string& fingerprint) {
  auto tensors = write_safetensors(state.tensors);
  if (!tensors)
    return fault{path + ": " + tensors.error().text};
  std::string figures;
  for (const auto& [name, value] : state.figures)
    figures += fmt::format("{}\"{}\":{}", figures.empty() ? "" : ",", name,
                           value);
  safe_file file{path};
  file.write(fmt::format(
    "{{\"training\":\"{}\",\"tensors_sha256\":\"{}\",\"figures\":{{{}}}}}\n",
    fingerprint, sha256_of(*tensors), figures));
  file.write(*tensors);
  return file.commit();
}

fallible<training_state> read_state_file(const std::string& path,
                                         const std::string& fingerprint) {
  std::error_code code;
  auto size = std::filesystem::file_size(path, code);
  if (code)
    return fault{path + ": no such file"};
  if (size > largest_state)
    return fault{path + ": expected at most 4 GiB"};
  std::ifstream in{path, std::ios::binary};
  std::ostringstream bytes;
  bytes << in.rdbuf();
  if (!in)
    return fault{path + ": cannot be read"};
  auto result = unpack(bytes.str(), fingerprint);
  if (!result)
    return fault{path + ": " + result.error().text};
  return result;
}

} // namespace qalpha
