#include "runtime/venues/bybit/bybit_decoder.hpp"

#include "runtime/venues/bybit/bybit_json.hpp"

namespace qalpha {

bybit_decoder::bybit_decoder(const universe& all)
  : symbols_(all), scanner_(symbols_), message_(stream_limits) {
  // nop
}

std::optional<decode_fault> bybit_decoder::decode(std::string_view bytes,
                                                  message_list& out) {
  out.clear();
  if (auto fault = message_.load(bytes))
    return fault;
  if (scanner_.scan(message_.text(), out))
    return std::nullopt;
  out.clear();
  ++fallbacks_;
  return parse_loaded(out);
}

std::optional<decode_fault> bybit_decoder::decode_json(std::string_view bytes,
                                                       message_list& out) {
  out.clear();
  if (auto fault = message_.load(bytes))
    return fault;
  return parse_loaded(out);
}

std::optional<decode_fault> bybit_decoder::parse_loaded(message_list& out) {
  auto fault = message_.parse();
  if (!fault)
    fault = read_bybit_frame(message_.root(), symbols_, out);
  if (fault)
    out.clear();
  return fault;
}

} // namespace qalpha
