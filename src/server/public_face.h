#pragma once
/// The routes: from a request to its answer, without a socket. Everything is open to everybody and nothing changes the
/// programme. What the database cannot give is a Fault for the caller. Contract: api/openapi.yaml
///
///   PublicFace face(options);
///   if (const auto max = face.body_max("POST", "/api/v1/certificate-checks")) read_body(*max);
///   Reply reply = face.answer({"GET", "/api/v1/totals", "", ""});
#include <cstdint>
#include <string>
#include <string_view>

#include "server/registers.h"
#include "server/reply.h"
#include "server/server.h"

namespace tanpuhui {

inline constexpr std::uint64_t certificate_bytes_max = 4 * 1024 * 1024;

struct Question {
  std::string_view method;
  std::string_view target;  ///< as sent: path and query, or a whole http address
  std::string_view if_none_match;
  std::string_view body;
};

class PublicFace {
 public:
  explicit PublicFace(const ServerOptions& options);

  /// How large a body this address takes; 0: none.
  std::uint64_t body_max(std::string_view method, std::string_view target) const;
  Reply answer(const Question& question);

 private:
  struct Route;
  struct Address;
  static const Route* find_route(std::string_view path);
  Reply page(const Address& address);
  Reply programme(const Address& address);
  Reply totals(const Address& address);
  Reply batches(const Address& address);
  Reply methodologies(const Address& address);
  Reply methodology(const Address& address);
  Reply procedures(const Address& address);
  Reply procedure(const Address& address);
  Reply publications(const Address& address);
  Reply publication(const Address& address);
  Reply checkpoint(const Address& address);
  Reply log_key(const Address& address);
  Reply certificate_check(const Address& address);

  Day today() const;

  const ServerOptions& options_;
  Registers registers_;
};

}  // namespace tanpuhui
