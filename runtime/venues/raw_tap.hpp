// Bytes of a venue for whoever records them.

#pragma once

#include "runtime/storage/raw/raw_record.hpp"

#include <string_view>

namespace qalpha {

/// Hands records to a sink, if there is one.
class raw_tap {
public:
  explicit raw_tap(raw_sink* to) : sink_(to) {
    // nop
  }

  void tell(raw_kind kind, utc_time received, std::string_view connection,
            std::string_view bytes, std::string_view target = {}) noexcept {
    if (sink_)
      sink_->append({received, kind, connection, target, bytes});
  }

private:
  raw_sink* sink_;
};

} // namespace qalpha
