#pragma once
/// The public face over HTTP/1.1: one page and its JSON, read-only. Beast with coroutines on one thread; limits on
/// everything a stranger can send (size, time, number). Basis: reliability 5.4
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "journal/checkpoint.h"
#include "methodology/methodology.h"
#include "rulebook/rulebook.h"

namespace tanpuhui {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  ///< 0: any free one
  std::string database;       ///< path; opened read-only
  const Rulebook* book = nullptr;
  const std::map<std::string, Methodology>* methodologies = nullptr;  ///< by id and version
  LogKey log_key;
  std::string checkpoint;                             ///< the signed head, as published
  std::function<void(std::uint16_t port)> listening;  ///< called once it accepts; may be empty
};

/// Serves until SIGINT or SIGTERM, then finishes what it is answering. A Fault when the address is taken.
void serve(const ServerOptions& options);

}  // namespace tanpuhui
