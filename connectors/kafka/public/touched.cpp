#include "connectors/kafka/public/touched.hpp"

#include "events/base/flat.hpp"

namespace o2c::kafka {
namespace {

class Collector {
 public:
  explicit Collector(const CompanyModels& models) : models_(models) {}

  void take(const fb::Event& event) {
    switch (event.body_type()) {
      case fb::EventBody::InvoiceIssued: return invoice(*event.body_as_InvoiceIssued());
      case fb::EventBody::InvoiceReversed: return invoice(*event.body_as_InvoiceReversed());
      case fb::EventBody::ReceiptRecorded: return receipt(*event.body_as_ReceiptRecorded());
      case fb::EventBody::ReceiptReturned: return receipt(*event.body_as_ReceiptReturned());
      case fb::EventBody::ReceiptRefunded: return receipt(*event.body_as_ReceiptRefunded());
      case fb::EventBody::CashApplied: return cash(*event.body_as_CashApplied());
      case fb::EventBody::CashUnapplied: return cash(*event.body_as_CashUnapplied());
      case fb::EventBody::ShipmentPosted: return order(event.body_as_ShipmentPosted()->order());
      case fb::EventBody::StockReserved: return order(event.body_as_StockReserved()->order());
      case fb::EventBody::ReservationReleased: return order(event.body_as_ReservationReleased()->order());
      default:
        if (event.stream_type() == fb::StreamType::order) order(event.stream_id());
    }
  }
  Touched finish() && { return std::move(touched_); }

 private:
  void order(const flatbuffers::String* id) {
    if (id) touched_.orders.insert(text(id));
  }
  void customer(const fb::Dimensions& dimensions) { touched_.customers.insert(text(dimensions.customer())); }
  template <class Body> void invoice(const Body& body) {
    order(body.order());
    customer(*body.dimensions());
    touched_.items.emplace(ItemKind::invoice, text(body.invoice()));
  }
  template <class Body> void receipt(const Body& body) {
    customer(*body.dimensions());
    touched_.items.emplace(ItemKind::receipt, text(body.receipt()));
  }
  template <class Body> void cash(const Body& body) {
    customer(*body.dimensions());
    if (body.receipt_dimensions()) customer(*body.receipt_dimensions());
    touched_.items.emplace(ItemKind::invoice, text(body.invoice()));
    touched_.items.emplace(ItemKind::receipt, text(body.receipt()));
    // The event does not name the order; whether that is paid has changed.
    const std::string_view paid = models_.sales.store().order_of_invoice(view(body.invoice()));
    if (!paid.empty()) touched_.orders.emplace(paid);
  }

  const CompanyModels& models_;
  Touched touched_;
};

}  // namespace

Touched touched_by(const FrameView& entry, const CompanyModels& models) {
  Collector collector(models);
  if (entry.entry->events()) {
    for (const fb::Event* event : *entry.entry->events()) collector.take(*event);
  }
  return std::move(collector).finish();
}

}  // namespace o2c::kafka
