#include "engine/domain/decide.hpp"

namespace o2c {
namespace {

Quote& advance(CompanyState& state, const fb::Event& event, std::string_view id) {
  Quote& quote = state.quotes.change(id);
  quote.version = event.stream_version();
  quote.last_on = from_fb(*event.occurred_on());
  return quote;
}

}  // namespace

void evolve(CompanyState& state, const fb::Event& event, const fb::QuoteCreated& body) {
  Quote& quote = state.quotes.add(view(body.quote()));
  quote.version = event.stream_version();
  quote.status = body.sent() ? QuoteStatus::sent : QuoteStatus::draft;
  quote.document = std::make_shared<const Document>(document_from(state, *body.document()));
  quote.valid_until = date_in(body.valid_until());
  quote.created_on = quote.last_on = from_fb(*event.occurred_on());
  count_number(state, "QU", quote.id);
}

void evolve(CompanyState& state, const fb::Event& event, const fb::QuoteRevised& body) {
  Quote& quote = advance(state, event, view(body.quote()));
  quote.revision = body.version();
  quote.status = QuoteStatus::draft;
  quote.document = std::make_shared<const Document>(document_from(state, *body.document()));
  quote.valid_until = date_in(body.valid_until());
}

void evolve(CompanyState& state, const fb::Event& event, const fb::QuoteSent& body) {
  advance(state, event, view(body.quote())).status = QuoteStatus::sent;
}

void evolve(CompanyState& state, const fb::Event& event, const fb::QuoteAccepted& body) {
  Quote& quote = advance(state, event, view(body.quote()));
  quote.status = QuoteStatus::accepted;
  quote.order = view(body.order());
}

void evolve(CompanyState& state, const fb::Event& event, const fb::QuoteLost& body) {
  Quote& quote = advance(state, event, view(body.quote()));
  quote.status = QuoteStatus::lost;
  quote.lost_reason = view(body.reason());
}

}  // namespace o2c
