#include "rooms/activity/shell/messages.h"

#include <algorithm>

namespace tanpuhui {
namespace {

struct Run {
  std::int64_t first = 0, last = 0;
};

/// In order of number, none touching another's numbers.
std::vector<Run> find_runs(Database& database, ScenarioId scenario, const StreamName& stream, const Run& among) {
  auto rows = database.statement(
      "SELECT first_number, last_number FROM taken_messages WHERE scenario_id = ? AND stream = ? AND made_at_ns = ? "
      "AND first_number <= ? AND last_number >= ? ORDER BY first_number");
  rows.bind(scenario.value).bind(stream.name).bind(stream.made_at_ns).bind(among.last).bind(among.first);
  std::vector<Run> runs;
  while (rows.step()) runs.push_back({rows.integer(0), rows.integer(1)});
  return runs;
}

bool is_taken(const std::vector<Run>& runs, std::int64_t number) {
  const auto behind = std::ranges::upper_bound(runs, number, {}, &Run::first);
  return behind != runs.begin() && std::prev(behind)->last >= number;
}

void record_run(Database& writer, ScenarioId scenario, const StreamName& stream, const Run& run) {
  const std::int64_t grown = writer
                                 .statement(
                                     "UPDATE taken_messages SET last_number = ? WHERE scenario_id = ? AND stream = ? "
                                     "AND made_at_ns = ? AND last_number = ?")
                                 .bind(run.last)
                                 .bind(scenario.value)
                                 .bind(stream.name)
                                 .bind(stream.made_at_ns)
                                 .bind(run.first - 1)
                                 .run();
  if (grown > 0) return;
  writer
      .statement(
          "INSERT INTO taken_messages(scenario_id, stream, made_at_ns, first_number, last_number) "
          "VALUES (?, ?, ?, ?, ?)")
      .bind(scenario.value)
      .bind(stream.name)
      .bind(stream.made_at_ns)
      .bind(run.first)
      .bind(run.last)
      .run();
}

}  // namespace

std::vector<Message> find_new_messages(Database& database, ScenarioId scenario, const StreamName& stream,
                                       std::span<const Message> messages) {
  std::vector<Message> out(messages.begin(), messages.end());
  if (out.empty()) return out;
  std::ranges::stable_sort(out, {}, &Message::number);
  const auto copies = std::ranges::unique(out, {}, &Message::number);
  out.erase(copies.begin(), copies.end());
  const std::vector<Run> runs = find_runs(database, scenario, stream, {out.front().number, out.back().number});
  std::erase_if(out, [&runs](const Message& message) { return is_taken(runs, message.number); });
  return out;
}

void record_messages(Database& writer, ScenarioId scenario, const StreamName& stream,
                     std::span<const Message> messages) {
  for (std::size_t first = 0, last = 0; first < messages.size(); first = last + 1) {
    last = first;
    while (last + 1 < messages.size() && messages[last + 1].number == messages[last].number + 1) ++last;
    record_run(writer, scenario, stream, {messages[first].number, messages[last].number});
  }
}

std::size_t count_lines(std::string_view message) {
  if (message.ends_with('\n')) message.remove_suffix(1);
  return static_cast<std::size_t>(std::ranges::count(message, '\n')) + 1;
}

RecordMessages::RecordMessages(std::span<const Message> messages, const Intake& intake) {
  for (const Message& message : messages) {
    text_ += message.text;
    if (!message.text.ends_with('\n')) text_ += '\n';
    ends_.emplace_back(text_.size(), message.number);
  }
  end_ = text_.size();
  text_.append(line_padding, '\0');
  reader_ = make_reader(intake);
}

std::unique_ptr<RecordReader> RecordMessages::make_reader(const Intake& intake) const {
  return make_record_reader("{", intake);
}

bool RecordMessages::next_line(std::string_view& line) {
  if (at_end()) return false;
  const std::size_t size = text_.find('\n', begin_) - begin_;
  line = std::string_view(text_).substr(begin_, size);
  while (begin_ >= ends_[message_].first) ++message_;
  line_ = ends_[message_].second;
  begin_ += size + 1;
  ++records_;
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.size() > line_size_max) line = {};
  return true;
}

}  // namespace tanpuhui
