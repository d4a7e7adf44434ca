#include "engine/domain/decide.hpp"
#include "engine/domain/order/credit_check.hpp"
#include "engine/domain/pricing/pricing.hpp"

namespace o2c {
namespace {

std::string_view name_of(QuoteStatus status) {
  switch (status) {
    case QuoteStatus::draft: return "draft";
    case QuoteStatus::sent: return "sent";
    case QuoteStatus::accepted: return "accepted";
    case QuoteStatus::lost: return "lost";
  }
  return "";
}

Verdict wrong_status(const Quote& quote, QuoteStatus wanted) {
  return refuse(quote.status == wanted ? Refusal::already_done : Refusal::illegal_transition, "/quote",
                fmt::format("{} is {}", quote.id, name_of(quote.status)));
}

bool is_open(const Quote& quote) { return quote.status == QuoteStatus::draft || quote.status == QuoteStatus::sent; }

Verdict check_validity(const fb::Date* valid_until, Date occurred_on) {
  if (!valid_until) return accept();
  const Date until = from_fb(*valid_until);
  if (lies_ahead(until, occurred_on)) return accept();
  return refuse(Refusal::date_range, "/valid_until",
                fmt::format("{}, the quote is of {}", format_date(until), format_date(occurred_on)));
}

Verdict check_not_expired(const Quote& quote, Date occurred_on) {
  if (!quote.valid_until || occurred_on <= *quote.valid_until) return accept();
  return refuse(Refusal::quote_expired, "/occurred_on",
                fmt::format("valid until {}, now {}", format_date(*quote.valid_until), format_date(occurred_on)));
}

}  // namespace

Verdict decide(const CompanyState& state, const Context& context, const fb::CreateQuote& command, Decision& decision) {
  std::string id;
  if (auto v = new_id(state, command.quote(), "QU", "/quote", id); !v) return v;
  if (state.quotes.contains(id)) return refuse(Refusal::quote_exists, "/quote", id);
  Day day;
  if (auto v = day_of(state, context, command.occurred_on(), std::nullopt, day); !v) return v;
  if (auto v = check_validity(command.valid_until(), day.occurred_on); !v) return v;
  Document document;
  if (auto v = price_document(state, context, day.occurred_on, *command.document(), document); !v) return v;
  auto& b = decision.b;
  const auto data = document_to(b, document);
  decision.add(fb::StreamType::quote, id, 0, day.occurred_on, day.posted_on,
               fb::CreateQuoteCreated(b, b.CreateString(id), data, command.valid_until(), command.send()));
  decision.answer(fb::StreamType::quote, id, command.send() ? "sent" : "draft");
  return accept();
}

// A revision is a draft until it is sent: a customer can only accept what it has seen.
Verdict decide(const CompanyState& state, const Context& context, const fb::ReviseQuote& command, Decision& decision) {
  const Quote* quote = state.quotes.find(view(command.quote()));
  if (!quote) return refuse(Refusal::quote_unknown, "/quote", text(command.quote()));
  if (!is_open(*quote))
    return refuse(Refusal::illegal_transition, "/quote", fmt::format("{} is {}", quote->id, name_of(quote->status)));
  if (view(command.document()->customer()) != quote->document->dimensions->customer) {
    return refuse(Refusal::invalid_value, "/document/customer",
                  fmt::format("the quote is for {}", quote->document->dimensions->customer));
  }
  Day day;
  if (auto v = day_of(state, context, command.occurred_on(), quote->last_on, day); !v) return v;
  if (auto v = check_validity(command.valid_until(), day.occurred_on); !v) return v;
  Document document;
  if (auto v = price_document(state, context, day.occurred_on, *command.document(), document); !v) return v;
  auto& b = decision.b;
  const auto data = document_to(b, document);
  decision.add(fb::StreamType::quote, quote->id, quote->version, day.occurred_on, day.posted_on,
               fb::CreateQuoteRevised(b, b.CreateString(quote->id), data, command.valid_until(), quote->revision + 1));
  decision.answer(fb::StreamType::quote, quote->id, "draft");
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::SendQuote& command, Decision& decision) {
  const Quote* quote = state.quotes.find(view(command.quote()));
  if (!quote) return refuse(Refusal::quote_unknown, "/quote", text(command.quote()));
  if (quote->status != QuoteStatus::draft) return wrong_status(*quote, QuoteStatus::sent);
  Day day;
  if (auto v = day_of(state, context, command.occurred_on(), quote->last_on, day); !v) return v;
  if (auto v = check_not_expired(*quote, day.occurred_on); !v) return v;
  decision.add(fb::StreamType::quote, quote->id, quote->version, day.occurred_on, day.posted_on,
               fb::CreateQuoteSent(decision.b, decision.b.CreateString(quote->id)));
  decision.answer(fb::StreamType::quote, quote->id, "sent");
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::AcceptQuote& command, Decision& decision) {
  const Quote* quote = state.quotes.find(view(command.quote()));
  if (!quote) return refuse(Refusal::quote_unknown, "/quote", text(command.quote()));
  if (quote->status != QuoteStatus::sent) return wrong_status(*quote, QuoteStatus::accepted);
  std::string order;
  if (auto v = new_id(state, command.order(), "SO", "/order", order); !v) return v;
  if (state.orders.contains(order)) return refuse(Refusal::order_exists, "/order", order);
  Day day;
  if (auto v = day_of(state, context, command.occurred_on(), quote->last_on, day); !v) return v;
  if (auto v = check_not_expired(*quote, day.occurred_on); !v) return v;
  if (auto v = check_exposure_range(state, quote->document->dimensions->customer, quote->document->total_minor()); !v)
    return v;
  auto& b = decision.b;
  const auto quote_id = b.CreateString(quote->id), order_id = b.CreateString(order);
  decision.add(fb::StreamType::quote, quote->id, quote->version, day.occurred_on, day.posted_on,
               fb::CreateQuoteAccepted(b, quote_id, order_id));
  const auto data = document_to(b, *quote->document);
  decision.add(fb::StreamType::order, order, 0, day.occurred_on, day.posted_on,
               fb::CreateOrderCreated(b, order_id, data, quote_id));
  decision.answer(fb::StreamType::order, order, "draft");
  return accept();
}

Verdict decide(const CompanyState& state, const Context& context, const fb::LoseQuote& command, Decision& decision) {
  const Quote* quote = state.quotes.find(view(command.quote()));
  if (!quote) return refuse(Refusal::quote_unknown, "/quote", text(command.quote()));
  if (!is_open(*quote)) return wrong_status(*quote, QuoteStatus::lost);
  if (view(command.reason()).empty()) return refuse(Refusal::invalid_value, "/reason", "a lost quote has a reason");
  Day day;
  if (auto v = day_of(state, context, command.occurred_on(), quote->last_on, day); !v) return v;
  auto& b = decision.b;
  const auto id = b.CreateString(quote->id), reason = b.CreateString(view(command.reason()));
  decision.add(fb::StreamType::quote, quote->id, quote->version, day.occurred_on, day.posted_on,
               fb::CreateQuoteLost(b, id, reason));
  decision.answer(fb::StreamType::quote, quote->id, "lost");
  return accept();
}

}  // namespace o2c
