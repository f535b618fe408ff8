#include "runtime/outlook/prediction_log.hpp"

#include "runtime/telemetry/time_text.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cerrno>
#include <cstdio>
#include <span>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>

namespace qalpha {

namespace {

/// One object, key by key.
class json_line {
public:
  json_line() {
    out_.StartObject();
  }

  void text(const char* key, std::string_view value) {
    out_.Key(key);
    put(value);
  }

  void whole(const char* key, uint64_t value) {
    out_.Key(key);
    out_.Uint64(value);
  }

  void bits(const char* key, double value) {
    out_.Key(key);
    put(value);
  }

  void bits(const char* key, std::span<const double> values) {
    out_.Key(key);
    out_.StartArray();
    for (auto x : values)
      put(x);
    out_.EndArray();
  }

  void reasons(const char* key, std::span<const attribution> all) {
    out_.Key(key);
    out_.StartArray();
    for (auto& x : all) {
      out_.StartObject();
      text("column", x.column);
      bits("share", x.share);
      out_.EndObject();
    }
    out_.EndArray();
  }

  std::string take() {
    out_.EndObject();
    return std::string{text_.GetString(), text_.GetSize()} + "\n";
  }

private:
  void put(std::string_view value) {
    out_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  }

  void put(double value) {
    std::array<char, 32> text;
    auto size = std::snprintf(text.data(), text.size(), "%a", value);
    put(std::string_view{text.data(), static_cast<size_t>(size)});
  }

  rapidjson::StringBuffer text_;
  rapidjson::Writer<rapidjson::StringBuffer> out_{text_};
};

std::string reason_of(int error) {
  return std::generic_category().message(error);
}

/// @returns whether the last line is complete.
bool ends_well(int file, off_t size) {
  char last = '\n';
  return size == 0 || (pread(file, &last, 1, size - 1) == 1 && last == '\n');
}

/// @returns whether all of it was written.
bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    auto done = ::write(file, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR)
      continue;
    if (done <= 0)
      return false;
    bytes.remove_prefix(static_cast<size_t>(done));
  }
  return true;
}

} // namespace

fallible<std::unique_ptr<prediction_log>>
prediction_log::open(std::filesystem::path file, const universe& instruments,
                     const chosen_models& models, incident_log& incidents,
                     size_t limit) {
  auto path = file.string();
  std::unique_ptr<prediction_log> result{
    new prediction_log{std::move(file), instruments, models, incidents, limit}};
  if (auto why = result->begin(); !why.empty())
    return fault{path + ": cannot keep what models say: " + why};
  return result;
}

prediction_log::prediction_log(std::filesystem::path path,
                               const universe& instruments,
                               const chosen_models& models,
                               incident_log& incidents, size_t limit)
  : path_(std::move(path)), instruments_(&instruments), incidents_(&incidents),
    limit_(limit), models_(models) {
  // nop
}

std::string prediction_log::begin() {
  // Readable, to look at its end.
  file_ = file_handle{::open(
    path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)};
  struct stat info = {};
  if (!file_ || fstat(file_.get(), &info) != 0)
    return reason_of(errno);
  size_ = static_cast<size_t>(info.st_size);
  if (!ends_well(file_.get(), info.st_size) && !write_all(file_.get(), "\n"))
    return reason_of(errno);
  return {};
}

void prediction_log::append(const std::string& line) {
  std::lock_guard guard{mutex_};
  std::string why;
  if (size_ + line.size() > limit_) {
    auto old = path_;
    old += ".1";
    std::error_code error;
    std::filesystem::rename(path_, old, error);
    why = error ? error.message() : begin();
  }
  if (why.empty() && !write_all(file_.get(), line))
    why = reason_of(errno);
  size_ += line.size();
  if (!why.empty() && !std::exchange(failed_, true))
    incidents_->report("models", path_.string() + ": " + why
                                   + "; what models say is not kept");
}

template <class Fact, class Write>
void prediction_log::note(const Fact& fact, model_role who, Write write) {
  json_line line;
  line.text("time", format_iso(fact.time));
  line.text("symbol", (*instruments_)[fact.symbol.index].name());
  line.text("role", to_string(who));
  if (auto& model = models_[place_of(who)]) {
    line.text("id", model->version.id);
    line.whole("version", model->version.version);
    line.text("sha256", model->version.sha256);
    line.text("schema", model->model.about.schema_hash);
  }
  write(line);
  append(line.take());
}

void prediction_log::saw(const forecast_made& fact) {
  note(fact, model_role::forecaster, [&](json_line& line) {
    line.bits("quantiles", fact.quantiles);
    line.reasons("because", fact.because);
  });
}

void prediction_log::saw(const regime_observed& fact) {
  note(fact, model_role::regimes, [&](json_line& line) {
    line.text("current", to_string(fact.current));
    line.bits("probabilities", fact.probabilities);
    line.bits("novelty", fact.novelty);
  });
}

void prediction_log::saw(const policy_advised& fact) {
  note(fact, model_role::policy, [&](json_line& line) {
    line.bits("position", fact.position);
    line.bits("size", fact.size);
  });
}

void prediction_log::saw(const model_silent& fact) {
  note(fact, fact.who,
       [&](json_line& line) { line.text("silent", to_string(fact.why)); });
}

} // namespace qalpha
