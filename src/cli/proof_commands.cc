/// Proofs: audit, explain, certificate, verify.
#include <filesystem>

#include <fmt/format.h>

#include "audit/audit.h"
#include "cli/certificates.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/explain.h"
#include "cli/print.h"
#include "crypto/hash.h"

namespace tanpuhui {
namespace {

constexpr std::size_t printed_violations = 50;

int run_audit(const SharedOptions& shared) {
  Desk desk(shared);
  const AuditReport report =
      audit_programme(desk.database(), {desk.book(), desk.methodologies(), load_working_days(find_home(shared.home))},
                      [](const std::string& stage) { fmt::print(stderr, "audit: {}\n", stage); });
  fmt::print("looked at {} entries, {} accounts, {} acts, {} batches, {} blocks\n", with_thousands(report.entries),
             with_thousands(report.accounts), with_thousands(report.acts), with_thousands(report.batches),
             with_thousands(report.blocks));
  for (std::size_t i = 0; i < std::min(printed_violations, report.violations.size()); ++i)
    fmt::print("BROKEN {}: {}\n", report.violations[i].invariant, report.violations[i].what);
  if (report.violations.empty()) fmt::print("all invariants hold\n");
  if (report.violations.size() > printed_violations)
    fmt::print("... and {} more\n", report.violations.size() - printed_violations);
  return report.violations.empty() ? exit_done : exit_refused;
}

struct ExplainOptions {
  std::string id;
  std::size_t records = 5;
};

int run_explain(const SharedOptions& shared, const ExplainOptions& options) {
  Desk desk(shared);
  fmt::print("{}", explain_certificate(desk.database(), options.id, desk.methodologies(), options.records));
  return exit_done;
}

struct CertificateOptions {
  std::string number, file;
};

int run_certificate(const SharedOptions& shared, const CertificateOptions& options) {
  Desk desk(shared);
  const std::string file = make_certificate(desk, shared, options.number);
  write_file(options.file, file);
  fmt::print("certificate {} in {}\n", options.number, options.file);
  return exit_done;
}

struct VerifyOptions {
  std::string file, key;
};

LogKey read_log_key(const std::string& given) {
  std::string line = std::filesystem::exists(given) ? read_file(given) : given;
  while (!line.empty() && line.back() == '\n') line.pop_back();
  const auto key = parse_log_key(line, sha256);
  if (!key) throw UsageError("--key:\n" + describe(key.error()));
  return *key;
}

int run_verify(const VerifyOptions& options) {
  const auto facts = check_certificate(read_file(options.file), read_log_key(options.key));
  if (!facts) {
    fmt::print("NOT VALID: {}\n", options.file);
    return print_refusal(facts.error());
  }
  fmt::print("{}", describe(*facts));
  return exit_done;
}

}  // namespace

void add_proof_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  add_command<int>(
      app, "audit", "recompute every invariant from what is stored", chosen, [](CLI::App&, int&) {},
      [&shared](int) { return run_audit(shared); });
  add_command<ExplainOptions>(
      app, "explain", "walk a certificate back to batch, methodology, factors and records", chosen,
      [](CLI::App& command, ExplainOptions& options) {
        command.add_option("ID", options.id, "number of the statement, or of its entry")->required();
        command.add_option("--records", options.records, "records to show for each batch")->capture_default_str();
      },
      [&shared](const ExplainOptions& options) { return run_explain(shared, options); });
  add_command<CertificateOptions>(
      app, "certificate", "write the certificate of a statement", chosen,
      [](CLI::App& command, CertificateOptions& options) {
        command.add_option("NUMBER", options.number)->required();
        command.add_option("--out", options.file, "file to write")->required();
      },
      [&shared](const CertificateOptions& options) { return run_certificate(shared, options); });
  add_command<VerifyOptions>(
      app, "verify", "check a certificate offline: needs only the file and the log's public key", chosen,
      [](CLI::App& command, VerifyOptions& options) {
        command.add_option("FILE", options.file)->required();
        command.add_option("--key", options.key, "the log's public key: the line, or a file that holds it")->required();
      },
      run_verify);
}

}  // namespace tanpuhui
