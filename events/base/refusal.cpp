#include "events/base/refusal.hpp"

#include "events/base/assert.hpp"

namespace o2c {
namespace {

struct Text {
  Refusal code;
  const char* en;
  const char* zh;
  bool may_pass_later = false;
};

// Ascending by number. Both languages say the same; the detail of an answer carries the figures.
constexpr Text texts[] = {
    {Refusal::none, "not refused", "未被拒绝"},
    {Refusal::company_unknown, "the company has not been opened", "公司尚未建账", true},
    {Refusal::company_exists, "the company is open already", "公司已建账"},
    {Refusal::command_too_old, "the command was issued before the window in which repeats are remembered",
     "命令签发时间早于去重窗口"},
    {Refusal::invalid_value, "a value is outside what its field allows", "字段取值无效"},
    {Refusal::number_range, "a figure does not fit into 64 bits", "数值超出范围"},
    {Refusal::currency_unknown, "the currency is missing or unknown", "币种缺失或未知"},
    {Refusal::currency_mismatch, "two amounts that belong together have different currencies", "相关金额币种不一致"},
    {Refusal::line_count, "the document has no lines or too many", "单据行数不在允许范围内"},
    {Refusal::date_range, "a date is outside its range or before the one it follows", "日期超出范围或先后颠倒"},
    {Refusal::wrong_lane, "the company belongs to another lane", "公司不属于该通道"},
    {Refusal::stale_version, "the document has changed since the version that was expected", "单据版本已变更"},
    {Refusal::entry_too_large, "more comes of the command than one entry holds; do it in parts",
     "该命令产生的内容超出单条记录上限，请分批处理"},
    {Refusal::customer_unknown, "there is no such customer", "客户不存在"},
    {Refusal::customer_exists, "the customer exists already", "客户已存在"},
    {Refusal::product_unknown, "there is no such product", "产品不存在"},
    {Refusal::product_exists, "the product exists already", "产品已存在"},
    {Refusal::quote_unknown, "there is no such quote", "报价单不存在"},
    {Refusal::quote_exists, "the quote exists already", "报价单已存在"},
    {Refusal::order_unknown, "there is no such order", "订单不存在"},
    {Refusal::order_exists, "the order exists already", "订单已存在"},
    {Refusal::shipment_unknown, "there is no such shipment", "发货单不存在"},
    {Refusal::shipment_exists, "the shipment exists already", "发货单已存在"},
    {Refusal::invoice_unknown, "there is no such invoice", "发票不存在"},
    {Refusal::invoice_exists, "the invoice or its number exists already", "发票或发票号已存在"},
    {Refusal::receipt_unknown, "there is no such receipt", "收款单不存在"},
    {Refusal::receipt_exists, "the receipt exists already", "收款单已存在"},
    {Refusal::user_unknown, "there is no such user", "用户不存在"},
    {Refusal::user_exists, "the user exists already", "用户已存在"},
    {Refusal::terms_unknown, "payment terms of that name are not in force on the date", "该日期没有此付款条件"},
    {Refusal::unit_unknown, "the product has no such unit", "产品没有该计量单位"},
    {Refusal::place_unknown, "the product has never been at that place", "该仓库没有此产品"},
    {Refusal::line_unknown, "the document has no such line", "单据没有该行"},
    {Refusal::credit_group_unknown, "there is no such credit group", "信用组不存在"},
    {Refusal::mark_exists, "the mark exists already", "标记已存在"},
    {Refusal::hold_unknown, "the order has no such hold", "订单没有该类冻结"},
    {Refusal::address_unknown, "the document has no such ship-to address", "单据没有该收货地址"},
    {Refusal::partner_unknown, "no such company to trade with is set up", "未设置该往来公司"},
    {Refusal::illegal_transition, "the document's state does not allow it", "单据当前状态不允许此操作"},
    {Refusal::quote_expired, "the quote was valid until an earlier day", "报价已过有效期"},
    {Refusal::order_on_hold, "the order is on hold", "订单处于冻结状态", true},
    {Refusal::already_done, "it has been done already", "此操作已完成"},
    {Refusal::period_closed, "the period is closed already", "会计期间已结账"},
    {Refusal::dated_before_its_cause, "a fact may not be dated before the facts it refers to",
     "日期早于其所依据的事实"},
    {Refusal::has_applications, "cash is applied; undo the application first", "存在核销记录，请先撤销核销"},
    {Refusal::nothing_to_do, "nothing is left to be done", "没有可处理的内容", true},
    {Refusal::not_authorised, "the actor has no role that allows it", "操作人无此权限"},
    {Refusal::same_person, "another person has to do it than the one who asked", "须由不同人员处理"},
    {Refusal::exceeds_authority, "the amount exceeds the actor's authority", "金额超出审批权限"},
    {Refusal::approval_pending, "the order waits for approval", "订单待审批", true},
    {Refusal::exceeds_credit_limit, "the credit limit would be exceeded", "超出信用额度", true},
    {Refusal::stock_short, "there is not enough free stock", "可用库存不足", true},
    {Refusal::exceeds_open_quantity, "the quantity exceeds what is open", "数量超出未交数量"},
    {Refusal::exceeds_amount_due, "the amount exceeds what is due", "金额超出应收余额"},
    {Refusal::exceeds_unapplied, "the amount exceeds what is left of the receipt", "金额超出未核销余额"},
    {Refusal::exceeds_billable, "nothing (more) of it can be billed", "没有可开票的内容", true},
    {Refusal::payment_not_exact, "the receipt does not pay the invoice exactly", "收款金额与发票金额不符"},
    {Refusal::nothing_to_apply, "there is nothing to apply", "没有可核销的金额", true},
    {Refusal::invoice_settled, "the invoice is settled already", "发票已结清"},
    {Refusal::negative_stock, "stock would become negative", "库存将为负数", true},
    {Refusal::no_price, "no price list has a price", "没有适用的价格", true},
    {Refusal::ambiguous_price, "two prices apply equally", "存在多个同等适用的价格", true},
    {Refusal::no_tax_rule, "no tax rule applies", "没有适用的税率", true},
    {Refusal::inexact_conversion, "the quantity has more decimals than the unit allows", "数量无法精确换算"},
    {Refusal::policy_gap, "the policy leaves a gap", "政策存在空档"},
    {Refusal::policy_tie, "two rows of the policy apply equally", "政策存在冲突的两行"},
    {Refusal::policy_unreachable, "a row of the policy can never apply", "政策中有永远不会生效的行"},
    {Refusal::policy_not_found, "no such policy is in force on the date", "该日期没有此政策", true},
};

const Text& text_of(Refusal code) {
  for (const Text& text : texts) {
    if (text.code == code) return text;
  }
  O2C_ASSERT(!"every refusal code has its text");
  return texts[0];
}

}  // namespace

std::string_view refusal_name(Refusal code) { return fb::EnumNameRefusalCode(code); }
std::string_view refusal_text(Refusal code, Language language) {
  return language == Language::zh ? text_of(code).zh : text_of(code).en;
}
bool refusal_may_pass_later(Refusal code) { return text_of(code).may_pass_later; }

}  // namespace o2c
