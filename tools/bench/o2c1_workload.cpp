#include "tools/bench/o2c1_workload.hpp"

#include <cstring>

#include <fmt/format.h>

#include "events/base/money.hpp"

namespace o2c {
namespace {

constexpr std::uint64_t customers = 10'000, skus = 1'000, lines = 3, over_limit_every = 200;
constexpr std::int64_t over_limit_price_minor = 10'000'000, credit_limit_minor = 10'000'000,
                       opening_stock = 1'000'000'000;
constexpr Currency currency = Currency::EUR;
const Date day = date_of(20'718);  // 2026-09-22

/// splitmix64
std::uint64_t mix(std::uint64_t z) {
  z += 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

struct Line {
  std::uint64_t sku;
  std::int64_t quantity, price_minor;
};
Line line_of(std::uint64_t cycle, std::uint64_t index) {
  const std::uint64_t r = mix(cycle * lines + index);
  // Shifts keep the sign, remainders are never negative: as the workload is defined.
  const auto floor_mod = [](std::uint64_t bits, int shift, std::int64_t n) {
    const std::int64_t m = (static_cast<std::int64_t>(bits) >> shift) % n;
    return m < 0 ? m + n : m;
  };
  const std::int64_t price =
      cycle % over_limit_every == over_limit_every - 1 ? over_limit_price_minor : 100 + floor_mod(r, 30, 50'000);
  return {static_cast<std::uint64_t>(floor_mod(r, 0, static_cast<std::int64_t>(skus))), 1 + floor_mod(r, 20, 5), price};
}
std::int64_t total_of(std::uint64_t cycle) {
  std::int64_t total = 0;
  for (std::uint64_t l = 0; l < lines; ++l) {
    const Line line = line_of(cycle, l);
    const std::int64_t net = line.quantity * line.price_minor;
    total += net + (net * 13 + 50) / 100;
  }
  return total;
}

Id16 id_of(std::uint64_t number) {
  Id16 id;
  const std::uint64_t a = mix(number), b = mix(a);
  std::memcpy(id.bytes.data(), &a, 8);
  std::memcpy(id.bytes.data() + 8, &b, 8);
  return id;
}
std::string customer_of(std::uint64_t cycle) { return fmt::format("C{:05}", cycle * 7919 % customers); }

template <class T>
void finish(flatbuffers::FlatBufferBuilder& b, const Id16& command_id, std::string_view actor,
            flatbuffers::Offset<T> body) {
  const auto company = b.CreateString(O2c1Workload::company.data(), O2c1Workload::company.size());
  const auto who = b.CreateString(actor.data(), actor.size());
  const fb::Id16 id = command_id.to_fb();
  fb::CommandBuilder command(b);
  command.add_company(company);
  command.add_command_id(&id);
  command.add_actor(who);
  command.add_body_type(fb::CommandBodyTraits<T>::enum_value);
  command.add_body(body.Union());
  b.Finish(command.Finish());
}

}  // namespace

O2c1Workload::O2c1Workload(std::uint64_t cycles) : cycles_(cycles) {
  commands_.reserve(cycles * steps + cycles / block * repeats_per_block);
  add_setup();
  for (std::uint64_t from = 0; from < cycles; from += block) {
    const std::uint64_t until = std::min(from + block, cycles);
    const std::size_t first = commands_.size();
    for (std::uint64_t step = 1; step <= steps; ++step) {
      for (std::uint64_t cycle = from; cycle < until; ++cycle) add_command(cycle, step);
    }
    if (until - from == block) {
      for (std::uint64_t r = 0; r < repeats_per_block; ++r)
        commands_.push_back(commands_[first + (r * 96 + from / block) % (block * steps)]);
    }
  }
}

void O2c1Workload::keep(flatbuffers::FlatBufferBuilder& builder, std::vector<Bytes>& list) {
  constexpr std::size_t arena_words = 1 << 20;
  const std::size_t words = (builder.GetSize() + 7) / 8;
  if (words > arena_left_) {
    arenas_.push_back(std::make_unique<std::uint64_t[]>(arena_words));
    arena_at_ = arenas_.back().get();
    arena_left_ = arena_words;
  }
  std::memcpy(arena_at_, builder.GetBufferPointer(), builder.GetSize());
  list.emplace_back(reinterpret_cast<const std::uint8_t*>(arena_at_), builder.GetSize());
  arena_at_ += words;
  arena_left_ -= words;
  builder.Clear();
}

void O2c1Workload::add_setup() {
  flatbuffers::FlatBufferBuilder b;
  std::uint64_t number = ~std::uint64_t{0};  // ids apart from those of the cycles
  const auto add = [&](auto body) {
    finish(b, id_of(number--), "setup", body);
    keep(b, setup_);
  };
  const fb::Date from = to_fb(date_of(20'454));  // 2026-01-01
  add(fb::CreateOpenCompany(b, b.CreateString("O2C-1"), currency, b.CreateString("UTC"), &from));
  const fb::Percent thirteen{130'000};
  const auto tax = fb::CreateTaxRules(b,
                                      b.CreateVector(std::vector{fb::CreateTaxRow(b, b.CreateString("standard"), 0,
                                                                                  b.CreateString("S"), &thirteen)}),
                                      fb::TaxRounding::line)
                       .Union();
  add(fb::CreatePublishPolicy(b, b.CreateString("default"), &from, fb::PolicyBody::TaxRules, tax));
  const auto terms =
      fb::CreatePaymentTerms(b, b.CreateVector(std::vector{fb::CreateTermsRow(b, nullptr, nullptr, 0, 30)})).Union();
  add(fb::CreatePublishPolicy(b, b.CreateString("NET30"), &from, fb::PolicyBody::PaymentTerms, terms));
  const auto credit = fb::CreateCreditRules(b, fb::OverLimit::refuse).Union();
  add(fb::CreatePublishPolicy(b, b.CreateString("default"), &from, fb::PolicyBody::CreditRules, credit));
  const auto stock = fb::CreateStockRules(b, fb::WhenShort::refuse).Union();
  add(fb::CreatePublishPolicy(b, b.CreateString("default"), &from, fb::PolicyBody::StockRules, stock));
  const auto invoicing = fb::CreateInvoiceRules(b, fb::InvoiceBasis::shipped, true).Union();
  add(fb::CreatePublishPolicy(b, b.CreateString("default"), &from, fb::PolicyBody::InvoiceRules, invoicing));

  for (std::uint64_t sku = 0; sku < skus; ++sku) {
    const std::string id = fmt::format("P{:03}", sku);
    add(fb::CreateRegisterProduct(b, fb::CreateProductData(b, b.CreateString(id), b.CreateString("Product " + id),
                                                           b.CreateString("goods"), b.CreateString("pcs"))));
    const fb::Quantity quantity{opening_stock * one_quantity};
    const auto stock_lines = b.CreateVector(std::vector{fb::CreateStockLine(b, b.CreateString(id), &quantity)});
    add(fb::CreateReceiveStock(b, b.CreateString("main"), stock_lines, 0, &from));
  }
  for (std::uint64_t customer = 0; customer < customers; ++customer) {
    const std::string id = fmt::format("C{:05}", customer);
    const auto address = fb::CreateAddress(b, 0, 0, 0, 0, 0, b.CreateString("DE"));
    const auto name = b.CreateString("Customer " + id), customer_id = b.CreateString(id),
               net30 = b.CreateString("NET30");
    const fb::Money limit{credit_limit_minor, currency};
    fb::CustomerDataBuilder data(b);
    data.add_customer(customer_id);
    data.add_name(name);
    data.add_currency(currency);
    data.add_payment_terms(net30);
    data.add_credit_limit(&limit);
    data.add_sold_to(address);
    const auto finished = data.Finish();
    add(fb::CreateRegisterCustomer(b, finished));
  }
}

void O2c1Workload::add_command(std::uint64_t cycle, std::uint64_t step) {
  static thread_local flatbuffers::FlatBufferBuilder b;
  const Id16 id = id_of(cycle * steps + step);
  const std::string actor = fmt::format("clerk-{:010}", cycle % 100);
  const std::string quote = fmt::format("Q{:07}", cycle + 1), order = fmt::format("O{:07}", cycle + 1),
                    shipment = fmt::format("S{:07}", cycle + 1), invoice = fmt::format("I{:07}", cycle + 1);
  const fb::Date on = to_fb(day);
  switch (step) {
    case 1: {
      std::vector<flatbuffers::Offset<fb::LineRequest>> requested;
      for (std::uint64_t l = 0; l < lines; ++l) {
        const Line line = line_of(cycle, l);
        const fb::Quantity quantity{line.quantity * one_quantity};
        const fb::UnitPrice price{line.price_minor * 10'000};
        requested.push_back(
            fb::CreateLineRequest(b, b.CreateString(fmt::format("P{:03}", line.sku)), &quantity, 0, &price));
      }
      const auto document =
          fb::CreateDocumentRequest(b, b.CreateString(customer_of(cycle)), Currency::XXX, 0, b.CreateVector(requested));
      finish(b, id, actor, fb::CreateCreateQuote(b, b.CreateString(quote), document, nullptr, true, &on));
      break;
    }
    case 2: finish(b, id, actor, fb::CreateAcceptQuote(b, b.CreateString(quote), b.CreateString(order), &on)); break;
    case 3: finish(b, id, actor, fb::CreateConfirmOrder(b, b.CreateString(order), &on)); break;
    case 4: {
      const auto shipment_id = b.CreateString(shipment), order_id = b.CreateString(order);
      fb::PostShipmentBuilder post(b);
      post.add_shipment(shipment_id);
      post.add_order(order_id);
      post.add_occurred_on(&on);
      finish(b, id, actor, post.Finish());
      break;
    }
    case 5: {
      const auto invoice_id = b.CreateString(invoice), order_id = b.CreateString(order);
      fb::IssueInvoiceBuilder issue(b);
      issue.add_invoice(invoice_id);
      issue.add_order(order_id);
      issue.add_occurred_on(&on);
      finish(b, id, actor, issue.Finish());
      break;
    }
    default: {
      const fb::Money amount{total_of(cycle), currency};
      const auto applications = b.CreateVector(std::vector{fb::CreateApplication(b, b.CreateString(invoice))});
      finish(b, id, actor,
             fb::CreateRecordReceipt(b, b.CreateString(fmt::format("R{:07}", cycle + 1)),
                                     b.CreateString(customer_of(cycle)), &amount, &on, 0, applications));
      break;
    }
  }
  keep(b, commands_);
}

}  // namespace o2c
