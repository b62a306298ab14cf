#include "server/deliveries.h"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

#include "base/fault.h"
#include "rooms/activity/shell/report_json.h"
#include "rooms/reduction/shell/signers.h"
#include "rooms/scenario/shell/find_scenario.h"
#include "server/message_signature.h"
#include "store/programme.h"

namespace tanpuhui {
namespace {

constexpr std::string_view path_begin = "/api/v1/scenarios/", path_end = "/deliveries";

struct Address {
  std::string path, scenario;
  bool has_query = false;
};

// The path stays as it was sent: it is what the sender signed. No name that is recorded needs an escape.
std::optional<Address> find_address(std::string_view target) {
  const boost::core::string_view text(target.data(), target.size());
  const auto url =
      target.starts_with('/') ? boost::urls::parse_origin_form(text) : boost::urls::parse_absolute_uri(text);
  if (!url) return std::nullopt;
  const std::string path(url->encoded_path().data(), url->encoded_path().size());
  if (!path.starts_with(path_begin) || !path.ends_with(path_end)) return std::nullopt;
  if (path.size() <= path_begin.size() + path_end.size()) return std::nullopt;
  const std::string name = path.substr(path_begin.size(), path.size() - path_begin.size() - path_end.size());
  if (name.find('/') != std::string::npos) return std::nullopt;
  return Address{path, name, url->has_query()};
}

SignedMessage message_of(const RequestHead& head, const Address& address) {
  SignedMessage message{{{"@method", head.method}, {"@path", address.path}}, {}, {}};
  for (const char* name : {"content-digest", "content-length", "delivery-manifest"})
    if (const std::string_view value = head.field(name); !value.empty() || name == std::string_view("content-digest"))
      message.covered.emplace_back(name, value);
  message.signature_input = head.field("signature-input");
  message.signature = head.field("signature");
  return message;
}

Reply unauthorised(const HttpFlaw& flaw, const SignedMessage& message, const std::string& key_id) {
  const std::string input =
      fmt::format("Signature-Input: delivery=({});created=<UNIX>;keyid=\"{}\"", list_components(message), key_id);
  return problem(flaw.status, flaw.zh, flaw.en, "用登记的密钥按此重新签名（docs/DELIVERIES.md）：" + input,
                 "sign again with the recorded key as docs/DELIVERIES.md says: " + input);
}

Reply not_now(std::string_view zh, std::string_view en) {
  return problem(503, zh, en, "按 Retry-After 稍后重新发送同一内容；已收到的不会重复计入",
                 "send the same again after Retry-After; what was received never counts twice");
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

Reply reply_with(const IngestReport& report, const std::string& scenario) {
  boost::json::object delivery = report_json(report);
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
    : location_(std::move(location)), options_(options), intake_([this] { run(); }) {}

Deliveries::~Deliveries() {
  stop();
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_one();
  intake_.join();
}

bool Deliveries::takes(std::string_view target) { return find_address(target).has_value(); }

Deliveries::Sender Deliveries::find_sender(const std::string& scenario) {
  const bool is_kept = reader_.has_value();
  try {
    if (!reader_) reader_.emplace(open_programme_reader(location_));
    const ReadTransaction one_state(*reader_);
    return {find_scenario(*reader_, scenario), find_key(*reader_, key_holder(Signer::partner, scenario))};
  } catch (const ConnectionLost&) {
    reader_.reset();
    if (is_kept) return find_sender(scenario);  // it broke while nobody asked
    throw;
  } catch (...) {
    reader_.reset();
    throw;
  }
}

Result<std::shared_ptr<Delivery>, Reply> Deliveries::admit(const RequestHead& head) try {
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
  const SignedMessage message = message_of(head, *address);
  const SignatureRules rules{key_holder(Signer::partner, address->scenario), VerifyKey(*sender.key), options_.clock(),
                             options_.clock_difference_max_ms};
  const auto stated = read_content_digest(head.field("content-digest"));
  if (!stated) return unauthorised(stated.error(), message, rules.key_id);
  if (const auto flaw = check_signature(message, rules)) return unauthorised(*flaw, message, rules.key_id);
  std::erase_if(admitted_, [](const auto& delivery) { return delivery.expired(); });
  if (admitted_.size() >= options_.at_a_time || stopping_)
    return not_now("正在接收的报送已满", "as many deliveries as can be are under way");
  auto delivery = std::make_shared<Delivery>(Delivery{
      std::move(*sender.scenario), *stated, std::string(head.field("delivery-manifest")), Spool(options_.spool)});
  admitted_.push_back(delivery);
  return delivery;
} catch (const Fault& fault) {
  log(fault.what());
  return not_now("服务暂不可用", "the service is not available now");
}

std::optional<Reply> Deliveries::keep(Delivery& delivery, std::string_view piece) try {
  delivery.spool.append(piece);
  return std::nullopt;
} catch (const Fault& fault) {
  log(fault.what());
  return not_now("磁盘空间不足，未接收任何记录", "the server's disk takes no more; nothing of it was taken");
}

Reply Deliveries::too_large() const {
  const std::uint64_t mebibytes = options_.bytes_max >> 20;
  return problem(413, "请求体过大", "the body is too large",
                 fmt::format("分成若干文件，每个不超过 {} MiB；也可用 gzip 压缩", mebibytes),
                 fmt::format("send several files of at most {} MiB each; gzip makes them smaller", mebibytes));
}

std::optional<Reply> Deliveries::refuse_other_bytes(Delivery& delivery) {
  if (delivery.spool.digest() == delivery.stated) return std::nullopt;
  return problem(400, "收到的内容与 Content-Digest 不符，未接收任何记录",
                 "what came is not what Content-Digest says; nothing of it was taken", "重新发送完整文件",
                 "send the whole file again");
}

void Deliveries::take_in(std::shared_ptr<Delivery> delivery, std::function<void(Reply)> answer) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back({std::move(delivery), std::move(answer)});
  }
  changed_.notify_one();
}

void Deliveries::run() {
  while (std::optional<Waiting> waiting = next()) {
    Reply reply = answer_to(*waiting->delivery);
    waiting->delivery.reset();  // its place is free before its sender knows
    waiting->answer(std::move(reply));
  }
}

std::optional<Deliveries::Waiting> Deliveries::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return ended_ || !waiting_.empty(); });
  if (waiting_.empty()) return std::nullopt;
  Waiting first = std::move(waiting_.front());
  waiting_.pop_front();
  return first;
}

Reply Deliveries::answer_to(Delivery& delivery) {
  try {
    return ingest(delivery);
  } catch (const Busy& busy) {
    log(busy.what());
    return not_now("另一进程正在接收或封存", "another process is taking in or sealing");
  } catch (const ConnectionLost& lost) {
    connection_lost_ = true;
    log(lost.what());
    return not_now("服务暂不可用", "the service is not available now");
  } catch (const Fault& fault) {
    log(fault.what());
    return not_now("服务暂不可用", "the service is not available now");
  } catch (const std::exception& error) {
    log(error.what());
    return problem(500);
  }
}

Reply Deliveries::ingest(Delivery& delivery) {
  go_on_unless_stopping();
  if (connection_lost_) options_.writer->reconnect();
  connection_lost_ = false;
  IngestOptions options = options_.ingest_options(delivery.scenario);
  options.file_name = "http-" + to_hex(ByteView(delivery.stated).first(8));
  options.patience = options_.patience;
  options.progress = [this](std::int64_t, std::int64_t) { go_on_unless_stopping(); };
  options.lines_progress = [this](std::int64_t) { go_on_unless_stopping(); };
  std::optional<Manifest> manifest;
  if (!delivery.manifest.empty()) {
    auto read = read_manifest_field(delivery.manifest, *options.rules.methodology);
    if (!read) return read.error();
    manifest = std::move(*read);
    if (!manifest->file.empty()) options.file_name = manifest->file;
    options.manifest = &*manifest;
  }
  IngestReport report = ingest_file(*options_.writer, delivery.spool.path(), options);
  if (report.file_outcome == Outcome::file_already_received) recall_report(*options_.writer, report);
  return reply_with(report, delivery.scenario.name);
}

void Deliveries::go_on_unless_stopping() const {
  if (stopping_) throw Fault("the server stops; a delivery on its way is gone on with when it is sent again");
}

}  // namespace tanpuhui
