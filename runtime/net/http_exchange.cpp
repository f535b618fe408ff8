#include "runtime/net/http_exchange.hpp"

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <charconv>

namespace qalpha {

namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

// More than any venue sends.
constexpr uint32_t longest_header = 64 * 1024;

constexpr unsigned partial_content = 206;

std::string text(boost::string_view x) {
  return {x.data(), x.size()};
}

} // namespace

http_exchange::http_exchange(wire& stream, const endpoint& where,
                             std::string_view target,
                             const http_options& options)
  : wire_(stream), options_(options),
    request_(http::verb::get, boost::string_view{target.data(), target.size()},
             11) {
  request_.set(http::field::host, host_header(where));
  request_.set(http::field::user_agent, "qalpha");
  request_.set(http::field::accept, "*/*");
  for (auto& [name, value] : options.headers)
    request_.set(name, value);
  if (options.first_byte > 0)
    request_.set(http::field::range,
                 "bytes=" + std::to_string(options.first_byte) + '-');
  parser_.header_limit(longest_header);
  parser_.body_limit(options.most_bytes);
}

void http_exchange::start(completion done) {
  done_ = std::move(done);
  http::async_write(wire_, request_, [this](const error_code& error, size_t) {
    ++parts_;
    if (error)
      finish("send", error);
    else
      read_header();
  });
}

void http_exchange::read_header() {
  http::async_read_header(wire_, buffer_, parser_,
                          [this](const error_code& error, size_t bytes) {
                            answered_ = answered_ || bytes > 0;
                            on_header(error);
                          });
}

void http_exchange::on_header(const error_code& error) {
  ++parts_;
  if (error)
    return finish("receive", error);
  auto& head = parser_.get();
  response_.status = head.result_int();
  for (auto& line : head)
    response_.headers.emplace_back(text(line.name_string()),
                                   text(line.value()));
  if (auto wrong = check_range())
    return fail("receive: " + *wrong);
  progress_.received = response_.first_byte;
  if (auto length = parser_.content_length())
    progress_.total = response_.first_byte + *length;
  streamed_ = options_.on_body && response_.status / 100 == 2;
  read_body();
}

// A part that begins elsewhere would corrupt the file that it continues.
std::optional<std::string> http_exchange::check_range() {
  if (response_.status != partial_content)
    return std::nullopt;
  auto range = response_.header("Content-Range").value_or("");
  uint64_t first = 0;
  constexpr std::string_view unit = "bytes ";
  auto digits = range.starts_with(unit) ? range.substr(unit.size()) : "";
  auto read = std::from_chars(digits.data(), digits.data() + digits.size(),
                              first);
  if (read.ec != std::errc{} || first != options_.first_byte)
    return "expected the body from byte " + std::to_string(options_.first_byte)
           + ", found '" + std::string{range} + "'";
  response_.first_byte = first;
  return std::nullopt;
}

void http_exchange::read_body() {
  if (parser_.is_done())
    return finish("receive", {});
  auto& body = parser_.get().body();
  body.data = part_.data();
  body.size = part_.size();
  http::async_read_some(
    wire_, buffer_, parser_,
    [this](const error_code& error, size_t) { on_body(error); });
}

void http_exchange::on_body(const error_code& error) {
  ++parts_;
  if (error && error != http::error::need_buffer)
    return finish("receive", error);
  auto size = part_.size() - parser_.get().body().size;
  progress_.received += size;
  std::string_view part{part_.data(), size};
  if (!streamed_)
    response_.body += part;
  else if (!part.empty() && !options_.on_body(part, progress_))
    return fail("receive: given up by the caller");
  read_body();
}

void http_exchange::finish(const char* phase, const error_code& error) {
  if (!error)
    return std::exchange(done_, nullptr)(std::nullopt);
  if (error == http::error::body_limit)
    return fail("receive: the body is longer than "
                + std::to_string(options_.most_bytes) + " bytes");
  fail(std::string{phase} + ": " + error.message());
}

void http_exchange::fail(std::string text) {
  std::exchange(done_, nullptr)(fault{std::move(text)});
}

} // namespace qalpha
