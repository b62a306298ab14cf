#pragma once
/// The partner of the small programme's scenario `ride`: its key is recorded, it signs what it sends. The clock of the
/// signatures stands still.
#include "server/deliveries.h"
#include "small_programme.h"

namespace tanpuhui {

class Partner {
 public:
  explicit Partner(SmallProgramme& programme) : programme_(programme) {
    const PublicKeyBytes key = key_.verify_key().bytes();
    programme.database()
        .statement("INSERT INTO signing_keys(holder, public_key) VALUES ('partner:ride', ?)")
        .bind(ByteView(key))
        .run();
  }

  DeliveryOptions options() {
    DeliveryOptions options;
    options.writer = &programme_.database();
    options.clock = [] { return Instant{1'735'689'600'000}; };
    options.spool = folder_.path().string();
    options.ingest_options = [this](const Scenario& scenario) {
      IngestOptions ingest;
      ingest.scenario = scenario.id;
      ingest.rules = {scenario.name, &methodology_, Zone{480}, 30, Instant{1'735'689'600'000}};
      return ingest;
    };
    return options;
  }

  /// The head of a request that delivers `body`.
  std::string head(const std::string& body, const std::string& more = "") const {
    const std::string path = "/api/v1/scenarios/ride/deliveries", length = std::to_string(body.size());
    const std::string digest = "sha-256=:" + to_base64(sha256(as_bytes(body))) + ":";
    const std::string parameters =
        "(\"@method\" \"@path\" \"content-digest\" \"content-length\");created=1735689600;keyid=\"partner:ride\"";
    const std::string base = "\"@method\": POST\n\"@path\": " + path + "\n\"content-digest\": " + digest +
                             "\n\"content-length\": " + length + "\n\"@signature-params\": " + parameters;
    return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + more + "Content-Digest: " + digest +
           "\r\nContent-Length: " + length + "\r\nSignature-Input: d=" + parameters +
           "\r\nSignature: d=:" + to_base64(key_.sign(as_bytes(base))) + ":\r\n\r\n";
  }

 private:
  SmallProgramme& programme_;
  TemporaryFolder folder_;
  Methodology methodology_ = bike_methodology();
  SigningKey key_ = SigningKey::from_seed(KeySeed{9});
};

}  // namespace tanpuhui
