#include "server/connection.h"

#include <algorithm>
#include <array>
#include <ctime>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include "base/fault.h"

namespace tanpuhui {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

using asio::awaitable;
using asio::redirect_error;
using asio::use_awaitable;
using boost::system::error_code;

// GCC 12 destroys twice what is made inside the operand of a co_await: arguments there are named first.

constexpr std::size_t piece_bytes = 256 * 1024;
constexpr std::size_t large_reply_bytes = 1024 * 1024;
constexpr std::size_t linger_bytes_max = 16 * 1024 * 1024;
constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";
const auto continue_buffer = asio::buffer(continue_line);
const RequestHead no_head;  // of a request that could not be read
constexpr std::string_view content_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

void log(std::string_view what) { fmt::print(stderr, "tanpuhui serve: {}\n", what); }

std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 40> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

template <class Message>
void set_headers(Message& message, const Reply& reply, std::string_view target) {
  message.set(http::field::date, http_date());
  message.set("Content-Security-Policy", beast::string_view(content_policy.data(), content_policy.size()));
  message.set("X-Content-Type-Options", "nosniff");
  message.set("X-Frame-Options", "DENY");
  message.set("Referrer-Policy", "no-referrer");
  message.set("Cross-Origin-Opener-Policy", "same-origin");
  message.set(http::field::cache_control, reply.etag.empty() ? "no-store" : "no-cache");
  if (target.starts_with("/api/")) message.set(http::field::access_control_allow_origin, "*");
  if (!reply.etag.empty()) message.set(http::field::etag, reply.etag);
  if (!reply.allow.empty()) message.set(http::field::allow, reply.allow);
  if (reply.status == 401) message.set(http::field::www_authenticate, "Signature");
  if (reply.status == 503) message.set(http::field::retry_after, "10");
  if (reply.status == 204 || reply.status == 304) return;
  message.set(http::field::content_type, reply.content_type);
  message.content_length(reply.body.size());
}

Reply flaw_of_body(const error_code& error) {
  if (error == http::error::body_limit) return problem(413);
  return problem(400, "请求体有误", "the body is malformed");
}

/// Counts a body while it is being received.
class Taken {
 public:
  explicit Taken(std::size_t& count) : count_(count) { ++count_; }
  ~Taken() { --count_; }
  Taken(const Taken&) = delete;
  Taken& operator=(const Taken&) = delete;

 private:
  std::size_t& count_;
};

}  // namespace

Connection::Connection(ServerState& state, asio::ip::tcp::socket socket)
    : state_(state),
      limits_(state.options.limits),
      stream_(std::move(socket)),
      buffer_(state.options.limits.header_bytes) {
  ++state_.connections;
}

Connection::~Connection() { --state_.connections; }

void Connection::stop() {
  if (waiting_) stream_.cancel();
}

std::string_view Connection::received() const {
  return {static_cast<const char*>(buffer_.data().data()), buffer_.size()};
}

awaitable<void> Connection::run() {
  Next next = Next::go_on;
  while (next == Next::go_on) next = co_await serve_one(answered_ == 0);
  if (next == Next::close) co_await linger();
}

awaitable<Connection::Next> Connection::serve_one(bool first) {
  const std::size_t head_size = co_await receive_head(first);
  if (head_size == 0 && received().size() < limits_.header_bytes) co_return Next::leave;
  if (head_size == 0) {
    const Reply too_large = problem(431);
    co_return co_await send(too_large, no_head, false);
  }
  const auto head = guard_head(received().substr(0, head_size), state_.options.hosts);
  if (!head) {
    const Reply refused = problem(head.error().status, head.error().zh, head.error().en);
    co_return co_await send(refused, no_head, false);
  }
  co_return co_await answer(*head, head_size);
}

// 0 when the head is not whole: too large, too slow, or the client has left.
awaitable<std::size_t> Connection::receive_head(bool first) {
  waiting_ = true;
  stream_.expires_after(first || buffer_.size() > 0 ? limits_.header_time : limits_.idle_time);
  bool begun = buffer_.size() > 0;
  std::size_t end = end_of_head(received());
  while (end == std::string_view::npos && !state_.stopping) {
    const bool more = co_await receive_some(limits_.header_bytes);
    if (!more) break;
    if (!begun && !first) stream_.expires_after(limits_.header_time);
    begun = true;
    end = end_of_head(received());
  }
  waiting_ = false;
  co_return end == std::string_view::npos ? 0 : end;
}

awaitable<bool> Connection::receive_some(std::size_t most) {
  const std::size_t room = std::min(most, buffer_.max_size()) - std::min(most, buffer_.size());
  if (room == 0) co_return false;
  error_code error;
  const auto space = buffer_.prepare(room);
  const std::size_t count = co_await stream_.async_read_some(space, redirect_error(use_awaitable, error));
  buffer_.commit(count);
  co_return !error;
}

awaitable<Connection::Next> Connection::answer(const RequestHead& head, std::size_t head_size) {
  keeps_alive_ = false;
  for (Door* door : state_.doors)
    if (door->takes(head)) co_return co_await take_parcel(*door, head, head_size);
  const std::uint64_t body_max = state_.face.body_max(head.method, head.target);
  body_.clear();
  if (const std::optional<Reply> refused = refuse_body(head, body_max)) co_return co_await send(*refused, head, false);
  const bool whole = co_await receive_body(head, head_size, body_max);
  if (!whole) co_return Next::close;
  const Reply reply = reply_to(head);
  const bool is_large = reply.body.size() > large_reply_bytes;
  if (is_large && state_.bodies >= limits_.bodies) {
    const Reply later = problem(503);
    co_return co_await send(later, head, may_keep());
  }
  std::optional<Taken> place;  // who reads slowly holds one of a few
  if (is_large) place.emplace(state_.bodies);
  co_return co_await send(reply, head, may_keep());
}

bool Connection::may_keep() {
  return keeps_alive_ && !state_.stopping && ++answered_ < limits_.requests_per_connection;
}

awaitable<Connection::Next> Connection::take_parcel(Door& door, const RequestHead& head, std::size_t head_size) {
  auto parcel = state_.inbox->admit(door, head);
  if (!parcel) co_return co_await send(parcel.error(), head, false);
  const std::optional<Reply> refused = co_await receive_parcel(head, head_size, **parcel);
  if (refused) co_return co_await send(*refused, head, false);
  const Reply reply = co_await carried_out(std::move(*parcel));
  co_return co_await send(reply, head, may_keep());
}

// Into the spool, piece by piece; a sender that takes longer than `body_time` for one of them is cut off. While a piece
// is written nothing is read, so that the sender waits for our disk.
awaitable<std::optional<Reply>> Connection::receive_parcel(const RequestHead& head, std::size_t head_size,
                                                           Parcel& parcel) {
  http::request_parser<http::buffer_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(limits_.header_bytes));
  parser.body_limit(parcel.bytes_max);
  error_code error;
  buffer_.consume(parser.put(asio::buffer(buffer_.data(), head_size), error));
  if (!error && (!parser.is_header_done() || parser.chunked() != head.chunked)) error = http::error::bad_field;
  const bool asks = !error && !parser.is_done() && head.expects_continue && buffer_.size() == 0;
  if (asks) co_await asio::async_write(stream_, continue_buffer, redirect_error(use_awaitable, error));
  std::vector<char> piece(piece_bytes);
  while (!error && !parser.is_done()) {
    auto& body = parser.get().body();
    body.data = piece.data();
    body.size = piece.size();
    stream_.expires_after(limits_.body_time);
    co_await http::async_read(stream_, buffer_, parser, redirect_error(use_awaitable, error));
    if (error == http::error::need_buffer) error = {};
    if (error) break;
    if (auto refused = Inbox::keep(parcel, {piece.data(), piece.size() - body.size})) co_return refused;
  }
  if (error == http::error::body_limit) co_return parcel.too_large;
  if (error) co_return problem(400, "请求体有误", "the body is malformed");
  keeps_alive_ = parser.get().keep_alive();
  co_return Inbox::refuse_other_bytes(parcel);
}

awaitable<Reply> Connection::carried_out(std::shared_ptr<Parcel>&& parcel) {
  struct Waiting {
    asio::steady_timer until_answered;
    Reply reply;
  };
  const auto executor = stream_.get_executor();
  const auto waiting = std::make_shared<Waiting>(Waiting{asio::steady_timer(executor), {}});
  waiting->until_answered.expires_at(asio::steady_timer::time_point::max());
  state_.inbox->take_in(std::move(parcel), [waiting, executor](Reply reply) {
    asio::post(executor, [waiting, reply = std::move(reply)] {
      waiting->reply = reply;
      waiting->until_answered.cancel();
    });
  });
  error_code answered;
  co_await waiting->until_answered.async_wait(redirect_error(use_awaitable, answered));
  co_return std::move(waiting->reply);
}

// Before a byte of it is read. Where no body belongs, what is wrong with the address comes first.
std::optional<Reply> Connection::refuse_body(const RequestHead& head, std::uint64_t body_max) {
  if (!head.has_body()) return std::nullopt;
  if (body_max == 0) {
    Reply reply = reply_to(head);
    return reply.status >= 400 ? reply : problem(413);
  }
  if (head.content_length.value_or(0) > body_max) return problem(413);
  if (state_.bodies >= limits_.bodies) return problem(503);
  return std::nullopt;
}

// Reads head and body with the library, which must see in the head what the guard saw. False: answered already.
awaitable<bool> Connection::receive_body(const RequestHead& head, std::size_t head_size, std::uint64_t body_max) {
  http::request_parser<http::string_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(limits_.header_bytes));
  parser.body_limit(std::max<std::uint64_t>(body_max, 1));
  error_code error;
  buffer_.consume(parser.put(asio::buffer(buffer_.data(), head_size), error));
  const bool agreed = !error && parser.is_header_done() && parser.chunked() == head.chunked;
  if (agreed && !parser.is_done()) {
    const Taken taken(state_.bodies);
    stream_.expires_after(limits_.body_time);
    const bool asks = head.expects_continue && buffer_.size() == 0;
    if (asks) co_await asio::async_write(stream_, continue_buffer, redirect_error(use_awaitable, error));
    if (!error) co_await http::async_read(stream_, buffer_, parser, redirect_error(use_awaitable, error));
  }
  if (!agreed || error) {
    const Reply refused = flaw_of_body(error);
    co_await send(refused, head, false);
    co_return false;
  }
  keeps_alive_ = parser.get().keep_alive();
  body_ = std::move(parser.get().body());
  co_return true;
}

Reply Connection::reply_to(const RequestHead& head) {
  try {
    if (state_.cases != nullptr && CaseRoutes::answers(head.target)) return state_.cases->answer(head);
    return state_.face.answer({head.method, head.target, head.if_none_match, body_});
  } catch (const Fault& fault) {
    log(fault.what());
    return problem(503);
  } catch (const std::exception& error) {
    log(error.what());
    return problem(500);
  }
}

awaitable<Connection::Next> Connection::send(const Reply& reply, const RequestHead& head, bool keep) {
  http::response<http::string_body> message{static_cast<http::status>(reply.status), head.old_version ? 10U : 11U};
  set_headers(message, reply, head.target);
  message.keep_alive(keep);
  if (head.method != "HEAD") message.body() = reply.body;
  http::response_serializer<http::string_body> serializer(message);
  stream_.expires_after(limits_.write_time);
  error_code error;
  co_await http::async_write(stream_, serializer, redirect_error(use_awaitable, error));
  if (error) co_return Next::leave;
  co_return keep ? Next::go_on : Next::close;
}

// Closing while the client still sends would make its system throw our answer away.
awaitable<void> Connection::linger() {
  error_code error;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
  stream_.expires_after(limits_.linger_time);
  std::array<char, 16 * 1024> scratch;
  const auto space = asio::buffer(scratch);
  for (std::size_t total = 0; !error && total < linger_bytes_max;) {
    const std::size_t count = co_await stream_.async_read_some(space, redirect_error(use_awaitable, error));
    total += count;
  }
}

}  // namespace tanpuhui
