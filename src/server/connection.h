#pragma once
/// One connection: head, guard, body, answer, again. Every wait has its limit.
#include <optional>

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include "server/case_routes.h"
#include "server/http_guard.h"
#include "server/inbox.h"
#include "server/public_face.h"

namespace tanpuhui {

/// What the connections of a server share. One thread.
struct ServerState {
  const ServerOptions& options;
  PublicFace face;
  CaseRoutes* cases = nullptr;    ///< null: there are none
  std::vector<Door*> doors = {};  ///< of what writes
  Inbox* inbox = nullptr;         ///< behind them
  std::size_t connections = 0;
  std::size_t bodies = 0;  ///< large ones, being received or sent
  bool stopping = false;
};

class Connection {
 public:
  Connection(ServerState& state, boost::asio::ip::tcp::socket socket);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Until the other side leaves, breaks a rule, or the server stops.
  boost::asio::awaitable<void> run();
  /// Leaves at once when nothing is being answered, else after the answer.
  void stop();

 private:
  enum class Next { go_on, close, leave };  // close: let the client read what we said

  boost::asio::awaitable<Next> serve_one(bool first);
  boost::asio::awaitable<std::size_t> receive_head(bool first);
  boost::asio::awaitable<Next> answer(const RequestHead& head, std::size_t head_size);
  boost::asio::awaitable<bool> receive_body(const RequestHead& head, std::size_t head_size, std::uint64_t body_max);
  boost::asio::awaitable<Next> take_parcel(Door& door, const RequestHead& head, std::size_t head_size);
  boost::asio::awaitable<std::optional<Reply>> receive_parcel(const RequestHead& head, std::size_t head_size,
                                                              Parcel& parcel);
  boost::asio::awaitable<Reply> carried_out(std::shared_ptr<Parcel>&& parcel);
  boost::asio::awaitable<bool> receive_some(std::size_t most);
  boost::asio::awaitable<Next> send(const Reply& reply, const RequestHead& head, bool keep);
  boost::asio::awaitable<void> linger();
  std::string_view received() const;
  std::optional<Reply> refuse_body(const RequestHead& head, std::uint64_t body_max);
  Reply reply_to(const RequestHead& head);
  bool may_keep();

  ServerState& state_;
  const ServerLimits& limits_;
  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  std::string body_;
  bool keeps_alive_ = false;
  bool waiting_ = false;
  int answered_ = 0;
};

}  // namespace tanpuhui
