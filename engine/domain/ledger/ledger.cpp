#include "engine/domain/ledger/ledger.hpp"

#include <array>

#include <fmt/format.h>

#include "events/base/flat.hpp"

namespace o2c {
namespace {

constexpr std::array accounts = {
    AccountInfo{Account::bank, AccountClass::asset, "1002", "Bank", "银行存款", false},
    AccountInfo{Account::receivables, AccountClass::asset, "1122", "Accounts receivable", "应收账款", true},
    AccountInfo{Account::purchased_goods, AccountClass::asset, "1405", "Goods from group companies",
                "库存商品（集团采购）", false},
    AccountInfo{Account::goods_in_transit, AccountClass::asset, "1406", "Goods on the way to group companies",
                "发出商品（集团在途）", false},
    AccountInfo{Account::group_payables, AccountClass::liability, "2202", "Due to group companies, goods received",
                "应付账款（集团，已收货）", false},
    AccountInfo{Account::customer_advances, AccountClass::liability, "2203", "Customer advances", "预收账款", true},
    AccountInfo{Account::output_tax, AccountClass::liability, "2221.01", "Output tax", "应交增值税（销项税额）", false},
    AccountInfo{Account::group_clearing, AccountClass::liability, "3001", "Group clearing, goods on the way",
                "集团往来清算（在途）", false},
    AccountInfo{Account::revenue, AccountClass::revenue, "6001", "Revenue", "主营业务收入", false},
    AccountInfo{Account::other_revenue, AccountClass::revenue, "6051", "Other revenue (freight)",
                "其他业务收入（运费）", false},
};

/// Adds a posting; a negative debit is a credit, zero is nothing.
void post(JournalEntry& entry, Account account, std::int64_t debit_minor) {
  if (debit_minor > 0) entry.postings.push_back({account, debit_minor, 0});
  if (debit_minor < 0) entry.postings.push_back({account, 0, -debit_minor});
}

void about(JournalEntry& entry, const fb::Dimensions* dimensions, Currency currency,
           const flatbuffers::String* document, const flatbuffers::String* counterpart) {
  entry.customer = view(dimensions->customer());
  entry.currency = currency;
  entry.document = view(document);
  entry.counterpart = view(counterpart);
}

/// Receivables against revenue, freight and tax; sign −1: the mirror. Net includes freight (BT-109).
template <class Body> void post_sale(JournalEntry& entry, const Body& body, std::int64_t sign) {
  post(entry, Account::receivables, sign * body.total_with_tax_minor());
  post(entry, Account::revenue, -sign * (body.total_without_tax_minor() - body.freight_minor()));
  post(entry, Account::other_revenue, -sign * body.freight_minor());
  post(entry, Account::output_tax, -sign * body.tax_minor());
}

void transfer(JournalEntry& entry, Account debit, Account credit, std::int64_t amount_minor) {
  post(entry, debit, amount_minor);
  post(entry, credit, -amount_minor);
}

void read(JournalEntry& entry, const fb::InvoiceIssued& body) {
  about(entry, body.dimensions(), body.currency(), body.invoice(), nullptr);
  post_sale(entry, body, 1);
}
void read(JournalEntry& entry, const fb::InvoiceReversed& body) {
  about(entry, body.dimensions(), body.currency(), body.credit_note(), body.invoice());
  post_sale(entry, body, -1);
}
void read(JournalEntry& entry, const fb::ReceiptRecorded& body) {
  about(entry, body.dimensions(), body.amount()->currency(), body.receipt(), nullptr);
  transfer(entry, Account::bank, Account::customer_advances, body.amount()->amount_minor());
}
void read(JournalEntry& entry, const fb::CashApplied& body) {
  about(entry, body.dimensions(), body.amount()->currency(), body.receipt(), body.invoice());
  transfer(entry, Account::customer_advances, Account::receivables, body.amount()->amount_minor());
}
void read(JournalEntry& entry, const fb::CashUnapplied& body) {
  about(entry, body.dimensions(), body.amount()->currency(), body.receipt(), body.invoice());
  transfer(entry, Account::receivables, Account::customer_advances, body.amount()->amount_minor());
}
void read(JournalEntry& entry, const fb::ReceiptReturned& body) {
  about(entry, body.dimensions(), body.amount()->currency(), body.receipt(), nullptr);
  transfer(entry, Account::customer_advances, Account::bank, body.amount()->amount_minor());
}
void read(JournalEntry& entry, const fb::ReceiptRefunded& body) {
  about(entry, body.dimensions(), body.amount()->currency(), body.receipt(), nullptr);
  transfer(entry, Account::customer_advances, Account::bank, body.amount()->amount_minor());
}

/// Goods on the way to or from another company of the instance. At the value of the sale, without tax.
void about_goods(JournalEntry& entry, Currency currency, const flatbuffers::String* shipment,
                 const flatbuffers::String* company) {
  entry.currency = currency;
  entry.document = view(shipment);
  entry.counterpart = view(company);
}
void read(JournalEntry& entry, const fb::MessageSent& body) {
  const fb::GoodsSent* goods = body.body_as_GoodsSent();
  if (!goods) return;
  about_goods(entry, goods->currency(), goods->shipment(), body.to());
  std::int64_t net_minor = 0;
  for (const fb::GoodsLine* line : *goods->lines()) net_minor += line->net_minor();
  transfer(entry, Account::goods_in_transit, Account::group_clearing, net_minor);
}
void read(JournalEntry& entry, const fb::GoodsArrived& body) {
  about_goods(entry, body.currency(), body.shipment(), body.at());
  transfer(entry, Account::group_clearing, Account::goods_in_transit, body.net_minor());
}
void read(JournalEntry& entry, const fb::GoodsReturned& body) {
  about_goods(entry, body.currency(), body.shipment(), body.by());
  transfer(entry, Account::group_clearing, Account::goods_in_transit, body.net_minor());
}
void read(JournalEntry& entry, const fb::PurchaseReceived& body) {
  about_goods(entry, body.currency(), body.shipment(), body.from());
  transfer(entry, Account::purchased_goods, Account::group_payables, body.net_minor());
}

}  // namespace

std::span<const AccountInfo> chart_of_accounts() { return accounts; }

const AccountInfo& account_info(Account account) { return accounts[static_cast<std::size_t>(account)]; }

const AccountInfo* find_account(std::string_view code) {
  for (const AccountInfo& info : accounts)
    if (info.code == code) return &info;
  return nullptr;
}

std::string JournalEntry::text(Language language) const {
  const bool zh = language == Language::zh;
  switch (event) {
    case fb::EventBody::InvoiceIssued: return fmt::format(fmt::runtime(zh ? "发票 {}" : "Invoice {}"), document);
    case fb::EventBody::InvoiceReversed:
      return fmt::format(fmt::runtime(zh ? "贷项通知单 {}，冲销发票 {}" : "Credit note {} for invoice {}"), document,
                         counterpart);
    case fb::EventBody::ReceiptRecorded: return fmt::format(fmt::runtime(zh ? "收款 {}" : "Receipt {}"), document);
    case fb::EventBody::CashApplied:
      return fmt::format(fmt::runtime(zh ? "收款 {} 核销发票 {}" : "Receipt {} applied to invoice {}"), document,
                         counterpart);
    case fb::EventBody::CashUnapplied:
      return fmt::format(fmt::runtime(zh ? "收款 {} 取消核销发票 {}" : "Receipt {} taken back from invoice {}"),
                         document, counterpart);
    case fb::EventBody::ReceiptReturned:
      return fmt::format(fmt::runtime(zh ? "收款 {} 被退回" : "Receipt {} returned by the bank"), document);
    case fb::EventBody::ReceiptRefunded:
      return fmt::format(fmt::runtime(zh ? "收款 {} 退款" : "Refund of receipt {}"), document);
    case fb::EventBody::MessageSent:
      return fmt::format(fmt::runtime(zh ? "发货 {} 在途，发往公司 {}" : "Shipment {} on its way to company {}"),
                         document, counterpart);
    case fb::EventBody::GoodsArrived:
      return fmt::format(fmt::runtime(zh ? "发货 {} 已到公司 {}" : "Shipment {} arrived at company {}"), document,
                         counterpart);
    case fb::EventBody::GoodsReturned:
      return fmt::format(fmt::runtime(zh ? "发货 {} 被公司 {} 退回" : "Shipment {} not taken by company {}"), document,
                         counterpart);
    case fb::EventBody::PurchaseReceived:
      return fmt::format(fmt::runtime(zh ? "收到公司 {1} 的发货 {0}" : "Shipment {} received from company {}"),
                         document, counterpart);
    default: break;
  }
  O2C_ASSERT(!"every entry has its text");
  return {};
}

std::optional<JournalEntry> postings_of(const fb::Event& event) {
  JournalEntry entry;
  switch (event.body_type()) {
    // clang-format off
#define O2C_CASE(Name) case fb::EventBody::Name: read(entry, *event.body_as_##Name()); break;
    O2C_CASE(InvoiceIssued) O2C_CASE(InvoiceReversed) O2C_CASE(ReceiptRecorded) O2C_CASE(CashApplied)
    O2C_CASE(CashUnapplied) O2C_CASE(ReceiptReturned) O2C_CASE(ReceiptRefunded)
    O2C_CASE(MessageSent) O2C_CASE(GoodsArrived) O2C_CASE(GoodsReturned) O2C_CASE(PurchaseReceived)
#undef O2C_CASE
        // clang-format on
        default : return std::nullopt;
  }
  if (entry.postings.empty()) return std::nullopt;
  entry.event = event.body_type();
  entry.occurred_on = from_fb(*event.occurred_on());
  entry.posted_on = from_fb(*event.posted_on());
  return entry;
}

}  // namespace o2c
