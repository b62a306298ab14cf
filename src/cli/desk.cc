#include "cli/desk.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/fault.h"
#include "cli/print.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "governance/rooms_of_cases.h"
#include "store/key_file.h"
#include "store/log.h"

namespace tanpuhui {
namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Fault(path.string() + ": cannot be read");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::error_code problem;
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder, problem)) paths.push_back(entry.path());
  if (problem) throw Fault(folder.string() + ": " + problem.message());
  std::ranges::sort(paths);
  return paths;
}

bool is_home(const fs::path& folder) {
  return fs::is_directory(folder / "rulebooks") && fs::is_directory(folder / "methodologies");
}

std::optional<std::string> home_above(fs::path folder) {
  for (; !folder.empty(); folder = folder.parent_path()) {
    if (is_home(folder)) return folder.string();
    if (folder == folder.root_path()) break;
  }
  return std::nullopt;
}

std::string names_of(const std::vector<Scenario>& scenarios) {
  std::string names;
  for (const Scenario& scenario : scenarios) names += (names.empty() ? "" : ", ") + scenario.name;
  return names.empty() ? "none is recorded" : "recorded are: " + names;
}

Instant checked_now(const Programme& programme, const SharedOptions& shared) {
  std::optional<Instant> as_of;
  if (!shared.as_of.empty()) as_of = instant_option("--as-of", shared.as_of);
  const auto now = programme.now(as_of);
  if (!now) throw UsageError(describe(now.error()));
  return *now;
}

}  // namespace

std::string find_home(const std::string& given) {
  if (!given.empty()) {
    if (!is_home(given)) throw Fault(given + ": holds no rulebooks/ and methodologies/");
    return given;
  }
  std::error_code ignored;
  if (const auto home = home_above(fs::current_path())) return *home;
  if (const auto home = home_above(fs::read_symlink("/proc/self/exe", ignored))) return *home;
  throw Fault("found no folder with rulebooks/ and methodologies/; name it with --home");
}

Rulebook load_book(const std::string& home, const std::string& name) {
  const fs::path folder = fs::path(home) / "rulebooks" / name;
  if (name.empty() || !fs::is_regular_file(folder / "book.toml"))
    throw Fault("there is no rulebook `" + name + "` (" + (folder / "book.toml").string() + ")");
  std::vector<SourceFile> files;
  for (const fs::path& path : entries_of(folder))
    if (fs::is_regular_file(path)) files.push_back({path.filename().string(), read_text(path)});
  auto book = load_rulebook(files, sha256);
  if (!book) throw Fault("rulebook " + name + ":\n" + describe(book.error()));
  return std::move(*book);
}

std::vector<BookQuestion> load_questions(const std::string& home) {
  const fs::path path = fs::path(home) / "rulebooks" / "common" / "questions.toml";
  auto questions = read_questions({path.filename().string(), read_text(path)});
  if (!questions) throw Fault(describe(questions.error()));
  return std::move(*questions);
}

std::vector<LawCase> load_law_cases(const std::string& home, const std::string& name) {
  const fs::path folder = fs::path(home) / "rulebooks" / name / "cases";
  std::vector<LawCase> all;
  if (!fs::is_directory(folder)) return all;
  for (const fs::path& path : entries_of(folder)) {
    auto cases = read_law_cases({"cases/" + path.filename().string(), read_text(path)});
    if (!cases) throw Fault(describe(cases.error()));
    std::ranges::move(*cases, std::back_inserter(all));
  }
  return all;
}

Calendar load_working_days(const std::string& home) {
  std::vector<SourceFile> files;
  for (const fs::path& path : entries_of(fs::path(home) / "rulebooks" / "common" / "working_days"))
    files.push_back({path.filename().string(), read_text(path)});
  auto calendar = load_calendar(files);
  if (!calendar) throw Fault(describe(calendar.error()));
  return std::move(*calendar);
}

std::vector<std::string> list_books(const std::string& home) {
  std::vector<std::string> names;
  for (const fs::path& folder : entries_of(fs::path(home) / "rulebooks"))
    if (fs::is_regular_file(folder / "book.toml")) names.push_back(folder.filename().string());
  return names;
}

FactorTables load_factor_tables(const std::string& home) {
  const fs::path folder = fs::path(home) / "methodologies" / "factors";
  std::vector<SourceFile> files;
  if (fs::is_directory(folder))
    for (const fs::path& path : entries_of(folder))
      if (path.extension() == ".toml") files.push_back({path.string(), read_text(path)});
  auto factors = load_factors(files);
  if (!factors) throw Fault(describe(factors.error()));
  return std::move(*factors);
}

Methodology load_methodology_file(const std::string& path, const FactorTables& factors) {
  auto read = load_methodology(read_text(path), path, sha256, factors, sm3);
  if (!read) throw Fault(describe(read.error()));
  return std::move(*read);
}

Methodology open_methodology(const SharedOptions& shared, const std::string& folder) {
  const fs::path path = fs::is_directory(folder) ? fs::path(folder) / "methodology.toml" : fs::path(folder);
  if (!fs::is_regular_file(path)) throw UsageError(folder + ": holds no methodology.toml");
  return load_methodology_file(path.string(), load_factor_tables(find_home(shared.home)));
}

std::map<std::string, Methodology> load_methodologies(const std::string& home) {
  std::map<std::string, Methodology> loaded;
  const FactorTables factors = load_factor_tables(home);
  for (const fs::path& methodology : entries_of(fs::path(home) / "methodologies"))
    for (const fs::path& version : fs::is_directory(methodology) ? entries_of(methodology) : std::vector<fs::path>{}) {
      const fs::path file = version / "methodology.toml";
      if (!fs::is_regular_file(file)) continue;
      loaded.emplace(methodology.filename().string() + "/" + version.filename().string(),
                     load_methodology_file(file.string(), factors));
    }
  return loaded;
}

const Methodology& methodology_of(const std::map<std::string, Methodology>& methodologies, const Scenario& scenario) {
  const auto found = methodologies.find(scenario.methodology);
  if (found == methodologies.end())
    throw Fault("methodologies/" + scenario.methodology + " is missing, and scenario " + scenario.name + " needs it");
  if (found->second.hash != scenario.methodology_hash)
    throw Fault("methodologies/" + scenario.methodology + " is not the text that scenario " + scenario.name +
                " was recorded with (" + to_hex(scenario.methodology_hash) +
                "); a published version never changes: restore it, or publish a new version");
  return found->second;
}

Desk::Desk(const SharedOptions& shared) : programme_(Programme::open(shared.programme)) {
  const Instant now = checked_now(programme_, shared);
  home_ = find_home(shared.home);
  book_ = load_book(home_, programme_.settings().rulebook);
  methodologies_ = load_methodologies(home_);
  writer_.emplace(programme_.database(), sha256);
  office_.emplace(Office{programme_.database(), *writer_, book_, now, !shared.as_of.empty()});
}

Scenario Desk::scenario(const std::string& name) {
  if (auto found = find_scenario(database(), name)) return *std::move(found);
  throw UsageError("there is no scenario `" + name + "`; " + names_of(list_scenarios(database())));
}

IngestOptions Desk::ingest_options(const Scenario& scenario) {
  IngestOptions options;
  options.scenario = scenario.id;
  options.rules = {scenario.name,
                   &methodology_of(scenario),
                   book_.zone,
                   scenario.lateness_days,
                   now(),
                   days_within(live_days(database(), scenario), {book_.in_force_from.value_or(all_days.from), {}}),
                   methodology_days(database(), scenario)};
  return options;
}

CaseOffice Desk::case_office() {
  if (!calendar_) calendar_ = load_working_days(home_);
  if (!rooms_)
    rooms_ = rooms_of_cases({settings().account_salt, [factors = load_factor_tables(home_)](std::string_view text) {
                               return load_methodology(text, "formula", sha256, factors, sm3);
                             }});
  return {office(), *calendar_, *rooms_};
}

LogKey Desk::log_key() {
  auto key = parse_log_key(settings().log_key, sha256);
  if (!key) throw Fault(describe(key.error()));
  return std::move(*key);
}

Instant Desk::read_clock(const SharedOptions& shared) const { return checked_now(programme_, shared); }

void Desk::seal_log() { seal_blocks(database(), book_.hash, now()); }

// The key comes first: a kill between the two leaves a key file that the next try takes up.
void create_programme(const SharedOptions& shared, ProgrammeSettings settings, const std::string& origin) {
  const std::string key_path = log_key_path(shared);
  const SigningKey key = fs::exists(key_path) ? load_key_file(key_path) : create_key_file(key_path);
  settings.account_salt = random_bytes(32);
  settings.log_key = format_log_key({origin, key.verify_key().bytes()}, sha256);
  if (!parse_log_key(settings.log_key, sha256)) throw UsageError("--origin: a log's name holds neither spaces nor `+`");
  init_programme(shared.programme, settings);
  write_file(public_key_path(shared), settings.log_key + "\n");
}

std::string log_key_path(const SharedOptions& shared) {
  const std::string& place = shared.programme;
  return (is_server(place) ? (fs::path(shared.keys) / short_name(place)).string() : file_of(place)) + ".log-key";
}
std::string public_key_path(const SharedOptions& shared) { return log_key_path(shared) + ".pub"; }

PublicKeyBytes read_public_key(const std::string& path) {
  std::string text = read_file(path);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  const auto key = digest_from_hex(text);
  if (!key) throw Fault(path + ": holds no public key (64 hexadecimal digits); `tanpuhui key FILE` makes one");
  return *key;
}

}  // namespace tanpuhui
