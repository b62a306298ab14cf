#include "server/reply.h"

#include <array>

namespace tanpuhui {
namespace {

struct Usual {
  unsigned status;
  std::string_view zh, en, remedy_zh, remedy_en;
};

constexpr std::array<Usual, 8> usual = {{
    {400, "请求有误", "the request is wrong", "按 api/openapi.yaml 更正请求",
     "correct the request as api/openapi.yaml says"},
    {404, "没有这个地址或内容", "there is nothing at this address", "从首页或 /api/v1/programme 开始",
     "start from the page or /api/v1/programme"},
    {405, "此地址不支持该方法", "this address does not take that method", "改用 Allow 首部所列的方法",
     "use a method that the Allow header names"},
    {413, "请求体过大", "the body is too large", "证书文件不超过 4 MiB，其他地址不接收请求体",
     "a certificate file has at most 4 MiB; other addresses take no body"},
    {417, "不支持该 Expect 首部", "this Expect header is not supported", "去掉 Expect 首部",
     "leave out the Expect header"},
    {431, "请求头过大", "the header is too large", "请求头不超过 8 KiB", "keep the header below 8 KiB"},
    {500, "服务内部出错，已记录", "the server made a mistake, which is now in its log", "请稍后再试，或联系运营机构",
     "try again later, or tell the operator"},
    {503, "服务暂不可用", "the service is not available now", "请稍后再试", "try again in a while"},
}};

const Usual& usual_of(unsigned status) {
  for (const Usual& row : usual)
    if (row.status == status) return row;
  return usual[6];
}

}  // namespace

Reply problem(unsigned status, std::string_view zh, std::string_view en, std::string_view remedy_zh,
              std::string_view remedy_en) {
  return json_reply(status, {{"code", "HTTP-" + std::to_string(status)},
                             {"message_zh", zh},
                             {"message_en", en},
                             {"remedy_zh", remedy_zh},
                             {"remedy_en", remedy_en}});
}

Reply problem(unsigned status, std::string_view zh, std::string_view en) {
  const Usual& row = usual_of(status);
  return problem(row.status, zh, en, row.remedy_zh, row.remedy_en);
}

Reply problem(unsigned status) {
  const Usual& row = usual_of(status);
  return problem(status, row.zh, row.en);
}

boost::json::object refusal_json(const Refusal& refusal) {
  boost::json::array facts;
  for (const auto& [name, value] : refusal.facts) facts.push_back({{"name", name}, {"value", value}});
  return {{"code", refusal.code},
          {"basis", refusal.basis},
          {"message_zh", refusal.message_zh},
          {"message_en", refusal.message_en},
          {"remedy_zh", refusal.remedy_zh},
          {"remedy_en", refusal.remedy_en},
          {"facts", std::move(facts)}};
}

Reply refused(unsigned status, const Refusal& refusal) { return json_reply(status, refusal_json(refusal)); }

Reply json_reply(unsigned status, const boost::json::object& value) {
  Reply reply;
  reply.status = status;
  reply.body = boost::json::serialize(value) + "\n";
  return reply;
}

}  // namespace tanpuhui
