#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/domain/archive.hpp"

namespace o2c {

struct Attribute {
  std::string name, value;
  template <class A> friend void archive(A& a, Attribute& x) { a(x.name, x.value); }
};

struct Address {
  std::string name, street, city, region, postal_code, country;
  template <class A> friend void archive(A& a, Address& x) {
    a(x.name, x.street, x.city, x.region, x.postal_code, x.country);
  }
};

/// What a customer owes and is going to owe, in minor units of the customer's currency. Row 76 of the catalogue:
/// exposure = open receivables + confirmed and not yet invoiced, with tax − unapplied cash; each quantity once.
struct Exposure {
  std::int64_t receivables_minor = 0;  // open invoices − open credit notes
  std::int64_t orders_minor = 0;       // granted orders, the part that is not invoiced
  std::int64_t drafts_minor = 0;       // drafts and orders waiting for approval; count only where the policy says so
  std::int64_t unapplied_minor = 0;    // cash not matched yet
  template <class A> friend void archive(A& a, Exposure& x) {
    a(x.receivables_minor, x.orders_minor, x.drafts_minor, x.unapplied_minor);
  }
};

/// Who and where, frozen when the document was made (as was).
struct Dimensions {
  std::string customer;
  std::uint32_t customer_version = 0;
  std::string grade, seller, team, region, country;
  template <class A> friend void archive(A& a, Dimensions& x) {
    a(x.customer, x.customer_version, x.grade, x.seller, x.team, x.region, x.country);
  }
  bool operator==(const Dimensions&) const = default;
};

using SharedDimensions = std::shared_ptr<const Dimensions>;
using SharedAddresses = std::shared_ptr<const std::vector<Address>>;

/// A buyer with terms and credit. `version` counts the events of its stream.
struct Customer {
  std::string id;
  std::uint32_t version = 0;
  std::string name;
  Currency currency = Currency::XXX;
  std::string payment_terms, grade;
  std::optional<Money> credit_limit;  // absent: no limit
  std::string credit_group, seller, team, region, tax_id, payer;
  Address sold_to;
  std::optional<Address> bill_to;
  std::vector<Address> ship_to;
  std::vector<Attribute> attributes;
  Exposure exposure;
  /// What its documents take over as of this version, in memory once for all of them. Follows from the rest and is not stored.
  SharedDimensions dimensions;
  SharedAddresses delivery;  // where goods go to: ship_to, else sold_to
  void refresh_shared();
  template <class A> friend void archive(A& a, Customer& x) {
    a(x.id, x.version, x.name, x.currency, x.payment_terms, x.grade, x.credit_limit, x.credit_group, x.seller, x.team,
      x.region, x.tax_id, x.payer, x.sold_to, x.bill_to, x.ship_to, x.attributes, x.exposure);
    if constexpr (A::reading) x.refresh_shared();
  }
};

/// Customers that share one limit; exposure is the sum over the members.
struct CreditGroup {
  std::string id;
  std::uint32_t version = 0;
  Money credit_limit;
  Exposure exposure;
  template <class A> friend void archive(A& a, CreditGroup& x) { a(x.id, x.version, x.credit_limit, x.exposure); }
};

struct User {
  std::string id;
  std::uint32_t version = 0;
  std::string name;
  std::vector<std::string> roles;
  std::optional<Money> approval_limit;
  template <class A> friend void archive(A& a, User& x) { a(x.id, x.version, x.name, x.roles, x.approval_limit); }
};

}  // namespace o2c
