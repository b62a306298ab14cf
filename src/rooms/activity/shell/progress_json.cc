#include <fmt/format.h>
#include <simdjson.h>

#include "base/fault.h"
#include "rooms/activity/shell/ingest.h"

namespace tanpuhui {
namespace {

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20)
      out += fmt::format("\\u{:04x}", c);
    else
      out += c;
  }
  return out + '"';
}

std::string joined(const std::vector<std::string>& parts) { return fmt::format("{}", fmt::join(parts, ",")); }

std::string example_json(const IngestExample& example) {
  return fmt::format(
      R"({{"line":{},"outcome":{},"field":{},"value":{},"message_zh":{},"message_en":{},"remedy_zh":{},"remedy_en":{}}})",
      example.line, json_text(example.outcome), json_text(example.field), json_text(example.value),
      json_text(example.message_zh), json_text(example.message_en), json_text(example.remedy_zh),
      json_text(example.remedy_en));
}

std::string text_of(simdjson::dom::element object, const char* key) {
  return std::string(std::string_view(object[key]));
}

}  // namespace

std::string progress_json(const IngestReport& report) {
  std::vector<std::string> counts, examples;
  for (const auto& [outcome, count] : report.counts) counts.push_back(fmt::format("{}:{}", json_text(outcome), count));
  for (const IngestExample& example : report.examples) examples.push_back(example_json(example));
  return fmt::format(R"({{"counts":{{{}}},"examples":[{}]}})", joined(counts), joined(examples));
}

void read_progress_json(std::string_view json, IngestReport& report) try {
  simdjson::dom::parser parser;
  const simdjson::dom::element root = parser.parse(json.data(), json.size());
  for (const auto& [outcome, count] : simdjson::dom::object(root["counts"]))
    report.counts[std::string(outcome)] = std::int64_t(count);
  for (const simdjson::dom::element e : simdjson::dom::array(root["examples"]))
    report.examples.push_back({std::int64_t(e["line"]), text_of(e, "outcome"), text_of(e, "field"), text_of(e, "value"),
                               text_of(e, "message_zh"), text_of(e, "message_en"), text_of(e, "remedy_zh"),
                               text_of(e, "remedy_en")});
} catch (const simdjson::simdjson_error& error) {
  throw Fault(std::string("arrivals.counts cannot be read: ") + error.what());
}

}  // namespace tanpuhui
