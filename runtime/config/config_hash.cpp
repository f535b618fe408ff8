#include "runtime/config/config_hash.hpp"

#include "runtime/config/setting.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

#include <openssl/evp.h>

namespace qalpha {

namespace {

/// What changes where a run leaves its traces, not what it does; the content of
/// data files has hashes of its own.
bool is_incidental(std::string_view path) {
  return path == "run_dir" || path == "data.directory"
         || path.starts_with("log.") || path.starts_with("stores.");
}

std::string canonical(const node_config& config) {
  std::string text;
  for (auto& row : settings())
    if (row.get != nullptr && !is_incidental(row.path))
      text += fmt::format("{}={}\n", row.path,
                          format_raw(row, row.get(config, row.step)));
  for (auto& rules : config.symbols)
    text += fmt::format("symbol {} {} {} {} {}\n", rules.name, rules.tick_e8,
                        rules.lot_e8, rules.min_notional.e8,
                        rules.max_order.lots);
  for (auto& [name, value] : config.strategy.parameters)
    text += fmt::format("parameter {}={}\n", name, value);
  return text;
}

} // namespace

std::string config_hash(const node_config& config) {
  auto text = canonical(config);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(),
                 nullptr)
      != 1)
    throw std::runtime_error{"cannot hash the configuration"};
  std::string result;
  for (size_t i = 0; i < 8; ++i)
    result += fmt::format("{:02x}", digest[i]);
  return result;
}

} // namespace qalpha
