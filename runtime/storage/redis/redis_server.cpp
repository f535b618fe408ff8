#include "runtime/storage/redis/redis_server.hpp"

#include "runtime/storage/redis/resp.hpp"
#include "runtime/storage/secret_reference.hpp"

#include <fmt/format.h>

#include <hiredis/hiredis.h>

#include <array>
#include <charconv>

namespace qalpha {

namespace {

struct closing {
  void operator()(redisContext* x) const noexcept {
    redisFree(x);
  }

  void operator()(redisReply* x) const noexcept {
    freeReplyObject(x);
  }
};

using connection_ptr = std::unique_ptr<redisContext, closing>;
using reply_ptr = std::unique_ptr<redisReply, closing>;

// Enough to hide the round trip; what a server lost at once is small enough to
// be sent again at once.
constexpr size_t records_of_batch = 1'000;

struct host_port {
  std::string host;
  int port = 0;
};

std::optional<host_port> split(std::string_view address) {
  auto colon = address.rfind(':');
  host_port result;
  if (colon == address.npos || colon == 0)
    return std::nullopt;
  result.host = address.substr(0, colon);
  auto digits = address.substr(colon + 1);
  auto end = digits.data() + digits.size();
  auto [ptr, ec] = std::from_chars(digits.data(), end, result.port);
  if (ec != std::errc{} || ptr != end || result.port < 1
      || result.port > 65'535)
    return std::nullopt;
  return result;
}

bool is_local(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::string_view text_of(const redisReply& x) {
  if (x.str == nullptr)
    return {};
  return {x.str, static_cast<size_t>(x.len)};
}

class redis_server final : public store_server {
public:
  explicit redis_server(const redis_settings& settings) : settings_(settings) {
    for (size_t i = 0; i < store_streams; ++i) {
      auto stream = static_cast<store_stream>(i);
      keys_[i] = fmt::format("{}:{}", settings.prefix, layout_of(stream).name);
      writers_.emplace_back(stream, keys_[i], settings.max_length);
    }
  }

  std::optional<fault> connect(std::vector<std::string>& warnings) override;

  void disconnect() noexcept override {
    connection_.reset();
  }

  fallible<entry_id> last(store_stream stream) override;

  std::optional<fault> write(store_stream stream,
                             const spool_batch& entries) override;

  size_t batch_records() const noexcept override {
    return records_of_batch;
  }

private:
  std::optional<fault> open();
  std::optional<fault> authenticate();
  reply_ptr next_reply();
  reply_ptr ask(std::initializer_list<std::string_view> words);
  std::optional<fault> finish_transaction(size_t count);

  fault failure(std::string_view what) const {
    return {fmt::format("{}: {}", settings_.address, what)};
  }

  // Of a call without a reply.
  fault broken() const {
    return failure(connection_->errstr);
  }

  redis_settings settings_;
  std::array<std::string, store_streams> keys_;
  std::vector<xadd_writer> writers_;
  connection_ptr connection_;
  std::string commands_;
};

std::optional<fault> redis_server::connect(std::vector<std::string>& warnings) {
  if (auto problem = open())
    return problem;
  if (auto problem = authenticate())
    return problem;
  auto info = ask({"INFO"});
  if (!info)
    return broken();
  if (info->type == REDIS_REPLY_ERROR && !text_of(*info).starts_with("NOPERM"))
    return failure(text_of(*info));
  if (is_loading(text_of(*info)))
    return failure("the server still reads what it had kept");
  if (info->type == REDIS_REPLY_ERROR)
    warnings.push_back("this user may not ask for INFO: whether the server "
                       "keeps what it is given is not known");
  else
    for (auto& each : redis_warnings(text_of(*info)))
      warnings.push_back(std::move(each));
  return std::nullopt;
}

std::optional<fault> redis_server::open() {
  using namespace std::chrono;
  auto us = duration_cast<microseconds>(settings_.timeout).count();
  timeval limit{us / 1'000'000, us % 1'000'000};
  if (settings_.address.starts_with('/')) {
    connection_.reset(
      redisConnectUnixWithTimeout(settings_.address.c_str(), limit));
  } else {
    auto place = split(settings_.address).value_or(host_port{});
    connection_.reset(
      redisConnectWithTimeout(place.host.c_str(), place.port, limit));
  }
  if (!connection_)
    return failure("out of memory");
  if (connection_->err != 0 || redisSetTimeout(connection_.get(), limit) != 0)
    return broken();
  return std::nullopt;
}

std::optional<fault> redis_server::authenticate() {
  auto reference = secret_reference::parse(settings_.password);
  if (!reference)
    return failure("password: " + reference.error().text);
  if (reference->empty())
    return std::nullopt;
  auto secret = reference->reveal();
  if (!secret)
    return failure("password: " + secret.error().text);
  auto user = settings_.user.empty() ? "default" : settings_.user;
  auto answer = ask({"AUTH", user, *secret});
  if (!answer)
    return broken();
  if (answer->type == REDIS_REPLY_ERROR)
    return failure(text_of(*answer));
  return std::nullopt;
}

reply_ptr redis_server::ask(std::initializer_list<std::string_view> words) {
  std::vector<const char*> texts;
  std::vector<size_t> sizes;
  for (auto word : words) {
    texts.push_back(word.data());
    sizes.push_back(word.size());
  }
  return reply_ptr{static_cast<redisReply*>(
    redisCommandArgv(connection_.get(), static_cast<int>(texts.size()),
                     texts.data(), sizes.data()))};
}

reply_ptr redis_server::next_reply() {
  void* reply = nullptr;
  if (redisGetReply(connection_.get(), &reply) != REDIS_OK)
    return nullptr;
  return reply_ptr{static_cast<redisReply*>(reply)};
}

fallible<entry_id> redis_server::last(store_stream stream) {
  auto& key = keys_[static_cast<size_t>(stream)];
  // Unlike the last entry it survives the trimming of all entries.
  auto answer = ask({"XINFO", "STREAM", key});
  if (!answer)
    return broken();
  if (answer->type == REDIS_REPLY_ERROR) {
    if (text_of(*answer).starts_with("ERR no such key"))
      return entry_id{};
    return failure(fmt::format("{}: {}", key, text_of(*answer)));
  }
  for (size_t i = 0; i + 1 < answer->elements; i += 2)
    if (text_of(*answer->element[i]) == "last-generated-id")
      if (auto id = parse_entry_id(text_of(*answer->element[i + 1])))
        return *id;
  return failure(key + ": XINFO STREAM gives no last-generated-id");
}

std::optional<fault> redis_server::write(store_stream stream,
                                         const spool_batch& entries) {
  commands_.clear();
  auto& writer = writers_[static_cast<size_t>(stream)];
  auto count = writer.append_transaction(commands_, entries);
  if (count == 0)
    return std::nullopt;
  if (redisAppendFormattedCommand(connection_.get(), commands_.data(),
                                  commands_.size())
      != REDIS_OK)
    return broken();
  return finish_transaction(count);
}

std::optional<fault> redis_server::finish_transaction(size_t count) {
  std::string refusal;
  // MULTI, then each command as it was queued.
  for (size_t i = 0; i < count + 1; ++i) {
    auto reply = next_reply();
    if (!reply)
      return broken();
    if (reply->type == REDIS_REPLY_ERROR && refusal.empty())
      refusal = text_of(*reply);
  }
  auto executed = next_reply();
  if (!executed)
    return broken();
  if (!refusal.empty())
    return failure(refusal);
  if (executed->type != REDIS_REPLY_ARRAY || executed->elements != count)
    return failure(executed->type == REDIS_REPLY_ERROR
                     ? text_of(*executed)
                     : "unexpected answer to EXEC");
  for (size_t i = 0; i < count; ++i) {
    auto& each = *executed->element[i];
    // A transaction whose answer was lost is there already.
    if (each.type == REDIS_REPLY_ERROR
        && text_of(each).find("equal or smaller") == std::string_view::npos)
      return failure(text_of(each));
  }
  return std::nullopt;
}

/// @returns the value of `name` in an answer to INFO.
std::string_view info_value(std::string_view info, std::string_view name) {
  for (size_t at = 0; (at = info.find(name, at)) != info.npos; ++at) {
    auto begins = at == 0 || info[at - 1] == '\n';
    auto rest = info.substr(at + name.size());
    if (begins && rest.starts_with(':'))
      return rest.substr(1, rest.find_first_of("\r\n") - 1);
  }
  return {};
}

} // namespace

bool is_loading(std::string_view info) {
  return info_value(info, "loading") == "1";
}

std::vector<std::string> redis_warnings(std::string_view info) {
  std::vector<std::string> result;
  if (info_value(info, "aof_enabled") == "0")
    result.push_back("appendonly is \"no\": a crash of Redis takes all entries "
                     "since its last snapshot; expected \"yes\"");
  auto policy = info_value(info, "maxmemory_policy");
  if (!policy.empty() && policy != "noeviction")
    result.push_back(fmt::format("maxmemory-policy is \"{}\": Redis may drop "
                                 "whole streams; expected \"noeviction\"",
                                 policy));
  return result;
}

std::optional<fault> check(const redis_settings& settings) {
  auto wrong = [](std::string_view key, std::string_view text) {
    return fault{fmt::format("stores.redis.{}: {}", key, text)};
  };
  if (!settings.address.starts_with('/')) {
    auto place = split(settings.address);
    if (!place)
      return wrong("address", "expected the path of a socket or HOST:PORT");
    if (!is_local(place->host))
      return wrong("address",
                   "expected a socket or an address of this machine, since "
                   "nothing is encrypted; use a tunnel to reach others");
  }
  if (settings.prefix.empty())
    return wrong("prefix", "expected a name");
  if (auto password = secret_reference::parse(settings.password); !password)
    return wrong("password", password.error().text);
  if (!settings.user.empty() && settings.password.empty())
    return wrong("password", "expected one for stores.redis.user");
  return std::nullopt;
}

std::unique_ptr<store_server>
make_redis_server(const redis_settings& settings) {
  return std::make_unique<redis_server>(settings);
}

} // namespace qalpha
