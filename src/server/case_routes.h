#pragma once
/// The routes of cases. Persons sign what they ask with their recorded key (signed_request.h); what they may see is
/// cases/sight.h's to say, what they may do the procedures'. Questions are answered on the server's thread; what writes
/// goes through the inbox. Contract: api/openapi.yaml, docs/CASES_API.md
///
///   CaseRoutes cases(location, options);
///   if (cases.takes(head)) inbox.admit(cases, head);                // POST
///   else if (cases.answers(head.target)) reply = cases.answer(head);
#include "calendar/calendar.h"
#include "cases/case_rooms.h"
#include "cases/person_keys.h"
#include "cases/stored_case.h"
#include "server/inbox.h"
#include "server/reader.h"
#include "server/signed_request.h"

namespace tanpuhui {

struct CaseOptions {
  const Rulebook* book = nullptr;
  const Calendar* calendar = nullptr;
  const CaseRooms* rooms = nullptr;  ///< what they do about steps
  std::function<Office()> office;    ///< asked for each act, on the inbox's thread; its connection writes
  std::function<void()> committed;   ///< after each act, on the inbox's thread; may be empty
  std::function<Instant()> now;      ///< the programme's
  std::function<Instant()> clock;    ///< of the signatures: the machine's, also in a rehearsal
  std::string spool = "/var/tmp";    ///< folder of the bodies that are not yet carried out
  std::uint64_t bytes_max = std::uint64_t{64} << 20;  ///< of a body; above: 413
  std::size_t at_a_time = 16;                         ///< being received, waiting, carried out; above: 503
  std::int64_t clock_difference_max_ms = 300'000;
};

class CaseRoutes : public Door {
 public:
  CaseRoutes(std::string location, const CaseOptions& options);

  bool takes(const RequestHead& head) const override;
  Result<std::shared_ptr<Parcel>, Reply> admit(const RequestHead& head) override;

  static bool answers(std::string_view target);
  Reply answer(const RequestHead& head);

 private:
  struct Address;
  struct Seen;
  using Query = std::map<std::string, std::string>;
  static std::optional<Address> find_address(std::string_view target);
  Result<SignedBy, Reply> check_signature_of(const RequestHead& head) const;
  Result<Asker, Reply> asker_of(Database& database, const PublicKeyBytes& key, Instant now) const;
  Result<Seen, Reply> see(Database& database, const Asker& asker, std::int64_t number, Instant now) const;
  Reply list(Database& database, const Asker& asker, const Query& query, Instant now) const;
  Reply show(Database& database, const Asker& asker, std::int64_t number, Instant now) const;
  Reply document(Database& database, const Asker& asker, const Address& address, Instant now) const;
  Reply deadlines(Database& database, const Asker& asker, const Query& query, Instant now) const;
  Reply carry_out(const Address& address, const PublicKeyBytes& key, Parcel& parcel);
  Reply open(const Office& office, const Asker& asker, const std::string& body) const;
  Reply step(const Office& office, const Asker& asker, std::int64_t number, const std::string& body) const;
  Reply too_large() const;

  const CaseOptions& options_;
  Places places_;
  Reader reader_;                 // of the server's thread
  bool connection_lost_ = false;  // of the inbox's
};

}  // namespace tanpuhui
