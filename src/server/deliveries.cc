#include "server/deliveries.h"

#include <fmt/format.h>

#include "base/fault.h"
#include "rooms/reduction/shell/signers.h"
#include "rooms/scenario/shell/find_scenario.h"
#include "server/signed_request.h"
#include "server/target.h"

namespace tanpuhui {
namespace {

constexpr std::string_view path_begin = "/api/v1/scenarios/", path_end = "/deliveries";

struct Address {
  std::string scenario;
  bool has_query = false;
};

// The path stays as it was sent: it is what the sender signed. No name that is recorded needs an escape.
std::optional<Address> find_address(std::string_view target) {
  const auto parts = read_target(target);
  if (!parts) return std::nullopt;
  const std::string& path = parts->path;
  if (!path.starts_with(path_begin) || !path.ends_with(path_end)) return std::nullopt;
  if (path.size() <= path_begin.size() + path_end.size()) return std::nullopt;
  const std::string name = path.substr(path_begin.size(), path.size() - path_begin.size() - path_end.size());
  if (name.find('/') != std::string::npos) return std::nullopt;
  return Address{name, parts->query.has_value()};
}

Reply unauthorised(const SignatureFlaw& flaw, const SignedMessage& message, const std::string& key_id) {
  const std::string input =
      fmt::format("Signature-Input: delivery=({});created=<UNIX>;keyid=\"{}\"", list_components(message), key_id);
  return problem(401, flaw.zh, flaw.en, "用登记的密钥按此重新签名（docs/DELIVERIES.md）：" + input,
                 "sign again with the recorded key as docs/DELIVERIES.md says: " + input);
}

void log(const std::string& what) { fmt::print(stderr, "tanpuhui serve: {}\n", what); }

/// The manifest in `:<base64>:`, or what is wrong with it.
Result<Manifest, Reply> read_manifest_field(std::string_view field, const Methodology& methodology) {
  std::optional<Bytes> text;
  if (field.size() > 2 && field.starts_with(':') && field.ends_with(':'))
    text = from_base64(field.substr(1, field.size() - 2));
  if (!text) return problem(400, "Delivery-Manifest 应写成 :<base64>:", "Delivery-Manifest must be written :<base64>:");
  auto manifest = read_manifest(as_text(*text), "Delivery-Manifest", methodology);
  if (!manifest) return problem(400, "报送清单有误：" + describe(manifest.error()), describe(manifest.error()));
  return std::move(*manifest);
}

Reply reply_with(const IngestReport& report, const std::string& scenario, const GroundsOf& grounds_of) {
  boost::json::object delivery = report_json(report, grounds_of);
  delivery["scenario"] = scenario;
  delivery["arrival"] = report.arrival_id;
  const OutcomeRow& row = describe_outcome(report.file_outcome);
  const bool is_in = report.file_outcome == Outcome::received || report.file_outcome == Outcome::file_already_received;
  Reply reply = problem(422, row.zh, row.en, row.remedy_zh, row.remedy_en);
  if (is_in) {
    reply.status = report.file_outcome == Outcome::received ? 201 : 200;
    reply.body = boost::json::serialize(delivery) + "\n";
  } else {
    boost::json::object refused = boost::json::parse(reply.body).as_object();
    refused["delivery"] = std::move(delivery);
    reply.body = boost::json::serialize(refused) + "\n";
  }
  log(fmt::format("delivery to {}: {} ({} lines, {})", scenario, row.id, report.lines, reply.status));
  return reply;
}

}  // namespace

Deliveries::Deliveries(std::string location, const DeliveryOptions& options)
    : options_(options), places_(options.at_a_time), reader_(std::move(location)) {}

bool Deliveries::takes(std::string_view target) { return find_address(target).has_value(); }

Deliveries::Sender Deliveries::find_sender(const std::string& scenario) {
  return reader_.read([&](Database& database) -> Sender {
    return {find_scenario(database, scenario), find_key(database, key_holder(Signer::partner, scenario))};
  });
}

Result<std::shared_ptr<Parcel>, Reply> Deliveries::admit(const RequestHead& head) {
  const std::optional<Address> address = find_address(head.target);
  TANPUHUI_REQUIRE(address, "only what takes() is asked for");
  if (head.method != "POST") {
    Reply reply = problem(405);
    reply.allow = "POST";
    return reply;
  }
  if (address->has_query) return problem(400, "此地址不接收查询参数", "this address takes no query");
  if (head.content_length.value_or(0) > options_.bytes_max) return too_large();
  Sender sender = find_sender(address->scenario);
  if (!sender.scenario || !sender.key)
    return problem(404, "没有这个场景", "there is no such scenario", "向运营机构核对场景名",
                   "ask the operator for the scenario's name");
  const SignedMessage message = signed_message(head, {"content-digest"}, {"content-length", "delivery-manifest"});
  const SignatureRules rules{key_holder(Signer::partner, address->scenario), VerifyKey(*sender.key), options_.clock(),
                             options_.clock_difference_max_ms};
  const auto stated = read_content_digest(head.field("content-digest"));
  if (!stated) return unauthorised(stated.error(), message, rules.key_id);
  if (const auto flaw = check_signature(message, rules)) return unauthorised(*flaw, message, rules.key_id);
  if (places_.are_taken()) return not_now("正在接收的报送已满", "as many deliveries as can be are under way");
  const auto delivery = std::make_shared<Parcel>(
      Parcel{*stated, options_.bytes_max, too_large(), Spool(options_.spool), true,
             [this, scenario = *std::move(sender.scenario), manifest = std::string(head.field("delivery-manifest"))](
                 Parcel& parcel, Inbox& inbox) { return take_in(scenario, manifest, parcel, inbox); }});
  places_.take(delivery);
  return delivery;
}

Reply Deliveries::too_large() const {
  const std::uint64_t mebibytes = options_.bytes_max >> 20;
  return problem(413, "请求体过大", "the body is too large",
                 fmt::format("分成若干文件，每个不超过 {} MiB；也可用 gzip 压缩", mebibytes),
                 fmt::format("send several files of at most {} MiB each; gzip makes them smaller", mebibytes));
}

Reply Deliveries::take_in(const Scenario& scenario, const std::string& manifest, Parcel& parcel, Inbox& inbox) try {
  if (connection_lost_) options_.writer->reconnect();
  connection_lost_ = false;
  return ingest(scenario, manifest, parcel, inbox);
} catch (const ConnectionLost&) {
  connection_lost_ = true;
  throw;
}

Reply Deliveries::ingest(const Scenario& scenario, const std::string& manifest_field, Parcel& parcel, Inbox& inbox) {
  IngestOptions options = options_.ingest_options(scenario);
  options.file_name = "http-" + to_hex(ByteView(parcel.stated).first(8));
  options.patience = options_.patience;
  options.progress = [&inbox](std::int64_t, std::int64_t) { inbox.meanwhile(); };
  options.lines_progress = [&inbox](std::int64_t) { inbox.meanwhile(); };
  std::optional<Manifest> manifest;
  if (!manifest_field.empty()) {
    auto read = read_manifest_field(manifest_field, *options.rules.methodology);
    if (!read) return read.error();
    manifest = std::move(*read);
    if (!manifest->file.empty()) options.file_name = manifest->file;
    options.manifest = &*manifest;
  }
  IngestReport report = ingest_file(*options_.writer, parcel.spool.path(), options);
  if (report.file_outcome == Outcome::file_already_received) recall_report(*options_.writer, report);
  return reply_with(report, scenario.name, options_.grounds_of);
}

}  // namespace tanpuhui
