#pragma once
#include <optional>

#include "engine/domain/company/company.hpp"
#include "tools/host/instance.hpp"
#include "tools/host/queries.hpp"

namespace o2c {

/// What a question is answered from: read models standing still, the company, the date and position, and the other parameters.
struct QueryContext {
  Instance& instance;
  const ReadModels& models;
  const CompanyModels& company;
  std::string company_id;
  View view;  // as_of and known resolved; default: the company's day today and head
  const Parameters& parameters;

  std::string_view text(std::string_view name, std::string_view otherwise = {}) const;
  bool has(std::string_view name) const { return parameters.contains(name); }
  /// errors  invalid_input naming the parameter.
  Result<Date> date(std::string_view name, Date otherwise) const;
  /// --currency, which names a row of a report.  errors  invalid_input: absent, or no ISO 4217 code.
  Result<Currency> currency() const;
  /// --from and --until.
  Result<Period> period() const;
  Result<std::int64_t> integer(std::string_view name, std::int64_t otherwise) const;
  /// The word if it is one of `allowed`, else invalid_input with the nearest.
  Result<std::string> choice(std::string_view name, std::string_view otherwise,
                             const std::vector<std::string>& allowed) const;
  /// f sees the company's aggregates as of view.known: the live ones at head, else a fold of the journal up to there.
  Result<void> with_state(const std::function<void(const CompanyState&)>& f) const;
};

using QueryFunction = Result<std::vector<Report>> (*)(const QueryContext&);
struct QueryEntry {
  QueryHelp help;
  QueryFunction run;
};

// One file for each group of questions.
void add_receivables_queries(std::vector<QueryEntry>& queries);
void add_sales_queries(std::vector<QueryEntry>& queries);
void add_ledger_queries(std::vector<QueryEntry>& queries);
void add_document_queries(std::vector<QueryEntry>& queries);
void add_event_queries(std::vector<QueryEntry>& queries);

// Parameters of several questions.
inline const ParameterHelp help_known{"known", "knowledge up to this entry number, instant or mark (default: head)"},
    help_from{"from", "first day (default: of the books)"}, help_until{"until", "first day that does not count"},
    help_customer{"customer", "only of this customer"};

/// What is said when a company has to be named, or when there is none.
Error which_company(const std::vector<std::string>& ids);

/// Questions about the instance, not about a company: "journal info", "state root", …; nothing when `name` is none of them.
std::optional<Result<std::vector<Report>>> run_instance_query(Instance& instance, std::string_view name);

/// A parameter that takes one of these words; its help says which. attributes: or the name of an attribute of the documents.
ParameterHelp one_of(std::string name, std::string help, std::vector<std::string> choices, bool attributes = false);
/// Whether every parameter says what it may.
/// errors  invalid_input: none of the words; not_found: a name that the books do not know. Both name the parameter and its value.
Result<void> check_parameters(const QueryContext& q, const QueryHelp& query);

/// Parameters that every report takes.
std::vector<ParameterHelp> with_view(std::vector<ParameterHelp> own);

}  // namespace o2c
