#include "runtime/data/session_records.hpp"

#include <algorithm>
#include <utility>

namespace qalpha {

namespace {

class session_records final : public record_stream {
public:
  session_records(recorded_session session, std::string symbol)
    : session_(std::move(session)),
      depth_target_("/fapi/v1/depth?symbol=" + std::move(symbol)) {
    // nop
  }

  std::optional<raw_record> next() override {
    auto line = session_.next();
    if (!line)
      return std::nullopt;
    time_ = std::max(time_, line->received);
    auto is_depth = line->text.starts_with("{\"lastUpdateId\"");
    if (line->address.empty() && !is_depth)
      return raw_record{time_, raw_kind::message, "session", {}, line->text};
    auto target = line->address.empty() ? std::string_view{depth_target_}
                                        : line->address;
    return raw_record{time_, raw_kind::rest_answer, "session", target,
                      line->text};
  }

  const raw_damage& damage() const override {
    return damage_;
  }

private:
  recorded_session session_;
  std::string depth_target_;
  utc_time time_;
  // Its lines are not numbered: nobody knows what is missing.
  raw_damage damage_;
};

} // namespace

std::unique_ptr<record_stream> records_of(recorded_session session,
                                          std::string symbol) {
  return std::make_unique<session_records>(std::move(session),
                                           std::move(symbol));
}

} // namespace qalpha
