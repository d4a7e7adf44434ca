#include "engine/domain/decide.hpp"

namespace o2c {
namespace {

void add_exactly(std::int64_t& sum, std::int64_t minor, const std::string& id) {
  if (__builtin_add_overflow(sum, minor, &sum))
    throw BrokenHistory("the exposure of '" + id + "' does not fit into 64 bits");
}

}  // namespace

CompanyState::CompanyState() = default;
CompanyState::~CompanyState() = default;
CompanyState::CompanyState(CompanyState&&) noexcept = default;
CompanyState& CompanyState::operator=(CompanyState&&) noexcept = default;

void rebuild_derived(CompanyState& state) {
  state.open_invoices.clear();
  for (const Invoice& invoice : state.invoices.rows()) {
    if (invoice.open_minor != 0) state.open_invoices[invoice.customer].push_back(invoice.id);
  }
}

void change_exposure(CompanyState& state, std::string_view customer, std::int64_t Exposure::*part, std::int64_t minor) {
  if (minor == 0) return;
  Customer& c = state.customers.change(customer);
  add_exactly(c.exposure.*part, minor, c.id);
  if (c.credit_group.empty()) return;
  CreditGroup& group = state.credit_groups.change(c.credit_group);
  add_exactly(group.exposure.*part, minor, group.id);
}

void evolve(CompanyState& state, const fb::Event& event, const fb::CompanyOpened& body) {
  Company& company = state.company.add(view(event.stream_id()));
  company.version = event.stream_version();
  company.name = view(body.name());
  company.time_zone = view(body.time_zone());
  company.country = view(body.country());
  company.base_currency = body.base_currency();
  company.opened_on = from_fb(*body.opened_on());
}

void evolve(CompanyState& state, const fb::Event& event, const fb::PeriodClosed& body) {
  Company& company = state.company.change(view(event.stream_id()));
  company.version = event.stream_version();
  company.closed_until = from_fb(*body.until());
}

void evolve(CompanyState& state, const fb::Event& event, const fb::MarkCreated& body) {
  state.company.change(view(event.stream_id())).version = event.stream_version();
  state.marks.add(view(body.name())).created_on = from_fb(*event.occurred_on());
}

}  // namespace o2c
