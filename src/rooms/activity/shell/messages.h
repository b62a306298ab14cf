#pragma once
/// Messages of a stream (a queue that numbers what it holds) on their way in: which of them are in the programme
/// already, and their lines as records. A message is one or several lines of NDJSON.
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "rooms/activity/shell/record_file.h"
#include "store/database.h"

namespace tanpuhui {

/// A stream of the same name that was made anew is another one.
struct StreamName {
  std::string name;
  std::int64_t made_at_ns = 0;
};

struct Message {
  std::int64_t number = 0;  ///< given by the stream, rising
  std::string_view text;
};

/// Those that are not in the programme, by number, each once.
std::vector<Message> find_new_messages(Database& database, ScenarioId scenario, const StreamName& stream,
                                       std::span<const Message> messages);
/// They are in the programme once this is committed. `messages` as find_new_messages gives them.
void record_messages(Database& writer, ScenarioId scenario, const StreamName& stream,
                     std::span<const Message> messages);

/// An end of the last line is not a further line.
std::size_t count_lines(std::string_view message);

/// The records of messages; the line of a record is the number of its message. Whatever a message holds, it is read
/// as NDJSON, so that one message never decides how others are read.
class RecordMessages : public RecordSource {
 public:
  RecordMessages(std::span<const Message> messages, const Intake& intake);

  std::unique_ptr<RecordReader> make_reader(const Intake& intake) const override;
  bool at_end() override { return begin_ == end_; }
  Outcome problem() const override { return Outcome::received; }
  std::int64_t records() const override { return records_; }
  std::int64_t line() const override { return line_; }
  std::string_view text() const { return {text_.data(), end_}; }

 private:
  bool next_line(std::string_view& line) override;

  std::string text_;                                        // with padding behind it
  std::vector<std::pair<std::size_t, std::int64_t>> ends_;  // where a message ends, and its number
  std::size_t begin_ = 0, end_ = 0, message_ = 0;
  std::int64_t records_ = 0, line_ = 0;
};

}  // namespace tanpuhui
