#include "server/case_body.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/fault.h"
#include "office/office.h"

namespace tanpuhui {
namespace {

namespace ondemand = simdjson::ondemand;
using Flaw = std::optional<Reply>;

Reply malformed() { return problem(400, "请求体不是 JSON 对象", "the body is not a JSON object"); }

Reply wrong(const std::string& pointer, std::string_view zh, std::string_view en) {
  return problem(400, fmt::format("{}：{}", pointer, zh), fmt::format("{}: {}", pointer, en));
}

Reply too_large_document(const std::string& pointer) {
  const std::size_t mebibytes = document_size_max >> 20;
  return problem(413, pointer + "：文件过大", pointer + ": the document is too large",
                 fmt::format("每份文件不超过 {} MiB；请压缩或拆分", mebibytes),
                 fmt::format("a document has at most {} MiB: make it smaller or send it in parts", mebibytes));
}

/// One member of an object, and how it is read.
struct Member {
  std::string_view name;
  bool is_required = false;
  std::function<Flaw(ondemand::value, const std::string& pointer)> read;
};

/// Names may be escaped in a pointer: what a stranger writes is cut, so that an answer stays small.
std::string pointer_to(const std::string& parent, std::string_view name) {
  return parent + "/" + std::string(name.substr(0, 64));
}

Flaw read_members(ondemand::object object,
                  const std::function<Flaw(const std::string& name, ondemand::value)>& on_member) {
  for (auto entry : object) {
    ondemand::field field;
    std::string_view name;
    if (std::move(entry).get(field) || field.unescaped_key().get(name)) return malformed();
    if (auto flaw = on_member(std::string(name), field.value())) return flaw;
  }
  return std::nullopt;
}

Flaw read_object(ondemand::object object, const std::string& pointer, const std::vector<Member>& members) {
  std::vector<bool> seen(members.size());
  auto flaw = read_members(object, [&](const std::string& name, ondemand::value value) -> Flaw {
    const std::string at = pointer_to(pointer, name);
    const auto member = std::ranges::find(members, name, &Member::name);
    if (member == members.end()) return wrong(at, "没有这个字段", "there is no such member");
    const auto place = static_cast<std::size_t>(member - members.begin());
    if (seen[place]) return wrong(at, "字段重复", "it stands twice");
    seen[place] = true;
    return member->read(value, at);
  });
  if (flaw) return flaw;
  for (std::size_t i = 0; i < members.size(); ++i)
    if (members[i].is_required && !seen[i])
      return wrong(pointer_to(pointer, members[i].name), "缺少此字段", "it is missing");
  return std::nullopt;
}

Flaw read_text(ondemand::value value, const std::string& pointer, std::string& text) {
  std::string_view read;
  if (value.get_string().get(read)) return wrong(pointer, "须为字符串", "it must be a string");
  if (read.size() > asked_text_max)
    return wrong(pointer, "文字过长（不超过 64 KiB）", "the text is too long: at most 64 KiB");
  text = read;
  return std::nullopt;
}

auto text_into(std::string& text) {
  return [&text](ondemand::value value, const std::string& pointer) { return read_text(value, pointer, text); };
}

auto id_into(CommandId& id) {
  return [&id](ondemand::value value, const std::string& pointer) -> Flaw {
    std::string text;
    if (auto flaw = read_text(value, pointer, text)) return flaw;
    const auto read = parse_command_id(text);
    if (!read) return wrong(pointer, "须为 32 位十六进制", "it has 32 hexadecimal digits");
    id = *read;
    return std::nullopt;
  };
}

/// An object of free names.
template <class Value>
auto map_into(std::map<std::string, Value>& map,
              std::function<Flaw(ondemand::value, const std::string& pointer, Value&)> read) {
  return [&map, read](ondemand::value value, const std::string& pointer) -> Flaw {
    ondemand::object object;
    if (value.get_object().get(object)) return wrong(pointer, "须为对象", "it must be an object");
    return read_members(object, [&](const std::string& name, ondemand::value one) -> Flaw {
      const std::string at = pointer_to(pointer, name);
      if (name.empty() || name.size() > 128) return wrong(at, "名称须有 1 至 128 字节", "a name has 1 to 128 bytes");
      if (map.size() >= asked_names_max) return wrong(pointer, "至多 200 项", "at most 200 of them");
      const auto [place, is_new] = map.try_emplace(name);
      if (!is_new) return wrong(at, "字段重复", "it stands twice");
      return read(one, at, place->second);
    });
  };
}

Flaw read_document(ondemand::value value, const std::string& pointer, Bytes& bytes) {
  std::string_view text;
  if (value.get_string().get(text)) return wrong(pointer, "须为字符串", "it must be a string");
  if (text.size() > (document_size_max + 2) / 3 * 4) return too_large_document(pointer);
  auto decoded = from_base64(text);
  if (!decoded) return wrong(pointer, "须为 base64（RFC 4648，含填充）", "it must be base64 (RFC 4648, padded)");
  if (decoded->size() > document_size_max) return too_large_document(pointer);
  bytes = std::move(*decoded);
  return std::nullopt;
}

Flaw read_vote(ondemand::value value, const std::string& pointer, Vote& vote) {
  std::string text;
  if (auto flaw = read_text(value, pointer, text)) return flaw;
  if (text != "for" && text != "against") return wrong(pointer, "须为 for 或 against", "it is for or against");
  vote = text == "for" ? Vote::for_it : Vote::against;
  return std::nullopt;
}

Flaw read_case_number(ondemand::value value, const std::string& pointer, std::optional<std::int64_t>& number) {
  std::int64_t read = 0;
  if (value.get_int64().get(read) || read < 1) return wrong(pointer, "须为案件编号", "it must be the number of a case");
  number = read;
  return std::nullopt;
}

Flaw read_applicant(ondemand::value value, const std::string& pointer, std::optional<Applicant>& applicant) {
  ondemand::object object;
  if (value.get_object().get(object)) return wrong(pointer, "须为对象", "it must be an object");
  Applicant& read = applicant.emplace();
  if (auto flaw = read_object(object, pointer,
                              {{"person", true, text_into(read.person)},
                               {"unit", true, text_into(read.unit)},
                               {"kind", true, text_into(read.kind)}}))
    return flaw;
  if (read.kind != "person" && read.kind != "organisation" && read.kind != "public_institution")
    return wrong(pointer + "/kind", "须为 person、organisation 或 public_institution",
                 "it is person, organisation or public_institution");
  return std::nullopt;
}

Flaw read_body(const std::string& path, const std::vector<Member>& members) {
  simdjson::padded_string body;
  if (simdjson::padded_string::load(path).get(body)) throw Fault(path + ": a body that was kept cannot be read");
  ondemand::parser parser;
  ondemand::document document;
  ondemand::object object;
  if (parser.iterate(body).get(document) || document.get_object().get(object)) return malformed();
  if (auto flaw = read_object(object, "", members)) return flaw;
  const char* behind = nullptr;
  return document.current_location().get(behind) == simdjson::OUT_OF_BOUNDS ? std::nullopt : Flaw(malformed());
}

}  // namespace

Result<AskedOpening, Reply> read_opening(const std::string& path) {
  AskedOpening asked;
  const auto about = [&](ondemand::value value, const std::string& at) {
    return read_case_number(value, at, asked.about);
  };
  const auto applicant = [&](ondemand::value value, const std::string& at) {
    return read_applicant(value, at, asked.applicant);
  };
  if (auto flaw = read_body(path, {{"id", true, id_into(asked.id)},
                                   {"procedure", true, text_into(asked.procedure)},
                                   {"about", false, about},
                                   {"applicant", false, applicant}}))
    return *std::move(flaw);
  return asked;
}

Result<AskedStep, Reply> read_step(const std::string& path) {
  AskedStep asked;
  StepRequest& request = asked.request;
  const auto vote = [&](ondemand::value value, const std::string& at) { return read_vote(value, at, request.vote); };
  if (auto flaw = read_body(path, {{"id", true, id_into(asked.id)},
                                   {"action", true, text_into(request.action)},
                                   {"role", false, text_into(request.role)},
                                   {"reason", false, text_into(request.reason)},
                                   {"vote", false, vote},
                                   {"fields", false, map_into<std::string>(request.fields, read_text)},
                                   {"documents", false, map_into<Bytes>(asked.files, read_document)}}))
    return *std::move(flaw);
  return asked;
}

}  // namespace tanpuhui
