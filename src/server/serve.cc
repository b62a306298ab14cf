#include <csignal>
#include <list>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "base/fault.h"
#include "server/connection.h"
#include "server/deliveries.h"
#include "server/server.h"

namespace tanpuhui {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::string_view busy =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

void require_listening(const ServerOptions& options, const error_code& error) {
  if (error)
    throw Fault(fmt::format("cannot serve at {}:{}: {}; choose another address or port", options.address, options.port,
                            error.message()));
}

tcp::acceptor listen(asio::io_context& io, const ServerOptions& options) {
  error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  require_listening(options, error);
  tcp::acceptor acceptor(io);
  const tcp::endpoint endpoint(address, options.port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  require_listening(options, error);
  return acceptor;
}

class Server {
 public:
  explicit Server(const ServerOptions& options)
      : state_{options, PublicFace(options)},
        acceptor_(listen(io_, options)),
        signals_(io_, SIGINT, SIGTERM),
        pause_(io_),
        grace_(io_) {
    if (options.deliveries != nullptr)
      state_.doors.push_back(&deliveries_.emplace(options.database, *options.deliveries));
    if (options.cases != nullptr) {
      state_.cases = &cases_.emplace(options.database, *options.cases);
      state_.doors.push_back(state_.cases);
    }
    if (state_.doors.empty()) return;
    state_.inbox = &inbox_.emplace();
  }

  void run() {
    signals_.async_wait([this](error_code error, int) {
      if (!error) stop();
    });
    asio::co_spawn(io_, accept_all(), asio::detached);
    if (state_.options.listening) state_.options.listening(acceptor_.local_endpoint().port());
    io_.run();
  }

 private:
  asio::awaitable<void> accept_all() {
    while (!state_.stopping) {
      error_code error;
      tcp::socket socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (state_.stopping) break;
      if (error)
        co_await rest();  // no free file numbers, most likely
      else if (state_.connections >= state_.options.limits.connections)
        turn_away(std::move(socket));
      else
        begin(std::move(socket));
    }
  }

  asio::awaitable<void> rest() {
    error_code error;
    pause_.expires_after(std::chrono::milliseconds(100));
    co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, error));
  }

  // Without waiting: who is turned away must not hold anything.
  static void turn_away(tcp::socket socket) {
    error_code error;
    socket.non_blocking(true, error);
    socket.write_some(asio::buffer(busy), error);
  }

  void begin(tcp::socket socket) {
    error_code error;
    socket.set_option(tcp::no_delay(true), error);
    const auto place = open_.emplace(open_.end(), state_, std::move(socket));
    asio::co_spawn(io_, place->run(), [this, place](std::exception_ptr failure) { end(place, failure); });
  }

  void end(std::list<Connection>::iterator place, const std::exception_ptr& failure) {
    open_.erase(place);
    if (state_.stopping && open_.empty()) grace_.cancel();
    try {
      if (failure) std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      fmt::print(stderr, "tanpuhui serve: a connection failed: {}\n", error.what());
    }
  }

  void stop() {
    state_.stopping = true;
    error_code error;
    acceptor_.close(error);
    pause_.cancel();
    if (inbox_) inbox_->stop();
    for (Connection& connection : open_) connection.stop();
    if (open_.empty()) return;
    grace_.expires_after(state_.options.limits.stop_time);
    grace_.async_wait([this](error_code cancelled) {
      if (!cancelled) io_.stop();
    });
  }

  ServerState state_;
  asio::io_context io_{1};
  std::optional<Deliveries> deliveries_;
  std::optional<CaseRoutes> cases_;
  std::optional<Inbox> inbox_;  // its thread ends before its doors and io_ do
  tcp::acceptor acceptor_;
  asio::signal_set signals_;
  asio::steady_timer pause_, grace_;
  std::list<Connection> open_;  // their sockets end before io_ does
};

}  // namespace

void serve(const ServerOptions& options) { Server(options).run(); }

}  // namespace tanpuhui
