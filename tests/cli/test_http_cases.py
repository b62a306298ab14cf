"""Cases over HTTP under a real book: a methodology's way by the signatures of many persons, on a server that is killed between
steps; and everybody who is refused - unsigned, another's key, an ended key, another's case, a step that is not listed."""
import base64
import concurrent.futures
import hashlib
import http.client
import json
import random
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import test_cases
import test_http_intake
import test_postgres
from programme import ROOT, Programme, consents, folder_of, ride
from postgres_server import Server as Postgres

UNITS = {"zhang": "hohai", "wu": "nju"}  # who applies; everybody else has the unit of a role
PERSONS = [person for person, _, _ in test_cases.OFFICERS] + list(UNITS) + ["citizen"]
SCRIPTS = ROOT / "examples/officers"


class Person:
    """Signs what they ask. `more` replaces parts of what is signed."""

    def __init__(self, programme, name, folder):
        self.key = programme.key(name)
        self.folder, self.pem = folder, test_http_intake.pem_of(self.key, folder)
        self.public = (self.key.parent / f"{self.key.name}.pub").read_text().strip()

    def headers(self, method, target, body=None, **more):
        path, _, query = more.get("other_target", target).partition("?")
        parts = {"@method": more.get("other_method", method), "@path": path}
        if query:
            parts["@query"] = f"?{query}"
        if body is not None:
            digest = hashlib.sha256(more.get("other_body", body)).digest()
            parts |= {"content-digest": f"sha-256=:{base64.b64encode(digest).decode()}:", "content-length": str(len(body))}
        covered = " ".join(f'"{name}"' for name in parts)
        public = more.get("public", self.public)
        parameters = f'({covered});created={more.get("created", int(time.time()))};keyid="person:{public}"'
        base = self.folder / f"signed-{id(parts)}"
        base.write_text("".join(f'"{name}": {value}\n' for name, value in parts.items()) + f'"@signature-params": {parameters}')
        signature = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", self.pem, "-in", base],
                                   stdout=subprocess.PIPE, check=True).stdout
        base.unlink()
        headers = {name.title(): value for name, value in parts.items() if not name.startswith("@")}
        return headers | {"Signature-Input": f"request={parameters}",
                          "Signature": f"request=:{base64.b64encode(signature).decode()}:"}


def b64(text):
    return base64.b64encode(text.encode()).decode()


def documents(*kinds, text="the full text\n"):
    return {kind: b64(text) for kind in kinds}


COMPULSORY = documents("baseline", "calculation", "monitoring_plan")
FORMULA = documents("formula", text=(ROOT / "methodologies/bike-demo/v1/methodology.toml").read_text())


class HttpCases(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="tanpuhui-")
        cls.addClassCleanup(folder.cleanup)
        cls.base = cls.found(Programme(Path(folder.name) / "base"))

    def setUp(self):
        self.folder = folder_of(self)
        self.use(self.base.copy_to(self.folder / "own"))

    @staticmethod
    def found(programme):
        """A programme with officers and everybody's keys."""
        programme.folder.mkdir()
        at = "2025-01-01T09:00:00+08:00"
        programme.run("init", "--name", "Test programme", "--rulebook", "js24", "--rehearsal")
        for person, role, unit in test_cases.OFFICERS:
            programme.run("officer", "record", "--person", person, "--role", role, "--unit", unit, "--from", "2025-01-01", as_of=at)
        for person in PERSONS:
            unit = ["--unit", UNITS[person]] if person in UNITS else []
            programme.run("person-key", "record", person, "--key", f"{programme.key(person)}.pub", *unit, as_of=at)
        return programme

    def use(self, programme):
        self.programme, self.ids, self.server = programme, 0, None
        self.persons = {person: Person(programme, person, self.folder) for person in PERSONS}

    def on(self, day, how=signal.SIGKILL):
        """The server on that day; the one of the day before is killed."""
        if self.server:
            self.server.end(how)
        self.server = test_http_intake.Server(self, self.programme, "--cases", "--spool", self.folder, as_of=f"{day}T10:00:00+08:00")

    def ask(self, person, method, target, content=None, **more):
        """Status and answer."""
        body = None if content is None else content if isinstance(content, bytes) else json.dumps(content).encode()
        headers = self.persons[person].headers(method, target, body, **more) if person else {}
        status, _, answer = self.server.ask(method, target, body, headers)
        return status, answer

    def announce(self, person, target, body):
        """Only the head is sent."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        connection.putrequest("POST", target)
        for name, value in self.persons[person].headers("POST", target, body).items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        answer = json.loads(response.read())
        connection.close()
        return response.status, answer

    def get(self, person, target, status=200):
        got, answer = self.ask(person, "GET", target)
        self.assertEqual(status, got, answer)
        return answer

    def new_id(self):
        self.ids += 1
        return f"{self.ids:032x}"

    def post(self, person, target, status=201, **content):
        content.setdefault("id", self.new_id())
        got, answer = self.ask(person, "POST", target, content)
        self.assertEqual(status, got, answer)
        return answer

    def open(self, person="zhang", procedure="methodology", **more):
        return self.post(person, "/api/v1/cases", procedure=procedure, **more)["case"]

    def step(self, case, action, person, status=201, **more):
        return self.post(person, f"/api/v1/cases/{case}/steps", status, action=action, **more)

    def submit(self, case, person="zhang", **more):
        return self.step(case, "submit", person, **{"fields": {"principles_statement": "met"}, "documents": COMPULSORY} | more)

    def refused(self, code, case, action, person, **more):
        answer = self.step(case, action, person, 422, **more)
        self.assertEqual(code, answer["code"], answer)
        for word in ("basis", "message_zh", "message_en", "remedy_zh", "remedy_en"):
            self.assertTrue(answer[word], word)
        return answer

    def unauthorised(self, code, person, method, target, content=None, **more):
        status, answer = self.ask(person, method, target, content, **more)
        self.assertEqual((401, code), (status, answer["code"]), answer)
        self.assertTrue(answer["basis"] and answer["remedy_zh"] and answer["remedy_en"])
        return answer

    def acts(self):
        return int(self.programme.value("SELECT count(*) FROM case_acts"))

    def methodology_path(self):
        self.on("2025-08-28")
        case = self.open()
        self.submit(case)
        self.on("2025-08-29")
        self.step(case, "accept", "li")
        self.on("2025-09-10")
        for expert in ("e1", "e2", "e3"):
            self.step(case, "give_opinion", expert, vote="for")
        self.step(case, "pass_appraisal", "wang")
        self.on("2025-09-25")
        self.step(case, "open_notice", "li", documents=documents("full_text"))
        self.on("2025-10-09")
        self.assertIn("2025-10-10", self.refused("MET-03", case, "close_notice", "li")["message_en"])
        self.on("2025-10-10")
        self.step(case, "close_notice", "li")
        self.refused("PRO-02", case, "file", "li")
        self.step(case, "file", "chen")
        self.step(case, "record_filing", "qian")
        self.refused("MET-01", case, "publish", "zhao", fields={"effective_from": "2025-11-01"})
        answer = self.step(case, "publish", "zhao", fields={"effective_from": "2025-11-01"}, documents=FORMULA)
        self.assertEqual(("published", "authority_approver", True), (answer["to"], answer["role"], answer["complete"]))
        shown = self.get("zhang", f"/api/v1/cases/{case}")
        self.assertEqual(("published", 11, "2025-10-10"), (shown["state"], shown["acts"], shown["notices"][0]["closed_on"]))
        self.server.end(signal.SIGTERM)
        self.programme.run("audit", as_of="2025-10-15T10:00:00+08:00")
        return case

    def test_a_methodology_is_published_by_the_signatures_of_many_on_a_server_that_is_killed_every_day(self):
        self.methodology_path()

    def test_a_case_is_read_with_all_that_can_be_done_in_it_by_the_one_who_asks(self):
        self.on("2025-08-28")
        case = self.open()
        self.submit(case)
        for person, possible in (("zhang", ["take_back"]), ("li", ["accept", "ask_supplement"])):
            shown = self.get(person, f"/api/v1/cases/{case}")
            can = [action["id"] for action in shown["actions"] if not action["refusal"]]
            self.assertTrue(set(possible) <= set(can), can)
            cannot = [action["refusal"]["code"] for action in shown["actions"] if action["refusal"]]
            self.assertIn("PRO-02", cannot)
        self.assertEqual({"principles_statement": "met"}, shown["fields"])
        self.assertEqual({"person": "", "unit": "hohai", "kind": "organisation"}, shown["applicant"])
        deadline = shown["deadlines"][0]
        self.assertEqual(("2025-08-28", False, None), (deadline["started_on"], deadline["overdue"], deadline["ended_on"]))
        self.assertEqual({hashlib.sha256(b"the full text\n").hexdigest()}, {d["sha256"] for d in shown["documents"]})

    def test_the_applicant_is_not_told_who_voted_how(self):
        self.on("2025-09-10")
        case = self.open()
        self.submit(case)
        self.step(case, "accept", "li")
        self.step(case, "give_opinion", "e1", vote="against", reason="units are missing")
        seen = {person: self.get(person, f"/api/v1/cases/{case}")["history"] for person in ("zhang", "wang")}
        self.assertEqual(["zhang", None, None], [act["person"] for act in seen["zhang"]])
        self.assertEqual((None, "expert", "units are missing"), tuple(seen["zhang"][2][k] for k in ("vote", "role", "reason")))
        self.assertEqual([("zhang", None), ("li", None), ("e1", "against")], [(a["person"], a["vote"]) for a in seen["wang"]])

    def test_documents_of_every_version_are_had_by_their_digest_and_by_nobody_else(self):
        self.on("2025-08-28")
        case, other = self.open(), self.open("wu")
        self.submit(case)
        self.step(case, "ask_supplement", "li", reason="units are missing")
        self.step(case, "supplement", "zhang", documents=documents("baseline", text="another text\n"))
        for text in ("the full text\n", "another text\n"):
            path = f"documents/{hashlib.sha256(text.encode()).hexdigest()}"
            for person in ("zhang", "li"):
                self.assertEqual(text, self.get(person, f"/api/v1/cases/{case}/{path}"))
            self.get("wu", f"/api/v1/cases/{case}/{path}", 404)
            self.get("wu", f"/api/v1/cases/{other}/{path}", 404)
        self.assertEqual({"baseline": 2, "calculation": 1, "monitoring_plan": 1},
                         {d["kind"]: d["version"] for d in self.get("li", f"/api/v1/cases/{case}")["documents"]})

    def test_cases_come_in_pages_and_everybody_sees_their_own(self):
        self.on("2025-08-28")
        own = [self.open() for _ in range(3)]
        others = self.open("wu")
        personal = self.open("citizen", "complaint")
        numbers = lambda person, query="": [c["number"] for c in self.get(person, "/api/v1/cases" + query)["cases"]]
        self.assertEqual(own[::-1], numbers("zhang"))
        self.assertEqual([others], numbers("wu"))
        self.assertEqual([personal], numbers("citizen"))
        self.assertEqual([personal, others] + own[::-1], numbers("li"))
        self.assertEqual([personal], numbers("li", "?procedure=complaint"))
        self.submit(own[1])
        self.assertEqual([own[1]], numbers("li", "?procedure=methodology&state=submitted"))
        first = self.get("li", "/api/v1/cases?limit=2")
        self.assertEqual(others, first["next_before"])
        second = self.get("li", f"/api/v1/cases?limit=3&before={others}")
        self.assertEqual((own[::-1], None), ([c["number"] for c in second["cases"]], second["next_before"]))
        for wrong in ("limit=0", "limit=201", "before=x", "before=0"):
            self.get("li", f"/api/v1/cases?{wrong}", 400)

    def test_a_clerk_sees_what_is_due_and_the_approver_what_went_over(self):
        self.on("2026-02-10")
        case, later = self.open(), self.open("wu")
        self.submit(case)
        self.on("2026-02-25")
        self.submit(later, "wu")
        due = lambda person, query: [(d["number"], d["deadline"]["due_on"]) for d in self.get(person, f"/api/v1/deadlines{query}")["deadlines"]]
        first, second = (case, "2026-03-16"), (later, "2026-03-24")
        self.assertEqual([first, second], due("li", "?role=operator_clerk"))
        self.assertEqual([first, second], due("li", ""))
        self.assertEqual(2, self.get("li", "/api/v1/deadlines")["total"])
        self.assertEqual([], due("li", "?role=operator_clerk&within=18"))
        self.assertEqual([first], due("li", "?role=operator_clerk&within=19"))
        self.assertEqual([], due("zhao", "?role=authority_approver"))
        self.assertEqual([], due("zhang", ""))
        self.get("li", "/api/v1/deadlines?role=king", 400)
        self.on("2026-03-17")
        self.assertEqual([first], due("zhao", "?role=authority_approver&within=0"))
        self.server.end(signal.SIGTERM)
        out = self.programme.run("case", "due", "--role", "operator_clerk", "--within", 0, as_of="2026-03-17T10:00:00+08:00")
        self.assertIn("OVERDUE, to authority_approver", out)
        self.assertEqual(2, len(out.splitlines()), out)

    def test_who_is_not_known_or_did_not_sign_this_is_refused(self):
        self.on("2025-08-28")
        case = self.open()
        target, body = f"/api/v1/cases/{case}/steps", {"id": self.new_id(), "action": "submit"}
        for method, address, content in (("POST", target, body), ("GET", f"/api/v1/cases/{case}", None), ("GET", "/api/v1/cases", None)):
            with self.subTest(method + address):
                self.unauthorised("DAT-01", None, method, address, content)
                zhang = lambda code, **more: self.unauthorised(code, "zhang", method, address, content, **more)
                zhang("DAT-01", other_target="/api/v1/other")
                zhang("DAT-01", other_method="PUT")
                zhang("DAT-01", public=self.persons["li"].public)
                zhang("DAT-01", public="nobody")
                zhang("DAT-01", public="0" * 64)
                self.assertIn("more than 300 s", zhang("DAT-03", created=int(time.time()) - 400)["message_en"])
                self.persons["stranger"] = Person(self.programme, "stranger", self.folder)
                self.unauthorised("ACC-01", "stranger", method, address, content)
        status, answer = self.ask("zhang", "POST", target, body, other_body=b"{}")
        self.assertEqual((400, True), (status, "Content-Digest" in answer["message_en"]))
        self.unauthorised("DAT-01", "li", "GET", "/api/v1/cases?procedure=methodology", other_target="/api/v1/cases?procedure=complaint")
        self.assertEqual(0, self.acts())

    def test_a_key_is_good_until_the_day_before_it_was_revoked(self):
        run = lambda day, *words, code=0: self.programme.run("person-key", *words, as_of=f"{day}T09:00:00+08:00", code=code)
        run("2025-08-01", "revoke", "--key", self.persons["li"].public, "--from", "2025-09-01")
        self.on("2025-08-31")
        self.get("li", "/api/v1/cases")
        self.on("2025-09-01")
        answer = self.unauthorised("ACC-01", "li", "GET", "/api/v1/cases")
        self.assertIn({"name": "last_day", "value": "2025-08-31"}, answer["facts"])
        self.server.end(signal.SIGTERM)
        public = f"{self.programme.key('li')}.pub"
        self.assertIn("ACC-02", run("2025-09-01", "record", "li", "--key", public, "--from", "2025-09-01", code=1))
        self.assertIn("ACC-02", run("2025-09-01", "record", "wang", "--key", f"{self.programme.key('chen')}.pub", code=1))
        self.assertIn("ACC-01", run("2025-09-01", "revoke", "--key", "0" * 64, code=1))
        self.assertIn("2025-08-31", run("2025-09-01", "list"))
        # The register knows whose key it is; the log, which is public, does not.
        bodies = [bytes.fromhex(row[0]) for row in self.programme.rows("SELECT hex(body) FROM entries")]
        self.assertFalse([body for body in bodies if b"zhang" in body or bytes.fromhex(self.persons["zhang"].public) in body])

    def test_somebody_elses_case_is_not_there(self):
        self.on("2025-08-28")
        case = self.open()
        for person in ("wu", "citizen"):
            self.get(person, f"/api/v1/cases/{case}", 404)
            self.assertEqual(self.step(case, "take_back", person, 404), self.step(case + 1000, "take_back", person, 404))
        self.assertEqual(0, self.acts())
        self.assertEqual("PRO-02", self.post("wu", "/api/v1/cases", 422, procedure="methodology", applicant={
            "person": "", "unit": "hohai", "kind": "organisation"})["code"])
        self.post("li", "/api/v1/cases", procedure="violation", applicant={"person": "", "unit": "hohai", "kind": "organisation"})

    def test_what_is_not_listed_not_theirs_or_not_complete_is_refused_and_changes_nothing(self):
        self.on("2025-08-28")
        case = self.open()
        self.refused("PRO-01", case, "publish", "zhao")
        self.refused("PRO-01", case, "nonsense", "zhang")
        self.refused("MET-01", case, "submit", "zhang", fields={"principles_statement": "met"}, documents=documents("baseline"))
        self.refused("PRO-02", case, "submit", "zhang", role="operator_clerk", documents=COMPULSORY)
        self.assertEqual(0, self.acts())
        self.submit(case)
        self.refused("PRO-02", case, "accept", "zhang")
        self.refused("PRO-03", case, "ask_supplement", "li")
        self.assertEqual("PRO-01", self.post("zhang", "/api/v1/cases", 422, procedure="nonsense")["code"])
        self.assertEqual("PRO-01", self.post("zhang", "/api/v1/cases", 422, procedure="objection", about=case + 1000)["code"])
        self.assertEqual(1, self.acts())

    def test_the_same_request_again_gets_the_same_answer_and_the_same_id_with_other_content_none(self):
        self.on("2025-08-28")
        opening = {"id": self.new_id(), "procedure": "methodology"}
        first = self.ask("zhang", "POST", "/api/v1/cases", opening)
        self.assertEqual((201, first), (first[0], self.ask("zhang", "POST", "/api/v1/cases", opening)))
        case = first[1]["case"]
        steps, step = f"/api/v1/cases/{case}/steps", {"id": self.new_id(), "action": "submit", "fields": {"principles_statement": "met"}}
        refused = self.ask("zhang", "POST", steps, step)
        self.assertEqual((422, "MET-01"), (refused[0], refused[1]["code"]))
        self.assertEqual(refused, self.ask("zhang", "POST", steps, step))
        for other in (step | {"documents": COMPULSORY}, step | {"fields": {}}):
            status, answer = self.ask("zhang", "POST", steps, other)
            self.assertEqual((409, "IDM-01"), (status, answer["code"]))
        step |= {"id": self.new_id(), "documents": COMPULSORY}
        taken = self.ask("zhang", "POST", steps, step)
        self.assertEqual((201, taken), (taken[0], self.ask("zhang", "POST", steps, step)))
        # A captured request, sent again as it was.
        body = json.dumps(step).encode()
        headers = self.persons["zhang"].headers("POST", steps, body)
        self.assertEqual([taken, taken], [(status, answer) for status, _, answer in (self.server.ask("POST", steps, body, headers) for _ in range(2))])
        self.on("2025-08-29")
        self.assertEqual(taken, self.ask("zhang", "POST", steps, step))
        self.assertEqual(1, self.acts())

    def test_of_two_who_race_for_one_step_one_takes_it(self):
        self.on("2025-08-28")
        case = self.open()
        self.submit(case)
        self.step(case, "accept", "li")
        for expert in ("e1", "e2", "e3"):
            self.step(case, "give_opinion", expert, vote="for")
        contents = {person: {"id": self.new_id(), "action": "pass_appraisal"} for person in ("wang", "chen")}
        with concurrent.futures.ThreadPoolExecutor() as pool:
            got = list(pool.map(lambda p: self.ask(p, "POST", f"/api/v1/cases/{case}/steps", contents[p]), contents))
        self.assertEqual([(201, None), (422, "PRO-01")], sorted((status, answer.get("code")) for status, answer in got))

    def test_killed_while_a_step_is_on_its_way_the_same_again_is_one_step(self):
        self.on("2025-08-28")
        case = self.open()
        self.submit(case)
        dice, answered = random.Random(4), 0
        for n in range(8):
            who, action, more = [("li", "ask_supplement", {"reason": "units"}), ("zhang", "supplement", {})][n % 2]
            content = {"id": self.new_id(), "action": action} | more
            with concurrent.futures.ThreadPoolExecutor() as pool:
                first = pool.submit(self.ask, who, "POST", f"/api/v1/cases/{case}/steps", content)
                time.sleep(n * dice.uniform(0, 0.02))
                self.on("2025-08-28")
                answered += first.exception() is None and first.result()[0] == 201
            status, answer = self.ask(who, "POST", f"/api/v1/cases/{case}/steps", content)
            self.assertEqual((201, action), (status, answer.get("action")), answer)
            self.assertEqual(n + 2, self.acts())
        self.assertLess(answered, 8, "never killed in the middle")
        self.server.end(signal.SIGTERM)
        self.programme.run("audit", as_of="2025-08-29T10:00:00+08:00")

    def test_what_is_too_large_or_no_request_is_said(self):
        self.on("2025-08-28")
        case = self.open()
        steps = f"/api/v1/cases/{case}/steps"
        large = base64.b64encode(bytes((16 << 20) + 1)).decode()
        status, answer = self.ask("zhang", "POST", steps, {"id": self.new_id(), "action": "submit", "documents": {"baseline": large}})
        self.assertEqual((413, True), (status, "/documents/baseline" in answer["message_en"]), answer)
        status, answer = self.announce("zhang", steps, b" " * ((64 << 20) + 1))
        self.assertEqual((413, True), (status, "64 MiB" in answer["remedy_en"]))
        wrong = {b"": "body is needed", b"[]": "not a JSON object", b"{": "not a JSON object", b'{"id":"1"}': "/id: it has 32",
                 b'{"action":"a"}': "/id: it is missing", b'{"id":"%032d"}' % 7: "/action: it is missing",
                 b'{"id":"%032d","action":"a","more":1}' % 7: "/more: there is no such member",
                 b'{"id":"%032d","action":"a","action":"b"}' % 7: "/action: it stands twice",
                 b'{"id":"%032d","action":"a","fields":{"x":1}}' % 7: "/fields/x: it must be a string",
                 b'{"id":"%032d","action":"a","fields":{"x":"1","x":"2"}}' % 7: "/fields/x: it stands twice",
                 b'{"id":"%032d","action":"a","documents":{"x":"=="}}' % 7: "/documents/x: it must be base64",
                 b'{"id":"%032d","action":"a","vote":"maybe"}' % 7: "/vote: it is for or against",
                 b'{"id":"%032d","action":"a"} {}' % 7: "not a JSON object", b'{"id":"\xff"}': "not a JSON object"}
        for body, words in wrong.items():
            status, answer = self.ask("zhang", "POST", steps, body)
            self.assertEqual(400, status, (body, answer))
            self.assertIn(words, answer["message_en"])
            self.assertTrue(answer["message_zh"] and answer["remedy_zh"])
        self.assertEqual(0, self.acts())
        self.assertEqual(405, self.ask("zhang", "DELETE", f"/api/v1/cases/{case}")[0])
        self.assertEqual([], list(self.folder.glob("tanpuhui-delivery-*")))

    def test_a_document_of_sixteen_mebibytes_comes_back_as_it_went_in(self):
        self.on("2025-08-28")
        case = self.open()
        text = "0123456789abcdef" * (1 << 20)
        self.submit(case, documents=COMPULSORY | documents("baseline", text=text))
        self.assertEqual(text, self.get("li", f"/api/v1/cases/{case}/documents/{hashlib.sha256(text.encode()).hexdigest()}"))

    def test_a_step_waits_for_one_commit_of_a_delivery_and_not_for_its_end(self):
        partner = self.programme
        partner.run("signer", "record", "operator", "--key", f"{partner.key('operator')}.pub", as_of="2025-01-01T00:00:00+08:00")
        partner.add_scenario("rides", consents(self.folder / "consents.csv", ["u1"]), "D-1", "2025-01-01T00:00:00+08:00", 300)
        sender = test_http_intake.Partner(partner.key("partner"), self.folder)
        body = "".join(json.dumps(ride(n, f"stranger-{n}")) + "\n" for n in range(150_000)).encode()
        self.server = test_http_intake.Server(self, self.programme, "--cases", "--intake", "--spool", self.folder,
                                              as_of="2025-08-28T10:00:00+08:00")
        case = self.open()
        with concurrent.futures.ThreadPoolExecutor() as pool:
            delivery = pool.submit(self.server.deliver, body, sender.headers(body))
            while not partner.rows("SELECT 1 FROM arrivals WHERE state = 'provisional'"):
                self.assertFalse(delivery.done())
            self.submit(case)
            self.assertEqual("submitted", self.get("li", f"/api/v1/cases/{case}")["state"])
            self.assertFalse(delivery.done(), "the step waited for the whole delivery")
            self.assertEqual((201, 150_000), (delivery.result()[0], delivery.result()[1]["lines"]))
        self.server.end(signal.SIGTERM)
        self.programme.run("audit", as_of="2025-08-29T10:00:00+08:00")

    def test_an_article_leads_to_the_routes_that_rest_on_it(self):
        for article in ("js24.a18", "js24.a19", "js24.a43p2"):
            out = self.programme.run("rulebook", "where", article)
            self.assertRegex(out, rf"api/openapi\.yaml:\d+: .*Basis: .*{article}")

    def test_the_scripts_ask_and_take_steps_and_say_what_is_wrong(self):
        self.on("2025-08-28")
        for kind in COMPULSORY:
            (self.folder / kind).write_text("the full text\n")

        def run(script, key, *words):
            command = [SCRIPTS / script, f"http://127.0.0.1:{self.server.port}", self.programme.key(key), *map(str, words)]
            done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
            return done.returncode, done.stdout + done.stderr
        opening = self.folder / "opening.json"
        opening.write_text(json.dumps({"id": self.new_id(), "procedure": "methodology"}))
        code, out = run("ask.sh", "zhang", "/api/v1/cases", opening)
        case = json.loads(out)["case"]
        said = 'met: "yes"\n\\ in full, 全部'
        step = [case, "submit", f"principles_statement={said}", *(f"{kind}=@{self.folder / kind}" for kind in COMPULSORY)]
        code, out = run("step.sh", "zhang", *step, "--id", self.new_id())
        self.assertEqual((0, "submitted"), (code, json.loads(out)["to"]))
        self.assertEqual(said, self.get("li", f"/api/v1/cases/{case}")["fields"]["principles_statement"])
        code, out = run("step.sh", "li", case, "ask_supplement")
        self.assertEqual((1, True, True), (code, "PRO-03" in out, "--id " in out))
        code, out = run("step.sh", "li", case, "ask_supplement", "--reason", "units are missing")
        self.assertEqual(0, code, out)
        code, out = run("ask.sh", "li", "/api/v1/cases?procedure=methodology&state=supplement")
        self.assertEqual((0, [case]), (code, [one["number"] for one in json.loads(out)["cases"]]))
        self.assertEqual(1, run("ask.sh", "citizen", f"/api/v1/cases/{case}")[0])
        self.assertEqual(2, run("step.sh", "li", case, "accept", "nothing")[0])
        self.server.end()
        self.assertEqual(3, run("ask.sh", "li", "/api/v1/cases")[0])

    def test_without_cases_there_are_no_such_addresses(self):
        self.server = test_http_intake.Server(self, self.programme, as_of="2025-08-28T10:00:00+08:00")
        for method, target in (("GET", "/api/v1/cases"), ("POST", "/api/v1/cases"), ("GET", "/api/v1/deadlines")):
            self.assertEqual(404, self.ask("li", method, target, None if method == "GET" else {})[0])
        self.assertEqual(200, self.ask(None, "GET", "/api/v1/procedures/methodology")[0])

    def test_on_a_server_of_postgresql_it_is_the_same(self):
        postgres = Postgres.create()
        self.addCleanup(postgres.remove)
        self.use(self.found(test_postgres.ServerProgramme(self.folder / "pg", postgres, "http_cases")))
        self.methodology_path()
        self.test_of_two_who_race_for_one_step_one_takes_it()


class BrokenBooks(unittest.TestCase):
    """A server whose law cannot be read does not start."""

    def setUp(self):
        folder = folder_of(self)
        self.home = folder / "home"
        shutil.copytree(ROOT / "rulebooks", self.home / "rulebooks")
        (self.home / "methodologies").mkdir()
        self.programme = Programme(folder)
        self.programme.home = self.home
        self.programme.run("init", "--name", "Test programme", "--rulebook", "js24", "--rehearsal")
        self.chapter = self.home / "rulebooks/js24/ch2_methodology.law.md"
        self.text = self.chapter.read_text(encoding="utf-8")

    def refused(self, text, article, line):
        self.chapter.write_text(text, encoding="utf-8")
        for options in ([], ["--cases"], ["--intake"]):
            out = self.programme.run("serve", "--port", "0", *options, as_of="2025-08-28T10:00:00+08:00", code=3)
            self.assertNotIn("serving", out)
            self.assertRegex(out, rf"ch2_methodology\.law\.md:{line}:\d+.*{article}")
        return out

    def line_of(self, words):
        return self.text[:self.text.index(words)].count("\n") + 1

    def test_a_chapter_that_was_cut(self):
        words = 'working_days = 20\npaused_by = ["ask_sup'
        cut = self.text[:self.text.index(words) + len(words)]
        self.refused(cut, r"js24\.a14p1", cut[:cut.rindex("```toml")].count("\n") + 1)

    def test_an_unknown_word(self):
        words = 'by = ["operator_clerk"]'
        text = self.text.replace(words, 'by = ["king"]', 1)
        before = self.text[:self.text.index(words)]
        block = before[:before.rindex("[[action]]")].count("\n") + 1
        out = self.refused(text, r"js24\.a1\d", block)
        self.assertIn("king", out)

    def test_a_value_that_is_none(self):
        words = "working_days = 20\n"
        text = self.text.replace(words, "working_days = twenty\n", 1)
        self.refused(text, r"js24\.a14p1", self.line_of(words))

    def test_an_article_without_a_status(self):
        at = self.text.index("## js24.a12")
        words = "- **kind**: "
        start = self.text.index(words, at)
        text = self.text[:start] + "- **kind**: whim · **status**: executable" + self.text[self.text.index("\n", start):]
        self.refused(text, r"js24\.a12", self.text[:start].count("\n") + 1)


if __name__ == "__main__":
    unittest.main()
