#include "engine/domain/decide.hpp"
#include "engine/domain/payment/allocation.hpp"
#include "engine/domain/pricing/pricing.hpp"

namespace o2c {
namespace {

/// Where the money stands, in a word for the caller.
std::string_view status_of(std::int64_t amount_minor, std::int64_t unapplied_minor) {
  return unapplied_minor == 0 ? "applied" : unapplied_minor == amount_minor ? "unapplied" : "partly_applied";
}

/// InvoiceRules.receipt_needs_invoice: a receipt pays exactly one open invoice, exactly.
Verdict check_exact(const CompanyState& state, const Customer& customer, const fb::RecordReceipt& command) {
  const auto* applications = command.applications();
  if (!applications || applications->size() == 0)
    return refuse(Refusal::invoice_unknown, "/applications", "the rules want an invoice named");
  if (applications->size() > 1)
    return refuse(Refusal::line_count, "/applications", "the rules want exactly one invoice named");
  const fb::Application& application = *applications->Get(0);
  const Invoice* invoice = state.invoices.find(view(application.invoice()));
  if (!invoice || invoice->customer != customer.id)
    return refuse(Refusal::invoice_unknown, "/applications/0/invoice", text(application.invoice()));
  if (invoice->open_minor == 0) return refuse(Refusal::invoice_settled, "/applications/0/invoice", invoice->id);
  const Money open{invoice->open_minor, invoice->currency}, amount = Money::from(*command.amount());
  if (amount != open)
    return refuse(Refusal::payment_not_exact, "/amount",
                  fmt::format("{}, open are {}", format_money(amount), format_money(open)));
  if (application.amount() && Money::from(*application.amount()) != open) {
    return refuse(Refusal::payment_not_exact, "/applications/0/amount", fmt::format("open are {}", format_money(open)));
  }
  return accept();
}

/// Unapplied cash is a sum of 64 bits, of the customer and of the group.
Verdict check_unapplied(const CompanyState& state, const Customer& customer, std::int64_t amount_minor) {
  const CreditGroup* group = customer.credit_group.empty() ? nullptr : state.credit_groups.find(customer.credit_group);
  if (!checked_add(customer.exposure.unapplied_minor, amount_minor) ||
      (group && !checked_add(group->exposure.unapplied_minor, amount_minor))) {
    return refuse(Refusal::number_range, "/amount", "unapplied cash of the customer");
  }
  return accept();
}

/// Cash that is taken back opens what it paid and is unapplied again, for a moment at least: both sums have to hold it.
Verdict check_reopening(const CompanyState& state, std::string_view customer, std::int64_t amount_minor) {
  const Customer& c = *state.customers.find(customer);
  const CreditGroup* group = c.credit_group.empty() ? nullptr : state.credit_groups.find(c.credit_group);
  const auto fits = [&](const Exposure& e) {
    return checked_add(e.unapplied_minor, amount_minor) && checked_add(e.receivables_minor, amount_minor);
  };
  if (fits(c.exposure) && (!group || fits(group->exposure))) return accept();
  return refuse(Refusal::number_range, "/receipt", "receivables and unapplied cash of the customer");
}

void add_recorded(const fb::RecordReceipt& command, std::string_view id, const Dimensions& dimensions, Day day,
                  Decision& decision) {
  flatbuffers::FlatBufferBuilder& b = decision.b;
  const auto receipt = b.CreateString(id.data(), id.size());
  const auto customer = b.CreateString(dimensions.customer);
  const auto reference = put(b, view(command.bank_reference()));
  const auto attributes = command.attributes() ? attributes_to(b, attributes_from(command.attributes())) : 0;
  const auto body = fb::CreateReceiptRecorded(b, receipt, customer, command.amount(), reference, attributes,
                                              dimensions_to(b, dimensions));
  decision.add(fb::StreamType::receipt, id, 0, day.occurred_on, day.posted_on, body);
}

/// The part of ReceiptReturned and ReceiptRefunded that is the same.
struct CashOut {
  flatbuffers::Offset<flatbuffers::String> receipt, reason;
  flatbuffers::Offset<fb::Dimensions> dimensions;
  fb::Money amount;
  fb::Date received_on;
};
CashOut cash_out(const Receipt& receipt, std::int64_t amount_minor, std::string_view reason,
                 flatbuffers::FlatBufferBuilder& b) {
  return {b.CreateString(receipt.id), put(b, reason), dimensions_to(b, *receipt.dimensions),
          fb::Money{amount_minor, receipt.amount.currency}, to_fb(receipt.received_on)};
}

}  // namespace

Verdict decide(const CompanyState& state, const Context& context, const fb::RecordReceipt& command,
               Decision& decision) {
  const Money amount = Money::from(*command.amount());
  if (!amount.is_positive())
    return refuse(Refusal::invalid_value, "/amount", format_money(amount) + " is not above zero");
  const Customer* customer = state.customers.find(view(command.customer()));
  if (!customer) return refuse(Refusal::customer_unknown, "/customer", text(command.customer()));
  if (amount.currency != customer->currency)
    return refuse(Refusal::currency_mismatch, "/amount",
                  fmt::format("the customer's is {}", currency_code(customer->currency)));
  std::string id;
  if (Verdict v = new_id(state, command.receipt(), "RC", "/receipt", id); !v) return v;
  if (state.receipts.contains(id)) return refuse(Refusal::receipt_exists, "/receipt", id);
  Day day;
  if (Verdict v = day_of(state, context, command.occurred_on(), std::nullopt, day); !v) return v;
  if (command.applications() && command.applications()->size() == 0)
    return refuse(Refusal::line_count, "/applications", "an empty list applies nothing: leave it out");
  if (command.mode() == fb::AllocationMode::none && command.applications() && command.applications()->size() > 0) {
    return refuse(Refusal::invalid_value, "/applications", "mode none applies nothing");
  }
  if (rules_on(state.policies.invoice_rules, day.occurred_on).receipt_needs_invoice) {
    if (Verdict v = check_exact(state, *customer, command); !v) return v;
  }
  if (Verdict v = check_unapplied(state, *customer, amount.amount_minor); !v) return v;

  Allocation allocation(state, *customer, amount.currency, amount.amount_minor);
  if (command.applications()) {
    if (Verdict v = allocation.name(*command.applications()); !v) return v;
  }
  if (command.mode() == fb::AllocationMode::oldest_first) allocation.spread_oldest_first(day.occurred_on);
  const Dimensions& dimensions = *customer->dimensions;
  add_recorded(command, id, dimensions, day, decision);
  add_applied(state, {id, 0, &dimensions, day.occurred_on, day.occurred_on}, day.occurred_on, allocation, decision);
  decision.answer(fb::StreamType::receipt, id, status_of(amount.amount_minor, allocation.rest_minor()));
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::ApplyCash& command, Decision& decision) {
  const Receipt* receipt = state.receipts.find(view(command.receipt()));
  if (!receipt) return refuse(Refusal::receipt_unknown, "/receipt", text(command.receipt()));
  const bool names = command.applications() && command.applications()->size() > 0;
  if (command.mode() == fb::AllocationMode::none)
    return refuse(Refusal::invalid_value, "/mode", "mode none applies nothing");
  if (command.mode() == fb::AllocationMode::named && !names)
    return refuse(Refusal::line_count, "/applications", "no invoice is named");
  if (receipt->unapplied_minor == 0)
    return refuse(Refusal::nothing_to_apply, "/receipt", fmt::format("nothing of {} is unapplied", receipt->id));

  Allocation allocation(state, *state.customers.find(receipt->customer), receipt->amount.currency,
                        receipt->unapplied_minor);
  if (names) {
    if (Verdict v = allocation.name(*command.applications()); !v) return v;
  }
  const Date earliest = std::max(allocation.earliest().value_or(receipt->reopened_on), receipt->reopened_on);
  Day day;
  if (Verdict v = day_of(state, context, command.occurred_on(), earliest, day); !v) return v;
  if (command.mode() == fb::AllocationMode::oldest_first) allocation.spread_oldest_first(day.occurred_on);
  if (allocation.parts().empty())
    return refuse(Refusal::nothing_to_apply, "/receipt",
                  fmt::format("nothing of customer {} is open on {}", receipt->customer, format_date(day.occurred_on)));
  add_applied(state,
              {receipt->id, receipt->version, receipt->dimensions.get(), receipt->received_on, receipt->reopened_on},
              day.occurred_on, allocation, decision);
  decision.answer(fb::StreamType::receipt, receipt->id,
                  status_of(receipt->amount.amount_minor, allocation.rest_minor()));
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::UnapplyCash& command, Decision& decision) {
  const std::optional<Money> wanted = command.amount() ? std::optional{Money::from(*command.amount())} : std::nullopt;
  if (wanted && !wanted->is_positive())
    return refuse(Refusal::invalid_value, "/amount", format_money(*wanted) + " is not above zero");
  const Invoice* invoice = state.invoices.find(view(command.invoice()));
  if (!invoice) return refuse(Refusal::invoice_unknown, "/invoice", text(command.invoice()));
  const Receipt* receipt = state.receipts.find(view(command.receipt()));
  if (!receipt) return refuse(Refusal::receipt_unknown, "/receipt", text(command.receipt()));
  if (wanted && wanted->currency != receipt->amount.currency) {
    return refuse(Refusal::currency_mismatch, "/amount",
                  fmt::format("the receipt is in {}", currency_code(receipt->amount.currency)));
  }
  const CashOnInvoice* cash = cash_of(*invoice, receipt->id);
  if (!cash || cash->amount_minor == 0)
    return refuse(Refusal::nothing_to_do, "/invoice",
                  fmt::format("nothing of {} is applied to {}", receipt->id, invoice->id));
  Day day;
  if (Verdict v = day_of(state, context, command.occurred_on(), cash->last_on, day); !v) return v;
  const std::int64_t amount = wanted ? wanted->amount_minor : cash->amount_minor;
  if (amount > cash->amount_minor) {
    return refuse(Refusal::exceeds_amount_due, "/amount",
                  fmt::format("{}, applied are {}", format_money(*wanted),
                              format_money({cash->amount_minor, invoice->currency})));
  }
  if (Verdict v = check_reopening(state, receipt->customer, amount); !v) return v;
  add_unapplied(*receipt, *invoice, amount, view(command.reason()), day, decision);
  decision.answer(fb::StreamType::receipt, receipt->id,
                  status_of(receipt->amount.amount_minor, receipt->unapplied_minor + amount));
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::ReturnReceipt& command,
               Decision& decision) {
  const std::string_view reason = view(command.reason());
  if (reason.empty()) return refuse(Refusal::invalid_value, "/reason", "a return needs a reason");
  const Receipt* receipt = state.receipts.find(view(command.receipt()));
  if (!receipt) return refuse(Refusal::receipt_unknown, "/receipt", text(command.receipt()));
  if (receipt->returned())
    return refuse(Refusal::already_done, "/receipt", fmt::format("{} went back before", receipt->id));
  Day day;
  if (Verdict v = day_of(state, context, command.occurred_on(), receipt->last_on, day); !v) return v;
  const std::int64_t amount = receipt->amount.amount_minor - receipt->refunded_minor;
  if (amount == 0) return refuse(Refusal::nothing_to_do, "/receipt", fmt::format("all of {} is refunded", receipt->id));
  std::int64_t applied = 0;
  for (const CashFromReceipt& cash : receipt->applied) applied += cash.amount_minor;
  if (Verdict v = check_reopening(state, receipt->customer, applied); !v) return v;
  for (const CashFromReceipt& cash : receipt->applied) {
    if (cash.amount_minor > 0)
      add_unapplied(*receipt, *state.invoices.find(cash.invoice), cash.amount_minor, reason, day, decision);
  }
  CashOut out = cash_out(*receipt, amount, reason, decision.b);
  decision.add(
      fb::StreamType::receipt, receipt->id, receipt->version, day.occurred_on, day.posted_on,
      fb::CreateReceiptReturned(decision.b, out.receipt, &out.amount, out.reason, out.dimensions, &out.received_on));
  decision.answer(fb::StreamType::receipt, receipt->id, "returned");
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::RefundReceipt& command,
               Decision& decision) {
  const std::optional<Money> wanted = command.amount() ? std::optional{Money::from(*command.amount())} : std::nullopt;
  if (wanted && !wanted->is_positive())
    return refuse(Refusal::invalid_value, "/amount", format_money(*wanted) + " is not above zero");
  const Receipt* receipt = state.receipts.find(view(command.receipt()));
  if (!receipt) return refuse(Refusal::receipt_unknown, "/receipt", text(command.receipt()));
  if (wanted && wanted->currency != receipt->amount.currency) {
    return refuse(Refusal::currency_mismatch, "/amount",
                  fmt::format("the receipt is in {}", currency_code(receipt->amount.currency)));
  }
  Day day;
  if (Verdict v = day_of(state, context, command.occurred_on(), receipt->reopened_on, day); !v) return v;
  const Money unapplied{receipt->unapplied_minor, receipt->amount.currency};
  const Money amount = wanted.value_or(unapplied);
  if (unapplied.amount_minor == 0 || amount.amount_minor > unapplied.amount_minor) {
    return refuse(Refusal::exceeds_unapplied, "/amount",
                  fmt::format("{}, unapplied are {}", format_money(amount), format_money(unapplied)));
  }
  CashOut out = cash_out(*receipt, amount.amount_minor, view(command.reason()), decision.b);
  decision.add(
      fb::StreamType::receipt, receipt->id, receipt->version, day.occurred_on, day.posted_on,
      fb::CreateReceiptRefunded(decision.b, out.receipt, &out.amount, out.reason, out.dimensions, &out.received_on));
  decision.answer(fb::StreamType::receipt, receipt->id, amount == unapplied ? "refunded" : "partly_refunded");
  return accept();
}

}  // namespace o2c
