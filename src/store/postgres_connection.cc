#include "store/postgres_connection.h"

#include <array>
#include <chrono>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "store/postgres_text.h"

namespace tanpuhui {
namespace {

constexpr std::size_t pending_max = 256;
constexpr int oldest_server = 150000;
constexpr int reconnects_max = 12;
constexpr std::chrono::milliseconds first_pause{50}, longest_pause{2000};

std::string_view field_of(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text ? text : "";
}

std::string one_line(std::string_view text) {
  std::string line;
  for (char c : text)
    if (c == '\n' || c == '\t') {
      if (!line.empty() && line.back() != ' ') line += ' ';
    } else {
      line += c;
    }
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

struct Remedy {
  std::string_view begins, remedy;  // of an SQLSTATE
};
constexpr std::array<Remedy, 7> remedies = {{
    {"53100", "; the server's disk is full: make room and run the command again"},
    {"53", "; the server is out of resources: relieve it and run the command again"},
    {"25006", "; this server is a replica or set to read only: name the primary (?target_session_attrs=read-write)"},
    {"42501", "; give this user the rights on the schema"},
    {"3F000", "; create the schema first: CREATE SCHEMA"},
    {"XX001", "; the server's data are damaged: restore them from a backup"},
    {"XX002", "; an index of the server is damaged: REINDEX it, or restore from a backup"},
}};

std::string_view remedy_of(std::string_view state) {
  for (const Remedy& row : remedies)
    if (state.starts_with(row.begins)) return row.remedy;
  return "";
}

// Serialisation, deadlock, lock not to be had, and a row that another process was first to write.
bool is_race(std::string_view state) {
  return state == "40001" || state == "40P01" || state == "55P03" || state == "23505";
}
bool is_loss(std::string_view state) { return state.starts_with("08") || state.starts_with("57P0"); }

std::string_view connect_remedy(std::string_view message) {
  if (message.find("password") != std::string_view::npos)
    return "; check user and password (PGPASSWORD, ~/.pgpass or the address)";
  if (message.find("does not exist") != std::string_view::npos)
    return "; create it first: CREATE DATABASE ... ENCODING 'UTF8', or CREATE ROLE ... LOGIN";
  if (message.find("starting up") != std::string_view::npos || message.find("shutting down") != std::string_view::npos)
    return "; wait until the server is ready and run the command again";
  return "; check that the server runs and that the address names its host and port";
}

void ignore_notice(void*, const char*) {}

const char* type_name(Oid type) {
  switch (type) {
    case 16:
      return "bool";
    case 17:
      return "bytea";
    case 20:
      return "int8";
    case 21:
      return "int2";
    case 23:
      return "int4";
    case 25:
      return "text";
    default:
      raise_defect("a parameter is an integer, text or bytes", __FILE__, __LINE__);
  }
}

}  // namespace

void Values::add(Oid type, const char* bytes, std::size_t size) {
  types.push_back(type);
  data.push_back(bytes);
  sizes.push_back(static_cast<int>(size));
  formats.push_back(1);
}
void Values::clear() {
  types.clear();
  data.clear();
  sizes.clear();
  formats.clear();
}

PostgresConnection::PostgresConnection(std::string location, Access access)
    : location_(std::move(location)), name_(shown_location(location_)), access_(access) {
  connect();
}
PostgresConnection::~PostgresConnection() = default;

void PostgresConnection::connect() {
  pending_.clear();
  prepared_.clear();
  ++generation_;
  // What the address says itself comes later and holds.
  const std::array keywords = {"connect_timeout", "fallback_application_name", "client_encoding", "dbname",
                               static_cast<const char*>(nullptr)};
  const std::array values = {"10", "tanpuhui", "UTF8", location_.c_str(), static_cast<const char*>(nullptr)};
  connection_.reset(PQconnectdbParams(keywords.data(), values.data(), 1));
  if (is_broken()) fail_to_connect();
  name_ = fmt::format("postgresql://{}@{}:{}/{}", PQuser(connection_.get()), PQhost(connection_.get()),
                      PQport(connection_.get()), PQdb(connection_.get()));
  PQsetNoticeProcessor(connection_.get(), ignore_notice, nullptr);
  check_server();
  set_up();
}

void PostgresConnection::fail_to_connect() const {
  const std::string message = one_line(connection_ ? PQerrorMessage(connection_.get()) : "out of memory");
  throw ConnectionLost(fmt::format("{}: {}{}", name_, message, connect_remedy(message)));
}

void PostgresConnection::check_server() const {
  const auto parameter = [this](const char* name) {
    const char* value = PQparameterStatus(connection_.get(), name);
    return std::string_view(value ? value : "");
  };
  if (PQserverVersion(connection_.get()) < oldest_server)
    throw Fault(name_ + ": this server is older than PostgreSQL 15; use a newer one");
  if (parameter("server_encoding") != "UTF8")
    throw Fault(name_ + ": the database is not in UTF8; create one with ENCODING 'UTF8'");
  const bool reads_only = parameter("in_hot_standby") == "on" || parameter("default_transaction_read_only") == "on";
  if (access_ == Access::write && reads_only)
    throw Fault(fmt::format("{}: cannot be written to{}", name_, remedy_of("25006")));
}

void PostgresConnection::set_up() {
  PQenterPipelineMode(connection_.get());
  execute("SET synchronous_commit = on; SET jit = off; SET client_min_messages = warning");
  if (access_ == Access::read) execute("SET default_transaction_read_only = on");
}

void PostgresConnection::reconnect() {
  auto pause = first_pause;
  for (int tries = 1;; ++tries) {
    try {
      return connect();
    } catch (const ConnectionLost&) {
      if (tries == reconnects_max) throw;
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(2 * pause, longest_pause);
  }
}

// Never one that was used: a statement may have been prepared though what was queued before it failed.
std::string PostgresConnection::new_name() { return fmt::format("s{}", ++names_); }

PreparedText& PostgresConnection::prepare(std::string_view sql) {
  if (const auto found = prepared_.find(sql); found != prepared_.end()) return found->second;
  PreparedText prepared;
  prepared.name = new_name();
  sent(PQsendPrepare(connection_.get(), prepared.name.c_str(), postgres_text(sql).c_str(), 0, nullptr), sql, nullptr);
  sent(PQsendDescribePrepared(connection_.get(), prepared.name.c_str()), sql, nullptr);
  const PostgresResult description = exchange();
  for (int i = 0; i < PQnparams(description.get()); ++i)
    prepared.parameters.push_back(PQparamtype(description.get(), i));
  for (int i = 0; i < PQnfields(description.get()); ++i) prepared.columns.push_back(PQftype(description.get(), i));
  return prepared_.emplace(std::string(sql), std::move(prepared)).first->second;
}

void PostgresConnection::prepare_bulk(std::string_view sql, PreparedText& prepared) {
  if (!prepared.bulk_name.empty()) return;
  std::vector<std::string> types;
  for (const Oid type : prepared.parameters) types.emplace_back(type_name(type));
  const std::string name = new_name();
  sent(PQsendPrepare(connection_.get(), name.c_str(), postgres_bulk(sql, types).c_str(), 0, nullptr), sql, nullptr);
  exchange();
  prepared.bulk_name = name;
}

void PostgresConnection::sent(int accepted, std::string_view sql, std::shared_ptr<Tally> tally) {
  if (accepted != 1) lost(sql);
  pending_.push_back({std::string(sql), std::move(tally)});
}

void PostgresConnection::send_prepared(std::string_view sql, const std::string& name, const Values& values,
                                       std::shared_ptr<Tally> tally) {
  sent(PQsendQueryPrepared(connection_.get(), name.c_str(), static_cast<int>(values.data.size()), values.data.data(),
                           values.sizes.data(), values.formats.data(), 1),
       sql, std::move(tally));
}

void PostgresConnection::send(std::string_view sql, const Values& values) {
  sent(PQsendQueryParams(connection_.get(), std::string(sql).c_str(), static_cast<int>(values.data.size()),
                         values.types.data(), values.data.data(), values.sizes.data(), values.formats.data(), 1),
       sql, nullptr);
}

PostgresResult PostgresConnection::next_answer() {
  PostgresResult answer(PQgetResult(connection_.get()));
  while (PostgresResult more = PostgresResult(answer ? PQgetResult(connection_.get()) : nullptr)) {
  }
  return answer;
}

// Every answer is read before an error is thrown, so that the connection is ready for what comes next.
PostgresResult PostgresConnection::exchange() {
  if (is_broken() || PQpipelineSync(connection_.get()) != 1) lost(pending_.empty() ? "" : pending_.back().sql);
  PostgresResult last, failed;
  std::string failed_sql;
  for (const auto& [sql, tally] : pending_) {
    last = next_answer();
    if (!last) lost(sql);
    const ExecStatusType status = PQresultStatus(last.get());
    if (status == PGRES_FATAL_ERROR && !failed) {
      failed = std::move(last);
      failed_sql = sql;
      continue;
    }
    if (status == PGRES_PIPELINE_ABORTED || status == PGRES_FATAL_ERROR || !tally) continue;
    tally->changed += std::strtoll(PQcmdTuples(last.get()), nullptr, 10);
  }
  const std::deque<Pending> answered = std::exchange(pending_, {});
  const PostgresResult sync(PQgetResult(connection_.get()));
  if (failed) fail(failed.get(), failed_sql);
  if (!sync || PQresultStatus(sync.get()) != PGRES_PIPELINE_SYNC) lost(answered.empty() ? "" : answered.back().sql);
  for (const auto& [sql, tally] : answered)
    if (tally) check_changes(*tally, sql);
  return last;
}

void PostgresConnection::check_changes(const Tally& tally, std::string_view sql) const {
  if (tally.wanted && *tally.wanted != tally.changed)
    throw Raced(fmt::format("{}: {} rows changed, not {}, since another process came between, in: {}", name_,
                            tally.changed, *tally.wanted, one_line(sql.substr(0, 300))));
}

void PostgresConnection::relieve() {
  if (pending_.size() >= pending_max) exchange();
}

bool PostgresConnection::awaits_changes() const {
  for (const Pending& pending : pending_)
    if (pending.tally && pending.tally->wanted) return true;
  return false;
}

void PostgresConnection::execute(const std::string& sql) {
  exchange();
  TANPUHUI_REQUIRE(PQexitPipelineMode(connection_.get()) == 1, "no answer is waiting");
  const PostgresResult result(PQexec(connection_.get(), sql.c_str()));
  if (is_broken()) lost(sql);
  PQenterPipelineMode(connection_.get());
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) fail(result.get(), sql);
}

void PostgresConnection::lost(std::string_view sql) const {
  throw ConnectionLost(fmt::format("{}: {} in: {}; the server went away: see that it runs, and run the command again",
                                   name_, one_line(connection_ ? PQerrorMessage(connection_.get()) : ""),
                                   one_line(sql.substr(0, 300))));
}

void PostgresConnection::fail(const PGresult* result, std::string_view sql) const {
  const std::string_view state = field_of(result, PG_DIAG_SQLSTATE);
  if (state.empty() || is_loss(state) || is_broken()) lost(sql);
  const std::string message =
      fmt::format("{}: {} ({}) in: {}{}", name_, one_line(field_of(result, PG_DIAG_MESSAGE_PRIMARY)), state,
                  one_line(sql.substr(0, 300)), remedy_of(state));
  if (is_race(state)) throw Raced(message);
  throw Fault(message);
}

}  // namespace tanpuhui
