// What each noun is about, and examples below the help of each verb; nearly all about books ask the ones that `tools/demo` makes (which have no quotes).
#include <utility>

#include <CLI/CLI.hpp>

#include "tools/cli/verbs.hpp"

namespace o2c {
namespace {

constexpr std::pair<const char*, const char*> nouns[] = {
    {"report", "figures as of any date, with the knowledge of any position"},
    {"explain", "the events behind a figure, an entry, a decision"},
    {"order", "orders: one, or all"},
    {"quote", "quotes: one, or all"},
    {"invoice", "invoices: one, or all"},
    {"payment", "receipts of cash: one, or all"},
    {"customer", "customers: one with everything about it, or all"},
    {"stock", "products and what is there of them"},
    {"mark", "names for positions of the journal"},
    {"event", "what happened, entry by entry"},
    {"policy", "rules, prices, terms and taxes, in versions"},
    {"command", "what is to be done"},
    {"import", "history from files"},
    {"journal", "the journal itself: check, copy, take out"},
    {"projection", "the read models: how far, and equal to a rebuild"},
    {"company", "companies of the instance"},
    {"partner", "other companies of the instance that one trades with"},
    {"state", "one hash for everything"},
    {"topic", "the topics on Kafka"},
    {"bench", "measure this machine"},
};

struct Example {
  const char *noun, *verb, *arguments;  // verb empty: the noun is one
};
constexpr Example examples[] = {
    {"report", "aging", "--by customer --as-of 1998-05-06 --buckets 30,60,90"},
    {"report", "open-items", "--as-of 1998-05-06 --customer SAVEA"},
    {"report", "statement", "--customer ALFKI --from 1998-01-01 --until 1998-04-01"},
    {"report", "receivables", "--by month --from 1998-01-01 --as-of 1998-05-06"},
    {"report", "payment-behaviour", "--by country --as-of 1998-05-06"},
    {"report", "exposure-peak", "--by customer"},
    {"report", "sales", "--by product --from 1997-01-01 --until 1998-01-01"},
    {"report", "fulfilment", "--by ship-country"},
    {"report", "backlog", "--by customer --as-of 1998-05-06"},
    {"report", "orders", "--light red --limit 10 --as-of 1998-05-06"},
    {"report", "customer-value", "--from 1997-01-01 --until 1998-01-01 --output csv"},
    {"report", "kpi", "--by month --from 1998-01-01 --as-of 1998-05-06"},
    {"report", "trial-balance", "--from 1998-01-01 --until 1998-04-01"},
    {"report", "journal", "--account 1122 --customer ALFKI --from 1998-01-01"},
    {"report", "intercompany", ""},
    {"explain", "figure", "--by customer --value SAVEA --currency USD --column total_overdue --as-of 1998-05-06"},
    {"explain", "receivables", "--month 1998-01 --currency USD --column collected"},
    {"explain", "payment-behaviour", "--by customer --value ALFKI --currency USD --column late_invoices"},
    {"explain", "exposure-peak", "--value ALFKI --currency USD --column peak_open_balance"},
    {"explain", "sales", "--by customer --value ALFKI --currency USD --column net_revenue"},
    {"explain", "kpi", "--by month --value 1998-01 --currency USD --column receivables_end --as-of 1998-05-06"},
    {"explain", "fulfilment", "--by month --value 1998-01 --currency USD --column late_shipments"},
    {"explain", "backlog", "--currency USD --column open_net_value --as-of 1998-04-15"},
    {"explain", "customer-value", "--value ALFKI --currency USD --column order_value"},
    {"explain", "trial-balance", "--account 1122 --currency USD --column closing --as-of 1998-05-06"},
    {"explain", "event", "100"},
    {"explain", "decision", "100"},
    {"order", "show", "10248"},
    {"order", "list", "--customer ALFKI --status completed"},
    {"invoice", "show", "I-10249"},
    {"invoice", "list", "--customer ALFKI --limit 5"},
    {"payment", "show", "R-10249"},
    {"payment", "list", "--customer ALFKI"},
    {"quote", "show", "QU-1"},
    {"quote", "list", "--status expired"},
    {"customer", "show", "ALFKI --as-of 1998-05-06"},
    {"customer", "list", "--limit 10"},
    {"stock", "show", "11"},
    {"stock", "list", "--place main"},
    {"partner", "list", ""},
    {"mark", "list", ""},
    {"mark", "create", "\"board pack March\""},
    {"policy", "list", ""},
    {"policy", "show", "price_list/list"},
    {"policy", "check", "terms.json"},
    {"policy", "publish", "terms.json --dry-run"},
    {"event", "list", "--stream order/10248"},
    {"event", "refusals", "--limit 20"},
    {"event", "show", "100"},
    {"event", "tail", "--from-position 3400 --count 10"},
    {"command", "submit", "orders.jsonl"},
    {"import", "run", "--mapping connectors/import/mappings/ibm-receivables.toml receivables.csv"},
    {"projection", "status", ""},
    {"projection", "rebuild", ""},
    {"projection", "verify", ""},
    {"company", "list", ""},
    {"state", "root", ""},
    {"journal", "verify", ""},
    {"journal", "info", ""},
    {"journal", "export", "history.jsonl"},
    {"journal", "copy", "--data books --to books-4 --lanes 4"},
    {"journal", "copy", "--data books --to kafka --config o2c.toml"},
    {"journal", "copy", "--data books-kafka --config o2c.toml --to books-back"},
    {"topic", "create", "--journal kafka --config o2c.toml"},
    {"topic", "status", ""},
    {"topic", "verify", "--journal kafka --config o2c.toml"},
    {"bench", "o2c-1", "--cycles 20000 --no-socket"},
    {"serve", "", "--data ./books --lanes 2"},
    {"serve", "", "--data ./books --journal kafka --config o2c.toml"},
    {"doctor", "", "--data ./books"},
    {"version", "", ""},
    {"completion", "", "bash"},
};

}  // namespace

void add_help(CLI::App& app) {
  for (const auto& [name, about] : nouns) app.get_subcommand(name)->description(about);
  for (const Example& example : examples) {
    CLI::App* at = app.get_subcommand(example.noun);
    std::string line = std::string("  o2c ") + example.noun;
    if (*example.verb) {
      if (at->get_footer().empty()) at->footer("Each verb has a --help with an example of its own.");
      at = at->get_subcommand(example.verb), line += std::string(" ") + example.verb;
    }
    if (*example.arguments) line += std::string(" ") + example.arguments;
    const std::string before = at->get_footer();
    const bool goes_on = before.find("Example:") != std::string::npos;
    at->footer(before + (before.empty() ? "" : "\n") + (goes_on ? "" : "Example:\n") + line);
  }
  app.footer("Examples:\n  o2c report aging --by customer --data ./books\n  o2c customer show ALFKI --output json");
}

}  // namespace o2c
