#pragma once
#include "engine/domain/decision.hpp"

namespace o2c {

/// Checks a policy as a whole before it is published. `place` is the JSON pointer of the policy ("/policy/tax_rules"); a refusal names the row.
///
/// errors  policy_tie: two rows would apply equally. policy_gap: something is left without a row. policy_unreachable: a row can never
///         apply. invalid_value and the unknown and currency codes: a row by itself is wrong.
Verdict check_policy(const CompanyState& state, const PriceList& list, const std::string& place);
Verdict check_policy(const CompanyState& state, const PaymentTerms& terms, const std::string& place);
Verdict check_policy(const CompanyState& state, const TaxRules& rules, const std::string& place);
Verdict check_policy(const CompanyState& state, const CreditRules& rules, const std::string& place);
Verdict check_policy(const CompanyState& state, const StockRules& rules, const std::string& place);
Verdict check_policy(const CompanyState& state, const DiscountRules& rules, const std::string& place);
Verdict check_policy(const CompanyState& state, const ApprovalRules& rules, const std::string& place);
Verdict check_policy(const CompanyState& state, const InvoiceRules& rules, const std::string& place);
Verdict check_policy(const CompanyState& state, const RatingRules& rules, const std::string& place);

/// Whether a list that is about to be published as `name` from `effective_from` on would meet another list of the same party and currency on
/// the same terms: product, unit, break and the day from which both prices are in force (row 5).
/// errors  policy_tie, naming both rows.
Verdict check_ties(const CompanyState& state, std::string_view name, Date effective_from, const PriceList& list,
                   const std::string& place);

}  // namespace o2c
