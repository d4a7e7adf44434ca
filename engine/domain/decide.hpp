#pragma once
#include "engine/domain/decision.hpp"

// One decider for each command, one evolver for each event; each lies in the folder of its capability.
// clang-format off
#define O2C_COMMANDS(X) \
  X(OpenCompany) X(RegisterCustomer) X(ChangeCustomer) X(SetCreditGroup) X(RegisterProduct) X(ChangeProduct) \
  X(RegisterUser) X(ChangeUser) X(PublishPolicy) X(ClosePeriod) X(CreateMark) X(CreateQuote) X(ReviseQuote) \
  X(SendQuote) X(AcceptQuote) X(LoseQuote) X(CreateOrder) X(ReviseOrder) X(ConfirmOrder) X(ApproveOrder) \
  X(RejectOrder) X(WithdrawOrder) X(HoldOrder) X(ReleaseOrder) X(CancelOrder) X(ShortCloseOrder) X(ReserveOrder) \
  X(ReceiveStock) X(CountStock) X(TransferStock) X(ExpireReservation) X(PostShipment) X(ConfirmDelivery) \
  X(IssueInvoice) X(ReverseInvoice) X(RecordReceipt) X(ApplyCash) X(UnapplyCash) X(ReturnReceipt) X(RefundReceipt) \
  X(SetPartner) X(TakeMessage)

#define O2C_EVENTS(X) \
  X(CompanyOpened) X(CustomerRegistered) X(CustomerChanged) X(CreditGroupSet) X(ProductRegistered) X(ProductChanged) \
  X(UserRegistered) X(UserChanged) X(PolicyPublished) X(PeriodClosed) X(MarkCreated) X(QuoteCreated) X(QuoteRevised) \
  X(QuoteSent) X(QuoteAccepted) X(QuoteLost) X(OrderCreated) X(OrderRevised) X(OrderSubmitted) X(OrderApproved) \
  X(OrderRejected) X(OrderWithdrawn) X(OrderConfirmed) X(OrderHeld) X(OrderReleased) X(OrderCancelled) \
  X(OrderShortClosed) X(StockReceived) X(StockCounted) X(StockTransferred) X(StockReserved) X(ReservationReleased) \
  X(ShipmentPosted) X(DeliveryConfirmed) X(InvoiceIssued) X(InvoiceReversed) X(ReceiptRecorded) X(CashApplied) \
  X(CashUnapplied) X(ReceiptReturned) X(ReceiptRefunded) X(PartnerSet) X(MessageSent) X(MessageTaken) \
  X(PurchaseReceived) X(GoodsArrived) X(GoodsReturned)
// clang-format on

namespace o2c {

#define O2C_DECLARE_DECIDE(Name) \
  Verdict decide(const CompanyState& state, const Context& context, const fb::Name& command, Decision& decision);
#define O2C_DECLARE_EVOLVE(Name) void evolve(CompanyState& state, const fb::Event& event, const fb::Name& body);
O2C_COMMANDS(O2C_DECLARE_DECIDE)
O2C_EVENTS(O2C_DECLARE_EVOLVE)
#undef O2C_DECLARE_DECIDE
#undef O2C_DECLARE_EVOLVE

/// Decides a command on the state: events are added to `decision`, or it is refused and whatever was added counts for nothing.
/// Pure: the same state, context and command give the same bytes. Never asserts on what a command contains.
Verdict decide(const CompanyState& state, const Context& context, const fb::Command& command, Decision& decision);

/// Folds one stored event into the state, in place. Cannot fail on a history that was decided here; throws BrokenHistory on one that cannot be.
void evolve(CompanyState& state, const fb::Event& event);

}  // namespace o2c
