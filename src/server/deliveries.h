#pragma once
/// Deliveries: partners send their record files as bodies of signed requests. They are taken in as `ingest` takes a
/// file. What was cut off, by whomever and whenever, is sent again.
///
///   Deliveries deliveries(location, options);
///   auto delivery = inbox.admit(deliveries, head);     // inbox.h
///
/// Contract: api/openapi.yaml, docs/DELIVERIES.md
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "crypto/ed25519.h"
#include "rooms/activity/shell/ingest.h"
#include "rooms/activity/shell/report_json.h"
#include "rooms/scenario/scenario.h"
#include "server/inbox.h"
#include "server/reader.h"

namespace tanpuhui {

struct DeliveryOptions {
  Database* writer = nullptr;                                    ///< the intake's alone while the server runs
  std::function<IngestOptions(const Scenario&)> ingest_options;  ///< asked for each delivery, on the thread of intake
  GroundsOf grounds_of = [](std::string_view) { return Grounds{}; };  ///< of lines that are refused
  std::function<Instant()> clock;                                     ///< of the signatures
  std::string spool = "/var/tmp";                    ///< folder of the bodies that are not yet taken in
  std::uint64_t bytes_max = std::uint64_t{1} << 30;  ///< above: 413
  std::size_t at_a_time = 4;                         ///< being received, waiting, taken in; above: 503
  std::int64_t clock_difference_max_ms = 300'000;
  std::chrono::milliseconds patience{20'000};  ///< for another process that is at a long act; then 503
};

class Deliveries : public Door {
 public:
  Deliveries(std::string location, const DeliveryOptions& options);

  static bool takes(std::string_view target);
  bool takes(const RequestHead& head) const override { return takes(head.target); }
  Result<std::shared_ptr<Parcel>, Reply> admit(const RequestHead& head) override;

 private:
  struct Sender {
    std::optional<Scenario> scenario;
    std::optional<PublicKeyBytes> key;
  };
  Sender find_sender(const std::string& scenario);
  Reply take_in(const Scenario& scenario, const std::string& manifest, Parcel& parcel, Inbox& inbox);
  Reply ingest(const Scenario& scenario, const std::string& manifest, Parcel& parcel, Inbox& inbox);
  Reply too_large() const;

  const DeliveryOptions& options_;
  Places places_;
  Reader reader_;                 // of the server's thread
  bool connection_lost_ = false;  // of the inbox's
};

}  // namespace tanpuhui
