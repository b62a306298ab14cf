#include "server/public_face.h"

#include <boost/json.hpp>

#include "base/fault.h"
#include "published_issue.h"
#include "server/case_routes.h"
#include "server/deliveries.h"
#include "small_programme.h"

namespace tanpuhui {
namespace {

namespace json = boost::json;

class PublicFaceTest : public ::testing::Test {
 protected:
  explicit PublicFaceTest(bool empty = false) : programme_(empty) {}

  Reply get(std::string_view target, std::string_view if_none_match = "", std::string_view method = "GET") {
    return face_.answer({method, target, if_none_match, ""});
  }
  json::value get_json(std::string_view target) {
    const Reply reply = get(target);
    EXPECT_EQ(200U, reply.status) << reply.body;
    return json::parse(reply.body);
  }
  json::value check(std::string_view file) {
    return json::parse(face_.answer({"POST", "/api/v1/certificate-checks", "", file}).body);
  }

  SmallProgramme programme_;
  ServerOptions options_ = programme_.options();
  PublicFace face_{options_};
};

class EmptyProgrammeTest : public PublicFaceTest {
 protected:
  EmptyProgrammeTest() : PublicFaceTest(true) {}
};

TEST_F(PublicFaceTest, names_the_programme_its_rulebook_and_that_it_is_a_rehearsal) {
  const json::value programme = get_json("/api/v1/programme");
  EXPECT_EQ("演示城市碳普惠", programme.at("name").as_string());
  EXPECT_TRUE(programme.at("rehearsal").as_bool());
  EXPECT_EQ("苏事管〔2024〕52号", programme.at("rulebook").at("document_number").as_string());
  EXPECT_EQ("2025-02-06T00:00:00+08:00", programme.at("as_of").as_string());
  EXPECT_TRUE(programme.at("log_key").as_string().starts_with("tanpuhui.example/log+"));
}

TEST_F(PublicFaceTest, totals_say_where_every_milligram_is) {
  const json::value totals = get_json("/api/v1/totals");
  EXPECT_EQ("1.334567", totals.at("issued_kg").as_string());
  const auto mg = [](const json::value& kg) { return parse_fixed(std::string(kg.as_string()), 6).value(); };
  std::int64_t retired = 0;
  for (const json::value& use : totals.at("retired").as_array()) retired += mg(use.at("reduction_kg"));
  EXPECT_LE(500'000, retired);
  EXPECT_EQ(1'334'567, retired + mg(totals.at("held").at("persons_kg")));
  EXPECT_EQ(2, totals.at("persons").as_int64());
  EXPECT_EQ(5, totals.at("records_accepted").as_int64());
  EXPECT_EQ(1, totals.at("batches").as_int64());
}

TEST_F(PublicFaceTest, points_credited_are_all_accounted_for) {
  const json::value points = get_json("/api/v1/totals").at("points");
  const auto n = [&](const char* name) { return points.at(name).as_int64(); };
  EXPECT_EQ(13, n("credited"));
  EXPECT_EQ(5, n("used"));
  EXPECT_EQ(n("credited"), n("used") + n("expired") + n("reversed") + n("outstanding"));
}

TEST_F(PublicFaceTest, totals_grow_by_the_blocks_that_are_new) {
  get_json("/api/v1/totals");
  programme_.grant(1002, 7, 0);
  EXPECT_EQ("1.334567", get_json("/api/v1/totals").at("issued_kg").as_string());
  programme_.seal();
  EXPECT_EQ("1.334574", get_json("/api/v1/totals").at("issued_kg").as_string());
  EXPECT_EQ("1.334574", get_json("/api/v1/totals").at("issued_kg").as_string());
}

TEST_F(PublicFaceTest, batches_of_fewer_than_five_persons_keep_their_figures) {
  programme_.database().execute("UPDATE batches SET persons = 4");
  const json::value batch = get_json("/api/v1/batches").at("batches").at(0);
  for (const char* figure : {"persons", "records", "issued_kg", "retired_kg"}) EXPECT_TRUE(batch.at(figure).is_null());
  programme_.database().execute("UPDATE batches SET persons = 5");
  EXPECT_EQ(5, get_json("/api/v1/batches").at("batches").at(0).at("persons").as_int64());
}

TEST_F(PublicFaceTest, batches_show_what_was_issued_and_what_has_left_circulation) {
  programme_.database().execute("UPDATE batches SET persons = 5");
  const json::value batch = get_json("/api/v1/batches").at("batches").at(0);
  EXPECT_EQ(1, batch.at("number").as_int64());
  EXPECT_EQ("2025-01-01", batch.at("period_from").as_string());
  EXPECT_EQ("2025-01-31", batch.at("period_until").as_string());
  EXPECT_EQ("1.334567", batch.at("issued_kg").as_string());
  EXPECT_NE("0.000000", batch.at("retired_kg").as_string());
  EXPECT_EQ("posted", batch.at("state").as_string());
}

TEST_F(PublicFaceTest, batches_come_in_pages_the_newest_first) {
  programme_.database().execute(
      "INSERT INTO batches SELECT batch_id + 1, scenario_id, period_from, period_until, methodology, methodology_hash, "
      "rulebook_hash, acts_digest, digest, persons, records, issued_mg, 0, 'computed', NULL, NULL, NULL, NULL, NULL, "
      "0, NULL "
      "FROM "
      "batches");
  const json::value first = get_json("/api/v1/batches?limit=1");
  EXPECT_EQ(2, first.at("batches").at(0).at("number").as_int64());
  EXPECT_TRUE(first.at("batches").at(0).at("credited_on").is_null());
  EXPECT_EQ(2, first.at("next_before").as_int64());
  const json::value second = get_json("/api/v1/batches?limit=1&before=2");
  EXPECT_EQ(1, second.at("batches").at(0).at("number").as_int64());
  EXPECT_TRUE(second.at("next_before").is_null());
}

TEST_F(PublicFaceTest, no_page_is_longer_than_200) {
  EXPECT_EQ(200U, get("/api/v1/batches?limit=200").status);
  for (const char* limit : {"201", "0", "-1", "x", "", "1e2", "99999999999999999999"})
    EXPECT_EQ(400U, get(std::string("/api/v1/batches?limit=") + limit).status) << limit;
}

TEST_F(PublicFaceTest, a_methodology_is_shown_with_factors_marks_of_trust_and_examples) {
  const json::value heads = get_json("/api/v1/methodologies").at("methodologies");
  EXPECT_TRUE(heads.at(0).at("has_demonstration_factors").as_bool());
  const json::value full = get_json("/api/v1/methodologies/bike-demo/v1");
  EXPECT_EQ("62.37", full.at("factors").at(0).at("value").as_string());
  EXPECT_EQ("gCO2e/km", full.at("factors").at(0).at("unit").as_string());
  EXPECT_EQ("demonstration", full.at("factors").at(0).at("trust").as_string());
  EXPECT_EQ("0.055405", full.at("vectors").at(0).at("reduction_kg").as_string());
  EXPECT_EQ("0.951", full.at("vectors").at(0).at("inputs").at("distance_km").as_string());
  EXPECT_EQ(404U, get("/api/v1/methodologies/bike-demo/v2").status);
}

TEST_F(PublicFaceTest, the_checkpoint_is_given_as_it_was_signed) {
  EXPECT_EQ(options_.checkpoint, get("/api/v1/checkpoint").body);
  const auto key =
      parse_log_key(std::string(get("/api/v1/log-key").body, 0, get("/api/v1/log-key").body.size() - 1), sha256);
  EXPECT_EQ(options_.log_key, key.value());
}

TEST_F(PublicFaceTest, a_genuine_certificate_is_found_valid_with_its_facts) {
  const json::value finding = check(programme_.certificate());
  ASSERT_TRUE(finding.at("valid").as_bool()) << finding;
  EXPECT_EQ("市图书馆", finding.at("facts").at("beneficiary").as_string());
  EXPECT_EQ("offset", finding.at("facts").at("purpose_id").as_string());
}

TEST_F(PublicFaceTest, a_changed_certificate_is_found_wrong_with_code_and_remedy) {
  std::string file = programme_.certificate();
  file[file.find("H-") + 3] ^= 1;
  const json::value finding = check(file);
  EXPECT_FALSE(finding.at("valid").as_bool());
  EXPECT_EQ("CER-12", finding.at("refusal").at("code").as_string());
  EXPECT_FALSE(finding.at("refusal").at("remedy_zh").as_string().empty());
}

TEST_F(PublicFaceTest, what_is_no_certificate_is_an_answer_too) {
  for (const char* file : {"", "{}", "[", "\xff"})
    EXPECT_EQ("CER-10", check(file).at("refusal").at("code").as_string()) << file;
}

TEST_F(PublicFaceTest, an_answer_that_is_known_already_is_not_sent_again) {
  const Reply first = get("/api/v1/totals");
  EXPECT_EQ(304U, get("/api/v1/totals", first.etag).status);
  EXPECT_TRUE(get("/api/v1/totals", first.etag).body.empty());
  EXPECT_EQ(200U, get("/api/v1/totals", "\"other\"").status);
}

TEST_F(PublicFaceTest, other_methods_are_told_which_ones_there_are) {
  EXPECT_EQ(405U, get("/api/v1/totals", "", "DELETE").status);
  EXPECT_EQ("GET, HEAD, OPTIONS", get("/api/v1/totals", "", "BREW").allow);
  EXPECT_EQ("POST, OPTIONS", get("/api/v1/certificate-checks").allow);
  EXPECT_EQ(204U, get("/", "", "OPTIONS").status);
}

TEST_F(PublicFaceTest, unknown_addresses_are_not_found_in_both_languages) {
  for (const char* target : {"/x", "/api/v1", "/api/v1/totals/", "/../etc/passwd", "//", "/api/v1/methodologies/"}) {
    const Reply reply = get(target);
    ASSERT_EQ(404U, reply.status) << target;
    for (const char* key : {"code", "message_zh", "message_en", "remedy_zh", "remedy_en"})
      EXPECT_FALSE(json::parse(reply.body).at(key).as_string().empty()) << key;
  }
}

TEST_F(PublicFaceTest, targets_that_are_none_are_refused) {
  for (const char* target : {"", "x", "/%zz", "a:b:c d"}) EXPECT_EQ(400U, get(target).status) << target;
}

TEST_F(PublicFaceTest, every_path_of_the_contract_is_answered) {
  const std::map<std::string, std::string> examples = {{"methodologies/{id}/{version}", "methodologies/bike-demo/v1"},
                                                       {"{id}", "methodology"},
                                                       {"{name}", "ride"},
                                                       {"{number}", "7"},
                                                       {"{sha256}", std::string(64, '0')}};
  std::istringstream contract(file_text(TANPUHUI_ROOT "/api/openapi.yaml"));
  IssueOfRules issue(programme_.database());
  issue.publish();
  int paths = 0;
  for (std::string line; std::getline(contract, line);) {
    if (!line.starts_with("  /api/")) continue;
    std::string path = line.substr(2, line.size() - 3);
    for (const std::string name : {"methodologies/{id}/{version}", "{id}", "{name}", "{number}", "{sha256}"})
      if (const auto at = path.find(name); at != std::string::npos)
        path.replace(at, name.size(), name == "{number}" ? std::to_string(issue.number()) : examples.at(name));
    const bool is_signed = Deliveries::takes(path) || CaseRoutes::answers(path);
    EXPECT_NE(404U, is_signed ? 0 : get(path).status) << path;
    ++paths;
  }
  EXPECT_EQ(19, paths);
}

TEST_F(PublicFaceTest, a_procedure_is_told_so_that_a_page_can_draw_it) {
  const json::value list = get_json("/api/v1/procedures");
  EXPECT_LT(5U, list.at("procedures").as_array().size());
  const json::value methodology = get_json("/api/v1/procedures/methodology");
  EXPECT_EQ("draft", methodology.at("starts").as_string());
  const auto named = [](const json::value& rules, std::string_view id) {
    for (const json::value& rule : rules.as_array())
      if (rule.at("id").as_string() == id) return rule;
    return json::value();
  };
  const json::value submit = named(methodology.at("actions"), "submit");
  EXPECT_EQ("submitted", submit.at("to").as_string());
  // What it needs is there to be asked for, before it is refused.
  for (const json::value& need : submit.at("needs").as_array())
    EXPECT_TRUE(named(methodology.at("guards"), need.as_string()).is_object()) << need;
  EXPECT_EQ("operator", named(list.at("roles"), "operator_clerk").at("party").as_string());
  EXPECT_EQ(404U, get("/api/v1/procedures/nothing").status);
}

TEST_F(PublicFaceTest, whole_addresses_and_queries_find_their_route) {
  EXPECT_EQ(200U, get("http://any.example/api/v1/totals?x=1").status);
  EXPECT_EQ(200U, get("http://any.example").status);
  EXPECT_EQ(200U, get("/?lang=en").status);
  EXPECT_EQ(200U, get("/api/v1/methodologies/bike%2Ddemo/v1").status);
}

TEST_F(PublicFaceTest, the_page_is_one_document_with_its_own_style_and_script) {
  EXPECT_TRUE(get("/").content_type.starts_with("text/html"));
  EXPECT_TRUE(get("/style.css").content_type.starts_with("text/css"));
  EXPECT_TRUE(get("/page.js").content_type.starts_with("text/javascript"));
  for (const char* file : {"/", "/style.css", "/page.js"}) {
    const std::string text = get(file).body;
    EXPECT_EQ(std::string::npos, text.find("https://")) << file;
    EXPECT_EQ(std::string::npos, text.find("innerHTML")) << file;
    EXPECT_EQ(std::string::npos, text.find("<script>")) << file;
  }
}

TEST_F(EmptyProgrammeTest, has_totals_of_zero_and_no_date) {
  EXPECT_TRUE(get_json("/api/v1/programme").at("as_of").is_null());
  EXPECT_EQ("0.000000", get_json("/api/v1/totals").at("issued_kg").as_string());
  EXPECT_TRUE(get_json("/api/v1/batches").at("batches").as_array().empty());
  EXPECT_EQ(404U, get("/api/v1/checkpoint").status);
}

}  // namespace
}  // namespace tanpuhui
