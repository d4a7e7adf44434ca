#pragma once
#include <string>
#include <vector>

#include "engine/domain/company/company.hpp"

namespace o2c {

/// Recomputes the identities of the catalogue (section 3) from the rows of the state and names each one that does not hold, with its figures:
/// "I13 invoice INV-7: open 10.00, total 30.00 less applied 15.00". Empty: all of them hold.
///
/// I1, I2, I8   order lines: ordered, shipped, cancelled, open, reserved, invoiced (also against the invoices in force)
/// I2, I3, I4   stock by product and place
/// I12, I29     exposure of customers and credit groups, stored against recomputed: receivables, unapplied cash, orders, drafts
/// I13, I19     invoices: open, instalments;  I20, I23, I24: their totals
/// I15, I16     receipts, and each allocation on both of its sides
/// I37          legal numbers 1..n of the series INV and CN
///
/// cost  O(rows).  threads: pure.
std::vector<std::string> broken_identities(const CompanyState& state);

/// The same for the rows that one event names, after it was folded: enough to find a fold that went wrong where it went wrong. Sums over all
/// rows of a kind are left to broken_identities.
/// cost  O(lines of the documents named + open invoices of the customer).
std::vector<std::string> broken_identities_of(const CompanyState& state, const fb::Event& event);

}  // namespace o2c
