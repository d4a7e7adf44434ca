-- Names each identity of the books that does not hold; prints nothing when all hold. Every cycle must be over.
select name from (values
  ('each cycle has its six events', (select count(*) from event) = 6 * (select count(*) from quote) and exists (select from event)),
  ('over-limit cycles and only they are refused, four commands each',
    (select count(*) from event where refusal <> 0) = 4 * (select count(*) from quote where net + tax > 10000000)
    and not exists (select from event e join quote q on q.id = e.order_id where e.refusal <> 0 and q.net + q.tax <= 10000000)),
  ('receivables = open invoices = ledger account 1122 = 0',
    (select sum(open_ar) from customer) = 0 and (select sum(open) from invoice) = 0
    and (select sum(amount) from posting where account = 1122) = 0),
  ('open orders = 0', not exists (select from customer where open_orders <> 0 or open_ar <> 0)),
  ('reserved stock = 0', not exists (select from sku where reserved <> 0)),
  ('stock = opening stock - shipped', not exists (
    select from sku left join (select sku_id, sum(quantity) shipped from shipment_line group by 1) l
      on l.sku_id = sku.id where on_hand <> 1000000000 - coalesce(shipped, 0))),
  ('each invoice = its lines with 13 % tax half up, due after 30 days', not exists (
    select from invoice i
      join (select order_id, sum(quantity * price) net, sum(round(quantity * price * 0.13)) tax from invoice_line group by 1) l
        on l.order_id = i.order_id
     where i.net <> l.net or i.tax <> l.tax or i.due_on <> i.issued_on + 30)),
  ('each invoice is paid', (select count(*) from invoice) = (select count(*) from payment)
    and not exists (select from invoice i join payment p using (order_id) where p.amount <> i.net + i.tax)),
  ('each command''s postings balance', not exists (select from posting group by command_id having sum(amount) <> 0)),
  ('the ledger agrees with the documents',
    (select sum(amount) from posting where account = 1002) = (select sum(amount) from payment)
    and (select -sum(amount) from posting where account = 6001) = (select sum(net) from invoice)
    and (select -sum(amount) from posting where account = 2221) = (select sum(tax) from invoice))
) identity(name, holds) where holds is not true;
