#include "rooms/activity/shell/nats_source.h"

#include <chrono>
#include <deque>

#include <fmt/format.h>
#include <nats/nats.h>

#include "base/fault.h"
#include "store/database.h"

namespace tanpuhui {
namespace {

constexpr std::int64_t wait_ms = 500;
constexpr std::int64_t connect_ms = 5'000;
constexpr std::int64_t nanoseconds = 1'000'000'000;
constexpr std::int64_t acknowledge_within_s = 60;
constexpr std::int64_t unacknowledged_max = 65'536;
constexpr int messages_a_request = 256;
constexpr std::chrono::seconds batch_time{2};  // much less than an acknowledgement may take
constexpr std::size_t batch_bytes = std::size_t{32} << 20;

/// A pointer of the C library that is given back by its own function.
template <auto destroy>
struct Destroy {
  template <class T>
  void operator()(T* pointer) const {
    destroy(pointer);
  }
};
template <class T, auto destroy>
using Owned = std::unique_ptr<T, Destroy<destroy>>;

template <class T, auto destroy>
Owned<T, destroy> owned(T* pointer) {
  return Owned<T, destroy>(pointer);
}

}  // namespace

struct NatsSource::Connection {
  explicit Connection(const NatsAddress& to) : address(to) {
    connect();
    find_stream();
    find_consumer();
    jsSubOptions options;
    check(jsSubOptions_Init(&options), "subscribing");
    options.Stream = address.stream.c_str();
    options.Consumer = address.durable.c_str();
    natsSubscription* made = nullptr;
    check(js_PullSubscribe(&made, jetstream.get(), subject.c_str(), nullptr, nullptr, &options, nullptr),
          "subscribing");
    subscription.reset(made);
  }

  void check(natsStatus status, std::string_view doing) const {
    if (status == NATS_OK) return;
    const char* more = nats_GetLastError(nullptr);
    throw Fault(
        fmt::format("{}, stream {}, durable {}: {} failed: {}{}; nothing is lost: run it again once it is there",
                    shown_location(address.url), address.stream, address.durable, doing, natsStatus_GetText(status),
                    more && *more ? fmt::format(" ({})", more) : ""));
  }

  // One connection for one attempt: whoever started the command sees at once that the server is gone.
  void connect() {
    natsOptions* made = nullptr;
    check(natsOptions_Create(&made), "connecting");
    const auto options = owned<natsOptions, natsOptions_Destroy>(made);
    check(natsOptions_SetURL(made, address.url.c_str()), "connecting");
    check(natsOptions_SetAllowReconnect(made, false), "connecting");
    check(natsOptions_SetTimeout(made, connect_ms), "connecting");
    check(natsOptions_SetName(made, "tanpuhui ingest"), "connecting");
    natsConnection* opened = nullptr;
    check(natsConnection_Connect(&opened, made), "connecting");
    connection.reset(opened);
    jsCtx* context = nullptr;
    check(natsConnection_JetStream(&context, opened, nullptr), "connecting");
    jetstream.reset(context);
  }

  void find_stream() {
    jsStreamInfo* made = nullptr;
    check(js_GetStreamInfo(&made, jetstream.get(), address.stream.c_str(), nullptr, nullptr), "finding the stream");
    const auto info = owned<jsStreamInfo, jsStreamInfo_Destroy>(made);
    stream = {address.stream, info->Created};
    subject = info->Config->SubjectsLen > 0 ? info->Config->Subjects[0] : ">";
  }

  void find_consumer() {
    jsConsumerInfo* made = nullptr;
    jsErrCode problem{};
    const natsStatus status =
        js_GetConsumerInfo(&made, jetstream.get(), address.stream.c_str(), address.durable.c_str(), nullptr, &problem);
    if (problem == JSConsumerNotFoundErr) return make_consumer();
    check(status, "finding the consumer");
    const auto info = owned<jsConsumerInfo, jsConsumerInfo_Destroy>(made);
    const jsConsumerConfig& config = *info->Config;
    const auto is_set = [](const char* text) { return text && *text; };
    if (config.AckPolicy != js_AckExplicit || is_set(config.DeliverSubject) || is_set(config.FilterSubject))
      throw Fault(address.durable +
                  ": this consumer cannot be used: it must be pulled, acknowledge each message and filter no subject; "
                  "name another --durable and it will be made");
  }

  void make_consumer() {
    jsConsumerConfig config;
    check(jsConsumerConfig_Init(&config), "making the consumer");
    config.Durable = address.durable.c_str();
    config.AckPolicy = js_AckExplicit;
    config.AckWait = acknowledge_within_s * nanoseconds;
    config.MaxAckPending = unacknowledged_max;
    check(js_AddConsumer(nullptr, jetstream.get(), address.stream.c_str(), &config, nullptr, nullptr),
          "making the consumer");
  }

  /// False when nothing came for a moment.
  bool pull() {
    natsMsgList list{};
    const natsStatus status = natsSubscription_Fetch(&list, subscription.get(), messages_a_request, wait_ms, nullptr);
    if (status == NATS_TIMEOUT) return false;
    check(status, "fetching");
    for (int i = 0; i < list.Count; ++i) {
      arrived.emplace_back(list.Msgs[i]);
      list.Msgs[i] = nullptr;
    }
    natsMsgList_Destroy(&list);
    return true;
  }

  std::int64_t number_of(natsMsg* message) const {
    jsMsgMetaData* made = nullptr;
    check(natsMsg_GetMetaData(&made, message), "reading a message");
    const auto data = owned<jsMsgMetaData, jsMsgMetaData_Destroy>(made);
    return static_cast<std::int64_t>(data->Sequence.Stream);
  }

  using OwnedMessage = Owned<natsMsg, natsMsg_Destroy>;
  NatsAddress address;
  StreamName stream;
  std::string subject;
  Owned<natsConnection, natsConnection_Destroy> connection;
  Owned<jsCtx, jsCtx_Destroy> jetstream;
  Owned<natsSubscription, natsSubscription_Destroy> subscription;
  std::deque<OwnedMessage> arrived;  // not given yet
  std::vector<OwnedMessage> given;   // not acknowledged yet
  std::vector<Message> messages;     // beside `given`
};

NatsSource::NatsSource(const NatsAddress& address) : connection_(std::make_unique<Connection>(address)) {}
NatsSource::~NatsSource() = default;

const StreamName& NatsSource::stream() const { return connection_->stream; }

std::span<const Message> NatsSource::fetch(std::size_t lines_max) {
  Connection& c = *connection_;
  c.given.clear();
  c.messages.clear();
  std::size_t lines = 0, bytes = 0;
  const auto until = std::chrono::steady_clock::now() + batch_time;
  while (bytes < batch_bytes && std::chrono::steady_clock::now() < until && (!c.arrived.empty() || c.pull())) {
    natsMsg* next = c.arrived.front().get();
    const std::string_view text(natsMsg_GetData(next), static_cast<std::size_t>(natsMsg_GetDataLength(next)));
    lines += count_lines(text);
    bytes += text.size();
    if (lines > lines_max && !c.messages.empty()) break;
    c.messages.push_back({c.number_of(next), text});
    c.given.push_back(std::move(c.arrived.front()));
    c.arrived.pop_front();
  }
  return c.messages;
}

// The server carries out what a connection sends in order: its confirmation of the last one is one of all.
void NatsSource::acknowledge() {
  Connection& c = *connection_;
  for (std::size_t i = 0; i + 1 < c.given.size(); ++i) c.check(natsMsg_Ack(c.given[i].get(), nullptr), "acknowledging");
  if (!c.given.empty()) c.check(natsMsg_AckSync(c.given.back().get(), nullptr, nullptr), "acknowledging");
  c.given.clear();
  c.messages.clear();
}

bool NatsSource::is_drained() {
  Connection& c = *connection_;
  jsConsumerInfo* made = nullptr;
  c.check(js_GetConsumerInfo(&made, c.jetstream.get(), c.address.stream.c_str(), c.address.durable.c_str(), nullptr,
                             nullptr),
          "asking what is left");
  const auto info = owned<jsConsumerInfo, jsConsumerInfo_Destroy>(made);
  return info->NumPending == 0 && info->NumAckPending == 0;
}

}  // namespace tanpuhui
