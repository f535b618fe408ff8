#include "runtime/node/control_session.hpp"

#include "runtime/node/control_answers.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <utility>

namespace qalpha {

namespace asio = boost::asio;
using boost::system::error_code;

control_session::control_session(socket connection, listener owner,
                                 size_t longest_request,
                                 std::chrono::milliseconds patience)
  : socket_(std::move(connection)), timer_(socket_.get_executor()),
    owner_(std::move(owner)), longest_request_(longest_request),
    patience_(patience) {
  // nop
}

void control_session::start() {
  reading_ = true;
  be_patient();
  asio::async_read_until(
    socket_, asio::dynamic_buffer(text_, longest_request_), '\n',
    [self = shared_from_this()](const error_code& error, size_t bytes) {
      self->on_read(error, bytes);
    });
}

void control_session::on_read(const error_code& error, size_t bytes) {
  reading_ = false;
  timer_.cancel();
  if (!error) {
    // What follows the line was not asked for.
    text_.resize(bytes - 1);
    owner_.asked(shared_from_this(), std::move(text_));
  } else if (too_late_) {
    reply(failure_reply("timeout", "no complete request in time"));
  } else if (error == asio::error::not_found) {
    reply(failure_reply("invalid", "the request is longer than "
                                     + std::to_string(longest_request_)
                                     + " bytes"));
  } else {
    // The client left in the middle: half a command is none.
    end();
  }
}

void control_session::reply(std::string line) {
  text_ = std::move(line);
  text_ += '\n';
  be_patient();
  asio::async_write(socket_, asio::buffer(text_),
                    [self = shared_from_this()](const error_code&, size_t) {
                      self->timer_.cancel();
                      self->end();
                    });
}

void control_session::hang_up() {
  error_code ignored;
  socket_.close(ignored);
}

// Ends the operation that is under way when the time is up.
void control_session::be_patient() {
  timer_.expires_after(patience_);
  timer_.async_wait([self = shared_from_this()](const error_code& error) {
    // A timer that was started again had already expired before.
    if (error || self->timer_.expiry() > std::chrono::steady_clock::now())
      return;
    self->too_late_ = self->reading_;
    error_code ignored;
    self->socket_.cancel(ignored);
  });
}

void control_session::end() {
  hang_up();
  owner_.over(shared_from_this());
}

} // namespace qalpha
