#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/money.hpp"
#include "events/base/refusal.hpp"

namespace o2c {

/// The accounts that order to cash moves, numbered after the Chinese accounting standards for enterprises.
enum class Account : std::uint8_t {
  bank,
  receivables,
  purchased_goods,
  goods_in_transit,
  group_payables,
  customer_advances,
  output_tax,
  group_clearing,
  revenue,
  other_revenue
};
enum class AccountClass : std::uint8_t { asset, liability, revenue };

struct AccountInfo {
  Account account;
  AccountClass account_class;
  std::string_view code, name_en, name_zh;
  /// Whether the balance of the account is kept by customer (a control account with a sub-ledger).
  bool by_customer;
  std::string_view name(Language language) const { return language == Language::zh ? name_zh : name_en; }
};
/// In order of their codes.
std::span<const AccountInfo> chart_of_accounts();
const AccountInfo& account_info(Account account);
/// By code, "2221.01"; null: no such account.
const AccountInfo* find_account(std::string_view code);

/// One side of an entry; exactly one of the two amounts is above zero.
struct Posting {
  Account account;
  std::int64_t debit_minor = 0, credit_minor = 0;
  std::int64_t balance_minor() const { return debit_minor - credit_minor; }
};

/// A balanced set of postings: what one event means in double entry. I11: Σ debit = Σ credit, all in one currency.
/// Views last as long as the event.
struct JournalEntry {
  Date occurred_on, posted_on;
  std::string_view customer;     // of every posting: also the sub-ledger's key
  std::string_view document;     // invoice, credit note or receipt
  std::string_view counterpart;  // the invoice that cash is applied to or that a credit note undoes; may be empty
  Currency currency = Currency::XXX;
  std::vector<Posting> postings;
  /// "Invoice INV-7", "Receipt RC-3 applied to invoice INV-7".
  std::string text(Language language) const;
  fb::EventBody event = fb::EventBody::NONE;
};

/// The entry that an event makes, or nothing when it moves no account (an order, an invoice of zero). A pure function of the event alone,
/// so any reader of the journal comes to the same books.
///
///   InvoiceIssued      receivables               to  revenue, other revenue (freight), output tax
///   InvoiceReversed    the mirror of it, on its own date
///   ReceiptRecorded    bank                      to  customer advances
///   CashApplied        customer advances         to  receivables
///   CashUnapplied      receivables               to  customer advances
///   ReceiptReturned    customer advances         to  bank
///   ReceiptRefunded    customer advances         to  bank
///   MessageSent        goods on the way          to  group clearing, when it tells of goods; at their value without tax
///   GoodsArrived, GoodsReturned  the mirror of it
///   PurchaseReceived   goods from group companies to due to group companies
///
/// Cash passes through customer advances even when it is applied at once: the two control accounts are then reconciled each by itself (I12).
/// cost  O(1), allocates only the postings.  threads: pure.
std::optional<JournalEntry> postings_of(const fb::Event& event);

}  // namespace o2c
