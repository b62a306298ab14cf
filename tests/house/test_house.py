"""The house rules hold for the repository, and each check can fail: it finds what is planted in a small tree."""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tools"


def run_check(name, root):
    done = subprocess.run([sys.executable, "-B", str(TOOLS / f"check_{name}.py"), str(root)], capture_output=True,
                          text=True, stdin=subprocess.DEVNULL, env=dict(os.environ, PYTHONIOENCODING="utf-8"))
    return done.returncode, done.stdout + done.stderr


class Repository(unittest.TestCase):
    def holds(self, name):
        code, output = run_check(name, ROOT)
        self.assertEqual(code, 0, "\n" + output)

    def test_includes_point_down_only(self):
        self.holds("layers")

    def test_nothing_impure_stands_above_the_pure_line(self):
        self.holds("pure_line")

    def test_sources_are_formatted(self):
        self.holds("format")

    def test_words_are_those_of_the_glossary(self):
        self.holds("words")

    def test_links_lead_somewhere(self):
        self.holds("links")

    def test_statements_name_the_part(self):
        self.holds("sql")


class Planted(unittest.TestCase):
    """A tree in a temporary folder, with this repository's own tables."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve()
        self.write("tools/layers.txt", (TOOLS / "layers.txt").read_text(encoding="utf-8"))
        self.write(".clang-format", (ROOT / ".clang-format").read_text(encoding="utf-8"))

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def finds(self, check, place, words=""):
        code, output = run_check(check, self.root)
        self.assertEqual(code, 1, output)
        lines = [line for line in output.splitlines() if line.startswith(place + ": ")]
        self.assertTrue(lines, f"no line begins with {place}:\n{output}")
        self.assertIn(words, lines[0])

    def is_content(self, check):
        code, output = run_check(check, self.root)
        self.assertEqual(code, 0, output)


class Sql(Planted):
    def setUp(self):
        super().setUp()
        self.write("src/store/migrations/distributed.sql.inc", "SELECT create_distributed_table('entries', 'part');")

    def plant(self, sql):
        self.write("src/a.cc", f'auto row = database.statement(\n    {sql});\n')

    def test_over_all_parts_is_found_also_in_several_literals(self):
        self.plant('"SELECT body FROM "\n    "entries WHERE entry_id = ?"')
        self.finds("sql", "src/a.cc:2", "names no part")

    def test_of_one_part_and_of_other_tables_is_well(self):
        self.plant('"SELECT body FROM entries WHERE part = ? AND entry_id = ?"')
        self.write("src/b.cc", 'run("SELECT a FROM scenarios");  // "SELECT b FROM entries"\n')
        self.is_content("sql")

    def test_over_all_parts_with_a_reason_is_well_and_a_reason_without_it_is_found(self):
        self.plant('"SELECT body FROM entries"')
        self.write("tools/sql_over_all_parts.txt", "src/a.cc: SELECT body FROM entries\n")
        self.is_content("sql")
        self.plant('"SELECT body FROM entries WHERE part = ?"')
        self.finds("sql", "tools/sql_over_all_parts.txt:1", "no such statement")

    def test_that_asks_the_engine_for_chance_is_found(self):
        self.plant('"SELECT random() FROM scenarios"')
        self.finds("sql", "src/a.cc:2", "random(")


class Layers(Planted):
    def breach(self, name, include, *others):
        for other in others or [include]:
            self.write(f"src/{other}", "#pragma once\n")
        self.write(f"src/{name}", f'#pragma once\n#include "{include}"\n')

    def test_finds_an_engine_that_includes_a_room(self):
        self.breach("ledger/a.h", "rooms/mall/b.h")
        self.finds("layers", "src/ledger/a.h:2", "ledger may not include rooms/mall/b.h (allowed: itself, base)")

    def test_finds_an_engine_that_includes_a_sibling(self):
        self.breach("ledger/a.h", "merkle/b.h")
        self.finds("layers", "src/ledger/a.h:2")

    def test_finds_a_room_that_includes_another_room(self):
        self.breach("rooms/mall/a.h", "rooms/points/b.h")
        self.finds("layers", "src/rooms/mall/a.h:2")

    def test_finds_a_room_that_includes_its_shell(self):
        self.breach("rooms/mall/a.h", "rooms/mall/shell/b.h")
        self.finds("layers", "src/rooms/mall/a.h:2")

    def test_finds_a_room_that_includes_the_store(self):
        self.breach("rooms/mall/a.cc", "store/b.h")
        self.finds("layers", "src/rooms/mall/a.cc:2")

    def test_finds_a_shell_that_calls_another_rooms_decisions(self):
        self.breach("rooms/mall/shell/a.cc", "rooms/points/decide_grant.h")
        self.finds("layers", "src/rooms/mall/shell/a.cc:2")

    def test_finds_a_shell_that_calls_another_shell_but_for_its_find_headers(self):
        self.breach("rooms/mall/shell/a.cc", "rooms/points/shell/grant.h")
        self.finds("layers", "src/rooms/mall/shell/a.cc:2")

    def test_finds_a_file_in_no_listed_folder(self):
        self.write("src/attic/a.h", "#pragma once\n")
        self.finds("layers", "src/attic/a.h:1", "not listed")

    def test_finds_an_include_that_is_not_written_from_src_on(self):
        self.breach("base/a.h", "b.h", "base/b.h")
        self.finds("layers", "src/base/a.h:2", "no file under src")

    def test_finds_a_project_header_in_angle_brackets(self):
        self.write("src/store/b.h", "#pragma once\n")
        self.write("src/base/a.h", "#pragma once\n#include <store/b.h>\n")
        self.finds("layers", "src/base/a.h:2")

    def test_finds_an_outside_library_where_it_does_not_belong(self):
        self.write("src/store/a.cc", "#include <boost/beast/http.hpp>\n")
        self.finds("layers", "src/store/a.cc:1", "only in: server")

    def test_finds_a_table_that_points_up(self):
        self.write("tools/layers.txt", "base: ledger\nledger:\n")
        self.finds("layers", "tools/layers.txt:1", "above it")

    def test_allows_what_points_down(self):
        self.write("src/base/b.h", "#pragma once\n")
        self.write("src/rooms/mall/decide_order.h", '#pragma once\n#include "base/b.h"\n')
        self.write("src/rooms/points/shell/find_balance.h", '#pragma once\n#include "base/b.h"\n')
        self.write("src/rooms/mall/shell/order.cc", '#include "rooms/mall/decide_order.h"\n'
                   '#include "rooms/points/shell/find_balance.h"\n#include <vector>\n')
        self.write("src/cli/main.cc", '#include "rooms/mall/shell/order.h"\n')
        self.write("src/rooms/mall/shell/order.h", "#pragma once\n")
        self.is_content("layers")


class PureLine(Planted):
    def finds_line(self, line, words="", name="src/ledger/a.h"):
        self.write(name, "#pragma once\n" + line + "\n")
        self.finds("pure_line", f"{name}:2", words)

    def test_finds_floating_point(self):
        for line in ["double ratio;", "float f();", "auto x = 1.5;", "auto y = std::stod(text);"]:
            with self.subTest(line):
                self.finds_line(line, "floating point")

    def test_finds_each_banned_header(self):
        for header in ["iostream", "fstream", "thread", "mutex", "chrono", "random", "filesystem", "boost/json.hpp",
                       "sqlite3.h"]:
            with self.subTest(header):
                self.finds_line(f"#include <{header}>", header)

    def test_finds_clocks(self):
        for line in ["auto t = std::time(nullptr);", "auto t = ::time(0);", "auto t = time(nullptr);",
                     "auto t = std::chrono::system_clock::now();"]:
            with self.subTest(line):
                self.finds_line(line, "clock")

    def test_finds_io_and_sql(self):
        self.finds_line('auto f = std::fopen("x", "r");', "I/O")
        self.finds_line("sqlite3_step(s);", "SQL")

    def test_holds_for_rooms_but_not_for_their_shells(self):
        self.finds_line("double a;", name="src/rooms/mall/a.h")
        (self.root / "src/rooms/mall/a.h").unlink()
        self.write("src/rooms/mall/shell/a.h", "#include <chrono>\ndouble a;\n")
        self.is_content("pure_line")

    def test_finds_code_behind_digit_separators(self):
        self.finds_line("auto a = 86'400; double b; auto c = 'x';")

    def test_finds_a_rulebook_named_in_code(self):
        self.finds_line('if (book == "js24") f();', "js24")

    def test_finds_a_rulebook_named_in_an_identifier(self):
        self.finds_line("void sip25_points();", "sip25")

    def test_finds_a_rulebook_named_below_the_pure_line_too(self):
        self.finds_line('auto book = "sip25";', "sip25", name="src/cli/main.cc")

    def test_finds_a_third_rulebook_by_its_folder(self):
        self.write("rulebooks/zj27/book.toml", "")
        self.finds_line('auto book = "zj27";', "zj27")

    def test_finds_a_rulebook_named_in_code_beside_its_basis(self):
        self.finds_line('auto book = "js24";  // Basis: js24.a37p2', "js24")

    def test_finds_a_rulebook_named_in_a_comment_without_basis(self):
        self.finds_line("// as js24 wants it", "js24")

    def test_allows_words_in_comments_and_strings_and_articles_as_basis(self):
        self.write("src/ledger/a.h", '/// No double here, no time(). Basis: js24.a37p2\n/* 1.5 float\n double */\n'
                   'auto a = "double";\nauto b = R"(float 1.5)";\nvoid runtime(int time);\nauto c = entry.time(0);\n'
                   '///   return refuse("MAL-02", "js24.a35p1")\n')
        self.is_content("pure_line")


class Format(Planted):
    def test_finds_an_unformatted_line(self):
        for folder in ["src/base", "tests/base", "bench"]:
            with self.subTest(folder):
                self.write(f"{folder}/a.cc", "int a = 1;\nint   b=2;\n")
                self.finds("format", f"{folder}/a.cc:2", "not formatted")
                (self.root / folder / "a.cc").unlink()

    def test_allows_a_formatted_file(self):
        self.write("src/base/a.cc", "int a = 1;\n")
        self.is_content("format")


class Words(Planted):
    def finds_word(self, text, words, name="src/base/a.h"):
        self.write(name, "first\n" + text + "\n")
        self.finds("words", f"{name}:2", words)

    def test_finds_words_that_the_glossary_replaces(self):
        for text, instead in [("carbon credits", "reductions"), ("Carbon credit", "reductions"), ("he burned it", "retire"),
                              ("void burn_points();", "retire"), ("whitelist", "allowed"), ("white list", "allowed"),
                              ("碳币", "碳积分"), ("Wallet", "account")]:
            with self.subTest(text):
                self.finds_word(text, instead)

    def test_finds_unfinished_places(self):
        self.finds_word("// TODO: later", "finish it")
        self.finds_word("FIXME", "finish it")

    def test_looks_into_documents_rulebooks_pages_and_readme(self):
        for name in ["docs/a.md", "rulebooks/x/ch1.law.md", "web/src/a.vue", "README.md"]:
            with self.subTest(name):
                self.finds_word("a wallet", "account", name)
                (self.root / name).unlink()

    def test_allows_words_that_only_contain_one(self):
        self.write("docs/a.md", "Melbourne, burnish, autodo, carbon credited; sideburns\n")
        self.is_content("words")


class Links(Planted):
    def test_finds_a_link_that_leads_nowhere(self):
        self.write("README.md", "one\n[a](docs/none.md)\n")
        self.finds("links", "README.md:2", "leads nowhere")

    def test_finds_an_image_and_a_reference_that_lead_nowhere(self):
        self.write("docs/a.md", "![p](p.png)\n")
        self.finds("links", "docs/a.md:1")
        self.write("docs/a.md", "[x]: none.md\n")
        self.finds("links", "docs/a.md:1")

    def test_finds_a_heading_that_does_not_exist(self):
        self.write("docs/a.md", "# The one\n[a](#the-other)\n")
        self.finds("links", "docs/a.md:2", "heading")

    def test_finds_links_out_of_the_repository(self):
        self.write("docs/a.md", "[a](../../x)\n")
        self.finds("links", "docs/a.md:1", "out of")
        self.write("docs/a.md", "[a](/etc/passwd)\n")
        self.finds("links", "docs/a.md:1", "absolute")

    def test_allows_links_that_hold_and_what_is_only_shown(self):
        self.write("docs/b c.md", "# 一条记录的路\n")
        self.write("docs/a.md", "# The one, two\n[a](#the-one-two) [b](b%20c.md#一条记录的路) [c](..) [d](https://x.example/y)\n"
                   "`[e](none.md)`\n```\n[f](none.md)\n```\n")
        self.is_content("links")


if __name__ == "__main__":
    unittest.main()
