#include "runtime/net/frame_reader.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <cstring>

namespace qalpha {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// Holds some hundred messages, or one snapshot of a book.
constexpr size_t capacity = 64 * 1024;

constexpr std::string_view end_of_head = "\r\n\r\n";

bool is_ascii(std::string_view text) noexcept {
  constexpr uint64_t high_bits = 0x8080'8080'8080'8080;
  uint64_t found = 0;
  size_t i = 0;
  for (uint64_t word = 0; i + sizeof(word) <= text.size(); i += sizeof(word)) {
    std::memcpy(&word, text.data() + i, sizeof(word));
    found |= word;
  }
  for (; i < text.size(); ++i)
    found |= static_cast<uint8_t>(text[i]);
  return (found & high_bits) == 0;
}

} // namespace

void frame_reader::listen(listener to, timespan sign_of_life, size_t largest) {
  listener_ = std::move(to);
  sign_of_life_ = sign_of_life;
  largest_ = largest;
  // Otherwise nobody knows where the first frame begins.
  telling_ = answered_ == end_of_head.size();
}

void frame_reader::read(asio::mutable_buffer into, wire::transferred done) {
  if (begin_ == end_ && !told_)
    return fill(into, std::move(done));
  // Whoever asks does not expect an answer during the call.
  asio::post(get_executor(), [this, into, done = std::move(done)]() mutable {
    serve(into, std::move(done));
  });
}

void frame_reader::serve(asio::mutable_buffer into, wire::transferred done) {
  if (tell_messages() || begin_ == end_)
    return fill(into, std::move(done));
  auto bytes = hand_over(into);
  done(error_code{}, bytes);
}

void frame_reader::fill(asio::mutable_buffer into, wire::transferred done) {
  if (std::exchange(told_, false) && telling_)
    listener_.on_drained();
  if (!buffer_)
    buffer_ = std::make_unique<char[]>(capacity);
  if (begin_ > 0)
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
  end_ -= std::exchange(begin_, 0);
  below_.read(asio::buffer(buffer_.get() + end_, capacity - end_),
              [this, into, done = std::move(done)](const error_code& error,
                                                   size_t bytes) {
                if (error)
                  return done(error, 0);
                end_ += bytes;
                received_ = network_thread::utc_now();
                life_is_due_ = network_thread::now() - handed_ >= sign_of_life_;
                serve(into, done);
              });
}

// @returns whether the next message has to become whole before it is told.
bool frame_reader::tell_messages() {
  while (telling_ && !life_is_due_ && cut_.between_messages()) {
    auto head = frame_head::read(rest());
    if (!head)
      return true;
    if (!head->is_whole_text() || head->payload > largest_
        || head->payload > capacity - head->size)
      return false;
    auto message = rest().substr(head->size);
    if (message.size() < head->payload)
      return true;
    message = message.substr(0, head->payload);
    if (!is_ascii(message))
      return false;
    begin_ += head->size + message.size();
    told_ = true;
    listener_.on_message(message);
  }
  return false;
}

// The stream above keeps what it gets beyond a frame, so it gets no more.
size_t frame_reader::hand_over(asio::mutable_buffer into) {
  auto bytes = rest().substr(0, into.size());
  bytes = bytes.substr(0, answered_ < end_of_head.size() ? end_of_answer(bytes)
                                                         : cut_.take(bytes));
  std::memcpy(into.data(), bytes.data(), bytes.size());
  begin_ += bytes.size();
  told_ = telling_;
  handed_ = network_thread::now();
  life_is_due_ = false;
  return bytes.size();
}

size_t frame_reader::end_of_answer(std::string_view bytes) {
  size_t used = 0;
  while (used < bytes.size() && answered_ < end_of_head.size()) {
    auto c = bytes[used++];
    if (c == end_of_head[answered_])
      ++answered_;
    else
      answered_ = c == end_of_head.front() ? 1 : 0;
  }
  return used;
}

} // namespace qalpha
