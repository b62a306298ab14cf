#include "cases/work_on_case.h"

#include <future>

#include <gtest/gtest.h>

#include "cases/person_keys.h"
#include "cases/sight.h"
#include "crypto/hash.h"
#include "store/migrations.h"
#include "support/law.h"
#include "support/store.h"

namespace tanpuhui {
namespace {

CaseAct full_act() {
  CaseAct act;
  act.person = "li";
  act.unit = "centre";
  act.role = "operator_clerk";
  act.action = "accept";
  act.from = "submitted";
  act.to = "appraising";
  act.at = Instant{1'756'000'000'123};
  act.reason = "材料齐备";
  act.documents["full_text"] = {2, sha256(as_bytes("text"))};
  act.fields = {{"effective_from", "2025-11-01"}, {"empty", ""}};
  act.vote = Vote::against;
  act.complete = false;
  act.basis = "book.a1";
  return act;
}

TEST(case_acts, read_back_as_they_were_written) {
  const CaseAct act = full_act();
  const auto read = decode_act(encode_act(act));
  ASSERT_TRUE(read);
  EXPECT_EQ(encode_act(*read), encode_act(act));
  EXPECT_EQ(read->documents, act.documents);
  EXPECT_EQ(read->fields, act.fields);
  EXPECT_EQ(read->vote, Vote::against);
  EXPECT_FALSE(read->complete);
  EXPECT_EQ(read->at, act.at);
}

TEST(case_acts, cannot_be_read_when_a_byte_is_missing) {
  const Bytes bytes = encode_act(full_act());
  for (std::size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(decode_act(ByteView(bytes).first(size))) << size;
}

/// A programme of its own, with one methodology that waits to be submitted.
class Cases : public ::testing::Test {
 protected:
  struct Place {
    explicit Place(const std::string& location, const Rulebook& book)
        : database(Database::open_writer(location)),
          writer(database, sha256),
          office{database, writer, book, Instant{1'756'000'000'000}} {}
    Database database;
    Writer writer;
    Office office;
  };

  Cases() : location_(test_location(folder_ / "p.db")), book_(js24_book()) {
    Database database = Database::open_writer(location_);
    migrate(database);
  }

  StepRequest submission() const {
    StepRequest request;
    request.action = "submit";
    request.actor = {"zhang", "hohai", {"methodology_developer"}};
    request.role = "methodology_developer";
    request.fields = {{"principles_statement", "met"}};
    return request;
  }
  Files files() const {
    const Bytes text = {1, 2, 3};
    return {{"baseline", text}, {"calculation", text}, {"monitoring_plan", text}};
  }
  static std::int64_t open(const Office& office) {
    return *open_case(office, {"methodology", {"", "hohai", "organisation"}, {}}, new_command_id(office.now));
  }

  TemporaryFolder folder_;
  std::string location_;
  Rulebook book_;
  Calendar calendar_;
  CaseRooms rooms_;
};

TEST_F(Cases, stand_where_their_acts_lead) {
  Place place(location_, book_);
  const std::int64_t number = open(place.office);
  const auto step =
      take_step({place.office, calendar_, rooms_}, number, submission(), files(), new_command_id(place.office.now));
  ASSERT_TRUE(step) << describe(step.error());
  const auto stored = find_case(place.database, number);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->matter.state, "submitted");
  EXPECT_EQ(stored->matter.history.size(), 1U);
  EXPECT_EQ(stored->matter.documents.at("baseline").digest, sha256(Bytes{1, 2, 3}));
  EXPECT_EQ(place.database.statement("SELECT count(*) FROM documents").run_integer(), 1);  // one content
}

TEST_F(Cases, are_not_read_when_their_acts_lead_elsewhere) {
  Place place(location_, book_);
  const std::int64_t number = open(place.office);
  ASSERT_TRUE(
      take_step({place.office, calendar_, rooms_}, number, submission(), files(), new_command_id(place.office.now)));
  place.database.statement("UPDATE cases SET state = 'published' WHERE case_id = ?").bind(number).run();
  EXPECT_NE(fault_of([&] { find_case(place.database, number); }).find("damaged"), std::string::npos);
}

TEST_F(Cases, refuse_what_a_state_does_not_have_and_store_nothing_of_it) {
  Place place(location_, book_);
  const std::int64_t number = open(place.office);
  StepRequest request = submission();
  request.action = "publish";
  const auto step =
      take_step({place.office, calendar_, rooms_}, number, request, files(), new_command_id(place.office.now));
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, "PRO-01");
  EXPECT_EQ(place.database.statement("SELECT count(*) FROM documents").run_integer(), 0);
  EXPECT_TRUE(find_case(place.database, number)->matter.history.empty());
}

class on_server_cases : public Cases {};

TEST_F(on_server_cases, give_a_step_to_one_of_two_who_take_it_at_once) {
  Place first(location_, book_), second(location_, book_);
  for (int round = 0; round < 20; ++round) {
    const std::int64_t number = open(first.office);
    const auto take = [&](Place& place) {
      return take_step({place.office, calendar_, rooms_}, number, submission(), files(),
                       new_command_id(place.office.now));
    };
    auto other = std::async(std::launch::async, take, std::ref(second));
    const auto mine = take(first);
    const auto theirs = other.get();
    ASSERT_NE(mine.has_value(), theirs.has_value());
    EXPECT_EQ((mine ? theirs : mine).error().code, "PRO-01");
    EXPECT_EQ(find_case(first.database, number)->matter.history.size(), 1U);
  }
}

TEST_F(Cases, are_listed_in_pages_by_procedure_state_and_applicant) {
  Place place(location_, book_);
  std::vector<std::int64_t> numbers;
  for (const Applicant& applicant : {Applicant{"", "hohai", "organisation"}, Applicant{"sun", "", "person"},
                                     Applicant{"sun", "hohai", "organisation"}, Applicant{"", "nju", "organisation"}})
    numbers.push_back(*open_case(place.office, {"methodology", applicant, {}}, new_command_id(place.office.now)));
  ASSERT_TRUE(take_step({place.office, calendar_, rooms_}, numbers[0], submission(), files(),
                        new_command_id(place.office.now)));
  const auto listed = [&](const CaseFilter& filter) {
    std::vector<std::int64_t> found;
    for (const StoredCase& stored : list_cases(place.database, filter)) found.push_back(stored.number);
    return found;
  };
  using Numbers = std::vector<std::int64_t>;
  EXPECT_EQ(Numbers(numbers.rbegin(), numbers.rend()), listed({}));
  EXPECT_EQ(Numbers{numbers[0]}, listed({.procedure = "methodology", .state = "submitted"}));
  EXPECT_EQ(Numbers{}, listed({.procedure = "scenario"}));
  EXPECT_EQ((Numbers{numbers[2], numbers[0]}), listed({.applicant = Applicant{"li", "hohai", ""}}));
  EXPECT_EQ((Numbers{numbers[2], numbers[1]}), listed({.applicant = Applicant{"sun", "", ""}}));
  EXPECT_EQ(Numbers{}, listed({.applicant = Applicant{"", "", ""}}));  // an empty name is nobody's
  EXPECT_EQ((Numbers{numbers[2], numbers[1]}), listed({.before = numbers[3], .limit = 2}));
  EXPECT_EQ(1U, list_cases(place.database, {.state = "submitted"}).front().matter.history.size());
}

TEST_F(Cases, are_seen_by_their_applicant_and_by_who_acts_for_the_scheme) {
  const Day today = day_of({2025, 8, 28});
  Case matter;
  matter.applicant = {"", "hohai", "organisation"};
  const auto sight = [&](const std::string& unit, const std::set<std::string>& roles) {
    return sight_of(book_, matter, {"somebody", unit, roles}, today);
  };
  const std::set<std::string> everybody = {"public", "person", "methodology_developer"};
  EXPECT_EQ(Sight::none, sight("", everybody));
  EXPECT_EQ(Sight::none, sight("nju", everybody));
  EXPECT_EQ(Sight::as_applicant, sight("hohai", everybody));
  EXPECT_EQ(Sight::as_officer, sight("centre", {"operator_clerk"}));
  EXPECT_EQ(Sight::as_officer, sight("institute", {"expert"}));
  EXPECT_EQ(Sight::as_applicant, sight("hohai", {"operator_clerk"}));  // their own unit's
  EXPECT_EQ(Sight::none, sight("centre", {"no_such_role"}));
  matter.applicant = {"sun", "", "person"};
  EXPECT_EQ(Sight::as_applicant, sight_of(book_, matter, {"sun", "anywhere", everybody}, today));
  EXPECT_EQ(Sight::none, sight("", everybody));
}

TEST_F(Cases, have_askers_with_keys_of_their_own) {
  Place place(location_, book_);
  const Day today = place.office.today();
  const PersonKey zhang{PublicKeyBytes{1}, "zhang", "hohai", "organisation", today, {}};
  const auto record = [&](const PersonKey& key) {
    return record_person_key(place.office, key, new_command_id(place.office.now));
  };
  ASSERT_TRUE(record(zhang));
  ASSERT_TRUE(record(zhang));
  PersonKey other = zhang;
  other.person = "wu";
  EXPECT_EQ("ACC-02", record(other).error().code);
  const auto asker = find_asker(place.database, book_, zhang.key, today);
  ASSERT_TRUE(asker);
  EXPECT_EQ("hohai", asker->actor.unit);
  EXPECT_TRUE(asker->actor.roles.contains("methodology_developer"));
  EXPECT_FALSE(asker->actor.roles.contains("operator_clerk"));
  EXPECT_EQ("ACC-01", find_asker(place.database, book_, zhang.key, today - 1).error().code);
  EXPECT_EQ("ACC-01", find_asker(place.database, book_, PublicKeyBytes{2}, today).error().code);
  ASSERT_TRUE(revoke_person_key(place.office, zhang.key, today + 7, new_command_id(place.office.now)));
  EXPECT_TRUE(find_asker(place.database, book_, zhang.key, today + 6));
  EXPECT_EQ("ACC-01", find_asker(place.database, book_, zhang.key, today + 7).error().code);
  EXPECT_EQ("ACC-02", record(zhang).error().code);  // a key that ended does not come back
}

}  // namespace
}  // namespace tanpuhui
