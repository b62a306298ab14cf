#include <csignal>
#include <future>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/fault.h"
#include "partner.h"

namespace tanpuhui {
namespace {

/// A stranger with a socket. Reading gives up after ten seconds, so that no test hangs.
class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{10, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return connected_; }
  void send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t count = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (count <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  /// Until `mark` has been read, or the server closes.
  std::string read_until(std::string_view mark) {
    while (received_.find(mark) == std::string::npos) {
      char bytes[4096];
      const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
      closed_ = count == 0;
      if (count <= 0) break;
      received_.append(bytes, static_cast<std::size_t>(count));
    }
    return received_;
  }
  std::string read_all() { return read_until("\x01 never sent"); }
  bool closed_by_server() const { return closed_; }

 private:
  int socket_;
  bool connected_ = false, closed_ = false;
  std::string received_;
};

class ServeTest : public ::testing::Test {
 protected:
  ~ServeTest() override { stop(); }

  void start(const ServerLimits& limits = {}) {
    options_ = programme_.options();
    options_.limits = limits;
    options_.deliveries = deliveries_;
    std::promise<std::uint16_t> port;
    options_.listening = [&port](std::uint16_t at) { port.set_value(at); };
    thread_ = std::thread([this] { serve(options_); });
    port_ = port.get_future().get();
  }
  void stop() {
    if (!thread_.joinable()) return;
    ::kill(::getpid(), SIGTERM);
    thread_.join();
  }
  std::string ask(const std::string& request) {
    Client client(port_);
    client.send(request);
    return client.read_all();
  }
  static std::string get(const std::string& target, const std::string& fields = "Connection: close\r\n") {
    return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
  }
  static std::string post(const std::string& body, const std::string& fields = "Connection: close\r\n") {
    return "POST /api/v1/certificate-checks HTTP/1.1\r\nHost: localhost\r\n" + fields +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  static std::string status_of(const std::string& answer) { return answer.substr(9, 3); }

  SmallProgramme programme_;
  ServerOptions options_;
  const DeliveryOptions* deliveries_ = nullptr;
  std::thread thread_;
  std::uint16_t port_ = 0;
};

TEST_F(ServeTest, answers_with_the_headers_that_keep_a_browser_safe) {
  start();
  const std::string answer = ask(get("/"));
  EXPECT_EQ("200", status_of(answer));
  for (const char* field : {"Content-Security-Policy: default-src 'none'; script-src 'self'", "frame-ancestors 'none'",
                            "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer", "Date: ", "ETag: "})
    EXPECT_NE(std::string::npos, answer.find(field)) << field;
}

TEST_F(ServeTest, answers_requests_that_were_sent_together_in_their_order) {
  start();
  const std::string answer = ask(get("/api/v1/programme", "") + get("/api/v1/log-key", "") + get("/nothing"));
  const auto first = answer.find("rehearsal"), second = answer.find("\r\n\r\ntanpuhui.example/log+"),
             third = answer.find("HTTP-404");
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  EXPECT_NE(std::string::npos, third);
}

TEST_F(ServeTest, answers_HEAD_with_the_length_and_no_body) {
  start();
  const std::string answer = ask("HEAD /style.css HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ("200", status_of(answer));
  EXPECT_NE(std::string::npos, answer.find("Content-Length: "));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST_F(ServeTest, leaves_Range_and_Upgrade_aside) {
  start();
  const std::string fields = "Range: bytes=0-1\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n";
  const std::string answer = ask(get("/api/v1/log-key", fields));
  EXPECT_EQ("200", status_of(answer));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n" + format_log_key(options_.log_key, sha256) + "\n"));
}

TEST_F(ServeTest, refuses_a_method_nobody_knows) {
  start();
  EXPECT_EQ("405", status_of(ask("BREW / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")));
}

TEST_F(ServeTest, refuses_a_header_above_its_limit) {
  start();
  EXPECT_EQ("431", status_of(ask(get("/", "X: " + std::string(9000, 'x') + "\r\n"))));
}

TEST_F(ServeTest, closes_when_a_header_comes_too_slowly) {
  ServerLimits limits;
  limits.header_time = std::chrono::milliseconds(30);
  start(limits);
  Client client(port_);
  client.send("GET / HTTP/1.1\r\nHost:");
  EXPECT_EQ("", client.read_all());
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(ServeTest, closes_a_connection_that_asks_nothing_more) {
  ServerLimits limits;
  limits.idle_time = std::chrono::milliseconds(30);
  start(limits);
  Client client(port_);
  client.send(get("/api/v1/log-key", ""));
  EXPECT_EQ("200", status_of(client.read_all()));
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(ServeTest, closes_when_a_body_comes_too_slowly) {
  ServerLimits limits;
  limits.body_time = std::chrono::milliseconds(30);
  start(limits);
  Client client(port_);
  client.send("POST /api/v1/certificate-checks HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{");
  client.read_all();
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(ServeTest, refuses_a_body_above_four_MiB_and_says_so) {
  start();
  EXPECT_EQ("413", status_of(ask(post(std::string(4 * 1024 * 1024 + 1, 'x')))));
}

TEST_F(ServeTest, refuses_a_body_above_four_MiB_that_comes_in_chunks) {
  start();
  Client client(port_);
  client.send("POST /api/v1/certificate-checks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
  for (int i = 0; i < 65; ++i) client.send(chunk);
  EXPECT_EQ("413", status_of(client.read_all()));
}

TEST_F(ServeTest, refuses_a_body_where_none_belongs) {
  start();
  EXPECT_EQ("413", status_of(ask(get("/", "Content-Length: 3\r\n") + "abc")));
}

TEST_F(ServeTest, never_reads_a_body_as_the_next_request) {
  start();
  const std::string hidden = get("/api/v1/log-key");
  const std::string length = "Content-Length: " + std::to_string(hidden.size()) + "\r\n";
  for (const std::string& fields :
       {std::string("Transfer-Encoding: xchunked\r\n"), "Transfer-Encoding: xchunked\r\n" + length,
        length + "Content-Length: 0\r\n", "Transfer-Encoding: chunked\r\n" + length, length}) {
    const std::string answer = ask("POST /nothing HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + hidden);
    EXPECT_EQ("4", answer.substr(9, 1)) << fields;
    EXPECT_EQ(std::string::npos, answer.find("\nHTTP/1.1 ")) << fields;
  }
}

TEST_F(ServeTest, checks_a_certificate_that_comes_by_length_or_in_chunks) {
  start();
  const std::string file = programme_.certificate();
  EXPECT_NE(std::string::npos, ask(post(file)).find("\"valid\":true"));
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", file.size());
  const std::string chunked =
      "POST /api/v1/certificate-checks HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
      "Transfer-Encoding: chunked\r\n\r\n" +
      (size + file) + "\r\n0\r\n\r\n";
  EXPECT_NE(std::string::npos, ask(chunked).find("\"valid\":true"));
}

TEST_F(ServeTest, asks_for_the_body_when_the_client_waits_for_that) {
  start();
  Client client(port_);
  client.send(
      "POST /api/v1/certificate-checks HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\n"
      "Content-Length: 2\r\n\r\n");
  EXPECT_EQ("HTTP/1.1 100 Continue\r\n\r\n", client.read_until("\r\n\r\n"));
  client.send("{}");
  EXPECT_NE(std::string::npos, client.read_all().find("CER-10"));
}

TEST_F(ServeTest, closes_after_so_many_requests) {
  ServerLimits limits;
  limits.requests_per_connection = 2;
  start(limits);
  const std::string answer = ask(get("/", "") + get("/", "") + get("/", ""));
  EXPECT_NE(std::string::npos, answer.find("Connection: close"));
  EXPECT_EQ(answer.rfind("HTTP/1.1 200"), answer.find("HTTP/1.1 200", 1));
}

TEST_F(ServeTest, turns_away_who_comes_when_all_places_are_taken) {
  ServerLimits limits;
  limits.connections = 1;
  start(limits);
  Client first(port_);
  first.send(get("/api/v1/log-key", ""));
  first.read_until("\r\n\r\ntanpuhui.example");
  EXPECT_EQ("503", status_of(ask(get("/"))));
}

TEST_F(ServeTest, receives_only_so_many_bodies_at_a_time) {
  ServerLimits limits;
  limits.bodies = 0;
  start(limits);
  EXPECT_EQ("503", status_of(ask(post("{}"))));
}

TEST_F(ServeTest, says_503_while_the_database_fails_and_recovers) {
  start();
  programme_.database().execute("ALTER TABLE batches RENAME TO elsewhere");
  EXPECT_EQ("503", status_of(ask(get("/api/v1/batches"))));
  programme_.database().execute("ALTER TABLE elsewhere RENAME TO batches");
  EXPECT_EQ("200", status_of(ask(get("/api/v1/batches"))));
}

TEST_F(ServeTest, finishes_what_it_is_answering_when_it_is_told_to_stop) {
  start();
  Client idle(port_), busy(port_);
  idle.send(get("/api/v1/log-key", ""));
  idle.read_until("\r\n\r\ntanpuhui.example");
  busy.send("POST /api/v1/certificate-checks HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  busy.read_until("\r\n\r\n");
  ::kill(::getpid(), SIGTERM);
  idle.read_all();
  EXPECT_TRUE(idle.closed_by_server());
  busy.send("{}");
  EXPECT_NE(std::string::npos, busy.read_all().find("CER-10"));
  thread_.join();
}

class DeliveringTest : public ServeTest {
 protected:
  ~DeliveringTest() override { stop(); }

  void start_intake(const ServerLimits& limits) {
    delivery_options_ = partner_.options();
    deliveries_ = &delivery_options_;
    start(limits);
  }
  Partner partner_{programme_};
  DeliveryOptions delivery_options_;
};

TEST_F(DeliveringTest, cuts_off_who_delivers_too_slowly_and_gives_the_place_to_others) {
  ServerLimits limits;
  limits.body_time = std::chrono::milliseconds(30);
  start_intake(limits);
  const std::string body = "{broken\n";
  for (int i = 0; i < 6; ++i) {
    Client slow(port_);
    slow.send(partner_.head(body) + "{");
    slow.read_all();
    EXPECT_TRUE(slow.closed_by_server());
  }
  EXPECT_EQ("201", status_of(ask(partner_.head(body, "Connection: close\r\n") + body)));
}

TEST_F(DeliveringTest, takes_one_delivery_after_another_on_a_connection) {
  start_intake({});
  const std::string body = "{broken\n", other = "{broken too\n";
  const std::string answer = ask(partner_.head(body) + body + partner_.head(other) + other + get("/nothing"));
  const auto first = answer.find("HTTP/1.1 201"), second = answer.find("HTTP/1.1 201", first + 1);
  EXPECT_LT(first, second);
  EXPECT_NE(std::string::npos, second) << answer;
  EXPECT_NE(std::string::npos, answer.find("HTTP-404"));
}

TEST_F(ServeTest, cannot_serve_where_another_does) {
  start();
  ServerOptions second = options_;
  second.port = port_;
  EXPECT_THROW(serve(second), Fault);
}

}  // namespace
}  // namespace tanpuhui
