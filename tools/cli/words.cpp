#include "tools/cli/words.hpp"

#include <algorithm>
#include <ranges>

namespace o2c {
namespace {

struct Word {
  std::string_view word, chinese;
};

/// Sorted by word.
constexpr Word words[] = {
    {"accepted", "已接受"},
    {"account", "科目"},
    {"actor", "操作人"},
    {"already_imported", "此前已导入"},
    {"amount", "金额"},
    {"bank_reference", "银行流水号"},
    {"bill_to", "开票方"},
    {"billing", "开票进度"},
    {"cancelled", "已取消"},
    {"category", "类别"},
    {"closing", "期末"},
    {"commands", "命令数"},
    {"complete", "已完成"},
    {"completed", "已完成"},
    {"confirmed", "已确认"},
    {"confirmed_by", "确认人"},
    {"confirmed_on", "确认日"},
    {"country", "国家"},
    {"created_on", "创建日"},
    {"credit_group", "信用组"},
    {"credit_hold", "信用冻结"},
    {"credit_left", "剩余额度"},
    {"credit_limit", "信用额度"},
    {"credit_note", "红字发票"},
    {"credit_used", "信用占用"},
    {"currency", "币种"},
    {"customer", "客户"},
    {"draft", "草稿"},
    {"expired", "已过期"},
    {"freight", "运费"},
    {"fulfilment", "发货进度"},
    {"full", "全部"},
    {"grade", "等级"},
    {"green", "绿"},
    {"holds", "冻结"},
    {"invoice", "发票"},
    {"issued_on", "开票日"},
    {"late", "逾期未交"},
    {"lost", "已失单"},
    {"lost_reason", "失单原因"},
    {"manual_hold", "人工冻结"},
    {"milliseconds", "毫秒"},
    {"name", "名称"},
    {"net", "净额"},
    {"none", "未开始"},
    {"not_billed", "未开票"},
    {"not_paid", "未收款"},
    {"not_reserved", "未预留"},
    {"not_shipped", "未发货"},
    {"number", "发票号"},
    {"on_hold", "已冻结"},
    {"open", "未收"},
    {"opening", "期初"},
    {"order", "订单"},
    {"orders", "订单数"},
    {"over_billed", "多开票"},
    {"over_delivered", "多交货"},
    {"over_limit", "超信用额度"},
    {"overdue", "逾期未收"},
    {"partial", "部分"},
    {"payer", "付款方"},
    {"payment_terms", "付款条件"},
    {"pending_approval", "待审批"},
    {"place", "仓库"},
    {"policy", "政策"},
    {"price_hold", "价格冻结"},
    {"product", "产品"},
    {"quote", "报价单"},
    {"receipt", "收款单"},
    {"received_on", "收款日"},
    {"red", "红"},
    {"reference", "参考号"},
    {"refund", "退款"},
    {"refunded", "已退款"},
    {"refused", "被拒绝"},
    {"region", "区域"},
    {"rejected", "已驳回"},
    {"reservation_expires_on", "预留到期日"},
    {"return", "退票"},
    {"returned", "已退票"},
    {"revision", "修订"},
    {"rows", "行数"},
    {"rows_repeated_in_file", "文件内重复行"},
    {"seller", "业务员"},
    {"sent", "已发送"},
    {"ship_to", "送达方"},
    {"shipment", "发货单"},
    {"short_closed", "短缺结案"},
    {"sold_to", "售达方"},
    {"status", "状态"},
    {"stock", "库存"},
    {"stock_hold", "缺货冻结"},
    {"stream", "流"},
    {"tax", "税额"},
    {"tax_class", "税类"},
    {"tax_id", "税号"},
    {"team", "团队"},
    {"total", "价税合计"},
    {"transfer", "转账"},
    {"unapplied", "未核销"},
    {"unit", "单位"},
    {"unit_cost", "单位成本"},
    {"valid_until", "有效期至"},
    {"version", "版本"},
    {"waits_for_approval", "待审批"},
    {"would_be_accepted", "将被接受"},
    {"yellow", "黄"},
};
static_assert(std::ranges::is_sorted(words, {}, &Word::word));

}  // namespace

std::string words_in_chinese(std::string_view text) {
  std::string out;
  for (const auto part : text | std::views::split(' ')) {
    const std::string_view word{part.begin(), part.end()};
    const auto* at = std::ranges::lower_bound(words, word, {}, &Word::word);
    if (at == std::end(words) || at->word != word) return std::string(text);
    out += (out.empty() ? "" : " ") + std::string(at->chinese);
  }
  return out;
}

}  // namespace o2c
