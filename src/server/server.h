#pragma once
/// The public face over HTTP/1.1: one page and its JSON, read-only, and, where they are wanted, deliveries of partners
/// (deliveries.h) and the cases of the procedures (case_routes.h). Beast with coroutines on one thread; limits on
/// everything a stranger can send (size, time, number). Basis: reliability 5.4
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "journal/checkpoint.h"
#include "methodology/methodology.h"
#include "rulebook/rulebook.h"

namespace tanpuhui {

struct DeliveryOptions;
struct CaseOptions;

/// What a stranger can make us hold or wait for. A connection that overstays any of the times is closed.
struct ServerLimits {
  std::size_t header_bytes = 8 * 1024;            ///< above: 431
  std::chrono::milliseconds header_time{10'000};  ///< from the connection's or the request's first byte to its last
  std::chrono::milliseconds idle_time{30'000};    ///< between two requests
  std::chrono::milliseconds body_time{30'000};
  std::chrono::milliseconds write_time{30'000};
  std::chrono::milliseconds linger_time{2'000};  ///< for a client that still sends when we close, so that it reads why
  std::chrono::milliseconds stop_time{5'000};    ///< what is being answered when the signal comes
  int requests_per_connection = 100;
  std::size_t connections = 1'000;  ///< above: 503
  std::size_t bodies = 32;          ///< large bodies being received at a time; above: 503
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  ///< 0: any free one
  std::string database;       ///< path; opened read-only
  const Rulebook* book = nullptr;
  const std::map<std::string, Methodology>* methodologies = nullptr;  ///< by id and version
  LogKey log_key;
  std::string checkpoint;                             ///< the signed head, as published
  std::function<void(std::uint16_t port)> listening;  ///< called once it accepts; may be empty
  std::function<Instant()> now;                       ///< the programme's; empty: the machine's clock
  const DeliveryOptions* deliveries = nullptr;        ///< null: none are taken
  const CaseOptions* cases = nullptr;                 ///< null: no cases over HTTP
  std::vector<std::string> hosts;  ///< the only Host names answered, without port; empty: any well-formed one
  ServerLimits limits;
};

/// Serves until SIGINT or SIGTERM, then finishes what it is answering. A Fault when the address is taken or the
/// database cannot be read at the start; later faults are 503 and a line on stderr.
void serve(const ServerOptions& options);

}  // namespace tanpuhui
