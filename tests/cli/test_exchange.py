"""The same ride reaches two programmes, by two channels each: it is credited once, in the programme that told the other."""
import unittest

from programme import Programme, consents, folder_of, home_of, put_in_force, ride, write_lines

BEGAN = "2025-01-01T00:00:00+08:00"


class Exchange(unittest.TestCase):
    def setUp(self):
        self.folder = folder_of(self)
        self.province = self.programme("province", "js24")
        self.park = self.programme("park", "sip25")
        self.secret = self.province.key("exchange")

    def programme(self, name, rulebook):
        programme = Programme(self.folder / name)
        programme.folder.mkdir(parents=True)
        programme.home = home_of(programme.folder)
        put_in_force(programme.home, "sip25", "2025-01-01")
        programme.run("init", "--name", name, "--rulebook", rulebook, "--rehearsal")
        programme.run("signer", "record", "operator", "--key", f"{programme.key('operator')}.pub", as_of=BEGAN)
        programme.add_scenario("rides", consents(programme.folder / "c.csv", ["u1", "u2"]), "D-1", BEGAN)
        return programme

    def take_in(self, programme, name, records, day="2025-03-04"):
        path = write_lines(programme.folder / f"{name}.ndjson", records)
        programme.run("ingest", "--scenario", "rides", path, as_of=f"{day}T10:00:00+08:00")

    def seal(self, programme, day="2025-03-04"):
        return programme.report("seal", "--scenario", "rides", "--until", "2025-03-03", as_of=f"{day}T11:00:00+08:00")

    def on(self, programme, *arguments, code=0):
        return programme.run(*arguments, as_of="2025-03-05T10:00:00+08:00", code=code)

    def join(self, programme, group="rides", code=0):
        return self.on(programme, "exchange", "join", "--scenario", "rides", "--group", group, "--secret", self.secret,
                       code=code)

    def told(self):
        """Rides of u1 and u2 that the province credited, as the file for the park."""
        self.take_in(self.province, "bikes", [ride(1), ride(2, "u2", start="09:00:00", end="09:30:00")])
        self.take_in(self.province, "phone", [ride("p1", start="08:00:20", end="08:20:10")])
        self.assertEqual(1, self.seal(self.province)["counts"]["overlap"])
        self.province.issue("rides", "2025-03-01", "2025-03-03", "2025-03-04T12:00:00+08:00")
        self.join(self.province)
        file = self.folder / "told.txt"
        self.assertIn("2 acts", self.on(self.province, "exchange", "tell", "--scenario", "rides", "--from", "2025-03-01",
                                        "--until", "2025-03-03", "--out", file))
        return file

    def test_a_ride_sent_by_two_channels_to_two_programmes_is_credited_once(self):
        file = self.told()
        text = file.read_text()
        self.assertNotIn("u1", text)
        self.assertNotIn("08:0", text)
        other = ride("x3", "u2", start="12:00:00", end="12:20:00")
        self.take_in(self.park, "bikes", [ride("x1", start="08:00:59", end="08:21:00"), other,
                                          ride("x2", "u2", start="08:59:40", end="09:30:00")])
        self.assertEqual({"accepted": 3}, self.seal(self.park)["counts"])
        self.join(self.park)
        hear = ("exchange", "hear", file, "--scenario", "rides", "--programme", "province")
        self.assertIn("2 acts of province, 0 known before", self.on(self.park, *hear))
        self.assertIn("2 acts of province, 2 known before", self.on(self.park, *hear))
        self.assertEqual({"accepted": 1, "credited_elsewhere": 2}, self.seal(self.park, "2025-03-05")["counts"])
        outcome = next(line for line in self.park.run("outcomes").splitlines() if "`credited_elsewhere`" in line)
        self.assertIn("CMB-01", outcome)
        out = self.on(self.park, "batch", "compute", "--scenario", "rides", "--from", "2025-03-01", "--until", "2025-03-03")
        self.assertIn("1 persons, 1 records", out)
        self.park.run("audit", as_of="2025-03-06T10:00:00+08:00")

    def test_files_of_another_form_or_group_are_refused(self):
        file = self.told()
        self.join(self.park, "walks")
        hear = ("exchange", "hear", file, "--scenario", "rides", "--programme", "province")
        self.assertIn("another group: rides", self.on(self.park, *hear, code=1))
        self.assertIn("SCN-04", self.join(self.park, code=1))
        file.write_text(file.read_text().replace("rides", "walks") + "2025-03-03 xyz\n")
        out = self.on(self.park, *hear, code=1)
        self.assertIn("DAT-06", out)
        self.assertIn("line 4", out)


if __name__ == "__main__":
    unittest.main()
