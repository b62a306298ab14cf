/// Batches: compute, sign, post, list.
#include <fmt/format.h>

#include "base/decimal.h"
#include "cli/commands.h"
#include "cli/desk.h"
#include "cli/print.h"
#include "rooms/reduction/shell/compute_batch.h"
#include "rooms/reduction/shell/post_batch.h"
#include "rooms/reduction/shell/sign_batch.h"
#include "rooms/reduction/shell/stored_batch.h"
#include "store/key_file.h"

namespace tanpuhui {
namespace {

struct ComputeOptions {
  std::string scenario, from, until;
};

void print_losses(const BatchContent& content) {
  for (const BatchLine& line : content.lines)
    if (line.carried_in + line.carried_out < Milligrams())
      fmt::print("  account {}: saved {}, carried in {}, carried to its next batch {}\n", line.account.value,
                 kilograms(line.saved()), kilograms(line.carried_in), kilograms(line.carried_out));
}

int run_compute(const SharedOptions& shared, const ComputeOptions& options) {
  Desk desk(shared);
  const Scenario scenario = desk.scenario(options.scenario);
  const auto batch = compute_batch(
      desk.office(), {scenario.id, day_option("--from", options.from), day_option("--until", options.until),
                      desk.methodology_of(scenario).bears_reductions()});
  if (!batch) return print_refusal(batch.error());
  const BatchContent content = load_batch(desk.database(), *batch);
  fmt::print("batch {}: {} to {}, {} persons, {} records, {}\n", batch->value, options.from, options.until,
             with_thousands(std::ssize(content.lines)), with_thousands(content.records()), kilograms(content.total()));
  print_losses(content);
  fmt::print("  to be signed by partner and authority: {}\n", to_hex(digest_to_sign(desk.database(), *batch)));
  return exit_done;
}

struct SignOptions {
  std::int64_t batch = 0;
  std::string as, key, delegation;
};

Signer signer_named(const std::string& name) {
  if (name == "partner") return Signer::partner;
  return name == "authority" ? Signer::authority : Signer::operator_by_delegation;
}

void declare_sign(CLI::App& command, SignOptions& options) {
  command.add_option("BATCH", options.batch)->required();
  command.add_option("--as", options.as, "partner, authority or operator")
      ->required()
      ->check(CLI::IsMember({"partner", "authority", "operator"}));
  command.add_option("--key", options.key, "file with the signer's private key")->required();
  command.add_option("--delegation", options.delegation, "document under which the operator signs");
}

int run_sign(const SharedOptions& shared, const SignOptions& options) {
  Desk desk(shared);
  const BatchId batch{options.batch};
  const Signature signature = load_key_file(options.key).sign(digest_to_sign(desk.database(), batch));
  const auto done = sign_batch(desk.office(), batch, {signer_named(options.as), options.delegation, signature});
  if (!done) return print_refusal(done.error());
  desk.seal_log();
  fmt::print("batch {} is signed by the {}\n", options.batch, options.as);
  return exit_done;
}

int run_post(const SharedOptions& shared, std::int64_t batch) {
  Desk desk(shared);
  ProgressBar bar("post");
  const auto posted = post_batch(desk.office(), BatchId{batch},
                                 [&bar](std::int64_t done, std::int64_t lines) { bar.show(done, lines); });
  bar.clear();
  if (!posted) return print_refusal(posted.error());
  desk.seal_log();
  fmt::print("batch {} is posted: {} persons, {}, {} points, credited on {}\n", batch, with_thousands(posted->persons),
             kilograms(posted->reduction), with_thousands(posted->points.count()), format_day(posted->credited_on));
  return exit_done;
}

int run_list(const SharedOptions& shared) {
  Desk desk(shared);
  std::vector<std::vector<std::string>> rows{{"batch", "scenario", "from", "until", "persons", "records", "issued kg",
                                              "carried kg", "left circulation kg", "state"}};
  auto found = desk.database().statement(
      "SELECT b.batch_id, s.name, b.period_from, b.period_until, b.persons, b.records, b.issued_mg, "
      "coalesce(l.carried_mg, 0), b.serial_next_mg, b.state FROM batches b JOIN scenarios s ON s.scenario_id = "
      "b.scenario_id LEFT JOIN (SELECT batch_id, CAST(sum(carried_out_mg) AS BIGINT) AS carried_mg FROM batch_lines "
      "WHERE carried_in_mg + carried_out_mg < 0 GROUP BY batch_id) l ON l.batch_id = b.batch_id ORDER BY b.batch_id");
  while (found.step())
    rows.push_back({std::to_string(found.integer(0)), std::string(found.text(1)),
                    format_day(Day{static_cast<std::int32_t>(found.integer(2))}),
                    format_day(Day{static_cast<std::int32_t>(found.integer(3))}), with_thousands(found.integer(4)),
                    with_thousands(found.integer(5)), format_fixed(found.integer(6), 6),
                    format_fixed(found.integer(7), 6), format_fixed(found.integer(8), 6), std::string(found.text(9))});
  fmt::print("{}", table(rows));
  return exit_done;
}

}  // namespace

void add_batch_commands(CLI::App& app, SharedOptions& shared, Chosen& chosen) {
  CLI::App& batch = add_group(app, "batch", "issuances: compute, sign, post, list");
  add_command<ComputeOptions>(
      batch, "compute", "sum what each person saved in a period, from sealed days", chosen,
      [](CLI::App& command, ComputeOptions& options) {
        command.add_option("--scenario", options.scenario)->required();
        command.add_option("--from", options.from, "first day")->required();
        command.add_option("--until", options.until, "last day")->required();
      },
      [&shared](const ComputeOptions& options) { return run_compute(shared, options); });
  add_command<SignOptions>(batch, "sign", "sign a batch as partner, authority or operator", chosen, declare_sign,
                           [&shared](const SignOptions& options) { return run_sign(shared, options); });
  add_command<std::int64_t>(
      batch, "post", "credit each person with reductions and points", chosen,
      [](CLI::App& command, std::int64_t& number) { command.add_option("BATCH", number)->required(); },
      [&shared](std::int64_t number) { return run_post(shared, number); });
  add_command<int>(
      batch, "list", "all batches", chosen, [](CLI::App&, int&) {}, [&shared](int) { return run_list(shared); });
}

}  // namespace tanpuhui
