#include "server/published_issues.h"

#include <charconv>

#include "cases/stored_case.h"
#include "publications/issues.h"

namespace tanpuhui {
namespace {

namespace json = boost::json;

constexpr std::string_view csv_ending = "/csv";

json::object json_of(const Issue& issue) {
  return {{"number", issue.number},
          {"publication", issue.publication},
          {"period", issue.period.empty() ? json::value(nullptr) : json::value(issue.period)},
          {"state", issue.state},
          {"published_at", format_utc(*issue.published_at)},
          {"as_of_entry", issue.as_of.value},
          {"corrects", issue.corrects ? json::value(*issue.corrects) : json::value(nullptr)},
          {"json_sha256", to_hex(issue.json)},
          {"csv_sha256", to_hex(issue.csv)}};
}

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

Reply list_published(Registers& registers, std::string_view publication) {
  json::array issues;
  for (const Issue& issue : registers.read([](Database& database) { return list_issues(database); }))
    if (issue.is_public() && (publication.empty() || issue.publication == publication))
      issues.push_back(json_of(issue));
  Reply reply;
  reply.body = json::serialize(json::object{{"issues", std::move(issues)}}) + "\n";
  return reply;
}

Reply show_published(Registers& registers, std::string_view rest) {
  const bool csv = rest.ends_with(csv_ending);
  if (csv) rest.remove_suffix(csv_ending.size());
  const auto bytes = registers.read([&](Database& database) -> std::optional<Bytes> {
    const auto number = number_in(rest);
    const auto issue = number ? find_issue(database, *number) : std::nullopt;
    if (!issue || !issue->is_public()) return std::nullopt;
    return find_document(database, csv ? issue->csv : issue->json);
  });
  if (!bytes) return problem(404, "没有这一期公开数据", "there is no such published issue");
  Reply reply;
  if (csv) reply.content_type = "text/csv; charset=utf-8";
  reply.body.assign(bytes->begin(), bytes->end());
  return reply;
}

}  // namespace tanpuhui
