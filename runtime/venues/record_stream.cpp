#include "runtime/venues/record_stream.hpp"

#include <utility>

namespace qalpha {

namespace {

class raw_records final : public record_stream {
public:
  explicit raw_records(raw_reader reader) : reader_(std::move(reader)) {
    // nop
  }

  std::optional<raw_record> next() override {
    return reader_.next();
  }

  const raw_damage& damage() const override {
    return reader_.damage();
  }

private:
  raw_reader reader_;
};

} // namespace

std::unique_ptr<record_stream> records_of(raw_reader reader) {
  return std::make_unique<raw_records>(std::move(reader));
}

} // namespace qalpha
