-- Workload O2C-1 as a conventional application on PostgreSQL 15: one table per document, one function per command,
-- one transaction per call. A function answers 0 when the command was accepted and else the number of the refusal; either
-- way one row in `event` remembers it, and a repeated command id gets the answer of that row and changes nothing. (Two
-- concurrent sends of one id: the second fails on a unique key, leaves nothing, and finds the answer when sent again.)
--
-- What makes it fast: each state change is one `update ... where status = <the expected one> returning`, so check, lock and
-- change are one statement. Locks are taken in one order (document, customer, SKUs ascending), so nothing deadlocks.
-- Tables whose rows change keep free space in each page and no index on what changes, so updates stay in their page.
-- As in any such application, each document keeps its own lines (an order may be changed after its quote, an invoice is a record of its own)
-- and foreign keys guard what refers to what.

create schema o2c;
set search_path = o2c;

create table customer (
  id           int    primary key,
  credit_limit bigint not null,
  open_ar      bigint not null default 0,
  open_orders  bigint not null default 0
) with (fillfactor = 40);

create table sku (
  id       int    primary key,
  on_hand  bigint not null,
  reserved bigint not null default 0
) with (fillfactor = 20);

create table quote (
  id          bigint  primary key,
  customer_id int     not null references customer,
  net         bigint  not null,
  tax         bigint  not null,
  accepted    boolean not null default false
) with (fillfactor = 70);

create table quote_line (
  quote_id bigint   not null references quote deferrable initially deferred,  -- lines are inserted first
  line     smallint not null,
  sku_id   int      not null references sku,
  quantity int      not null,
  price    bigint   not null,
  net      bigint   not null,
  tax      bigint   not null,
  primary key (quote_id, line)
);

create type order_status as enum ('placed', 'confirmed', 'shipped', 'invoiced');

create table sales_order (
  id          bigint       primary key references quote,
  customer_id int          not null references customer,
  net         bigint       not null,
  tax         bigint       not null,
  status      order_status not null
) with (fillfactor = 40);

create table order_line (
  order_id bigint   not null references sales_order,
  line     smallint not null,
  sku_id   int      not null references sku,
  quantity int      not null,
  price    bigint   not null,
  net      bigint   not null,
  tax      bigint   not null,
  primary key (order_id, line)
);

create table shipment (
  order_id   bigint primary key references sales_order,
  shipped_on date   not null
);

create table shipment_line (
  order_id bigint   not null references shipment,
  line     smallint not null,
  sku_id   int      not null references sku,
  quantity int      not null,
  primary key (order_id, line)
);

create table invoice (
  order_id    bigint primary key references sales_order,
  customer_id int    not null references customer,
  net         bigint not null,
  tax         bigint not null,
  open        bigint not null,
  issued_on   date   not null,
  due_on      date   not null
) with (fillfactor = 60);

create table invoice_line (
  order_id bigint   not null references invoice,
  line     smallint not null,
  sku_id   int      not null references sku,
  quantity int      not null,
  price    bigint   not null,
  net      bigint   not null,
  tax      bigint   not null,
  primary key (order_id, line)
);

create table payment (
  order_id    bigint primary key references invoice,
  customer_id int    not null references customer,
  amount      bigint not null,
  received_on date   not null
);

-- Double entry: debit positive, credit negative; the rows of one command sum to zero.
create table posting (
  command_id  bigint   not null,
  line        smallint not null,
  account     smallint not null,
  customer_id int      not null references customer,
  amount      bigint   not null,
  primary key (command_id, line)
);

create table event (
  seq         bigint      generated always as identity primary key,
  command_id  bigint      not null unique,
  order_id    bigint      not null,
  customer_id int         references customer,
  kind        text        not null,
  refusal     smallint    not null default 0,
  amount      bigint,
  recorded_at timestamptz not null default now()
);

insert into customer select i, 10000000 from generate_series(0, 9999) i;
insert into sku select i, 1000000000 from generate_series(0, 999) i;

-- A command that changed nothing: either a repeat, which gets its first answer, or a refusal, which is recorded.
-- Reasons: 1 unknown customer or SKU, or quote id taken; 2 quote not open; 3 order not placed; 4 over the credit limit;
-- 5 out of stock; 6 order not confirmed; 7 order not shipped; 8 no open invoice of exactly this amount.
create function refuse(command bigint, subject bigint, reason smallint) returns smallint language plpgsql as $$
declare
  answer smallint;
begin
  select refusal into answer from event where command_id = command;
  if found then return answer; end if;
  insert into event (command_id, order_id, kind, refusal) values (command, subject, 'Refused', reason);
  return reason;
end $$;

create function create_quote(command bigint, q bigint, buyer int, skus int[], quantities int[], prices bigint[])
returns smallint language plpgsql as $$
declare
  lines int;
  line_net bigint;
  net bigint := 0;
  tax bigint := 0;
begin
  -- Scalar subqueries, because they are always index look-ups; a join may scan the whole of `sku`.
  insert into quote_line
    select q, n, sku_id, quantities[n], prices[n], quantities[n] * prices[n], (quantities[n] * prices[n] * 13 + 50) / 100
      from unnest(skus) with ordinality l(sku_id, n)
     where (select true from sku where id = sku_id) and (select true from customer where id = buyer)
       and not exists (select from quote where id = q) and not exists (select from event where command_id = command);
  get diagnostics lines = row_count;
  if lines <> cardinality(skus) then
    delete from quote_line where quote_id = q and not exists (select from quote where id = q);
    return refuse(command, q, 1::smallint);
  end if;
  for n in 1 .. lines loop
    line_net := quantities[n] * prices[n];
    net := net + line_net;
    tax := tax + (line_net * 13 + 50) / 100;
  end loop;
  insert into quote values (q, buyer, net, tax);
  insert into event (command_id, order_id, customer_id, kind, amount) values (command, q, buyer, 'QuoteCreated', net + tax);
  return 0;
end $$;

create function accept_quote(command bigint, q bigint) returns smallint language plpgsql as $$
declare
  r quote;
begin
  update quote set accepted = true
   where id = q and not accepted and not exists (select from event where command_id = command)
   returning * into r;
  if not found then return refuse(command, q, 2::smallint); end if;
  insert into sales_order values (q, r.customer_id, r.net, r.tax, 'placed');
  insert into order_line select * from quote_line where quote_id = q;
  insert into event (command_id, order_id, customer_id, kind, amount)
    values (command, q, r.customer_id, 'QuoteAccepted', r.net + r.tax);
  return 0;
end $$;

create function confirm_order(command bigint, o bigint) returns smallint language plpgsql as $$
declare
  r sales_order;
  l record;
begin
  update sales_order set status = 'confirmed'
   where id = o and status = 'placed' and not exists (select from event where command_id = command)
   returning * into r;
  if not found then return refuse(command, o, 3::smallint); end if;
  update customer set open_orders = open_orders + r.net + r.tax
   where id = r.customer_id and open_ar + open_orders + r.net + r.tax <= credit_limit;
  if not found then
    update sales_order set status = 'placed' where id = o;
    return refuse(command, o, 4::smallint);
  end if;
  -- One row at a time, because the order in which a joined update locks its rows is the planner's affair.
  for l in select sku_id, line, quantity from order_line where order_id = o order by sku_id, line loop
    update sku set reserved = reserved + l.quantity where id = l.sku_id and on_hand - reserved >= l.quantity;
    if not found then
      update sku set reserved = reserved - d.quantity
        from (select sku_id, sum(quantity) quantity from order_line
               where order_id = o and (sku_id, line) < (l.sku_id, l.line) group by sku_id) d
       where id = d.sku_id;
      update customer set open_orders = open_orders - r.net - r.tax where id = r.customer_id;
      update sales_order set status = 'placed' where id = o;
      return refuse(command, o, 5::smallint);
    end if;
  end loop;
  insert into event (command_id, order_id, customer_id, kind, amount)
    values (command, o, r.customer_id, 'OrderConfirmed', r.net + r.tax);
  return 0;
end $$;

create function ship_order(command bigint, o bigint) returns smallint language plpgsql as $$
declare
  r sales_order;
  l record;
begin
  update sales_order set status = 'shipped'
   where id = o and status = 'confirmed' and not exists (select from event where command_id = command)
   returning * into r;
  if not found then return refuse(command, o, 6::smallint); end if;
  for l in select sku_id, quantity from order_line where order_id = o order by sku_id, line loop
    update sku set on_hand = on_hand - l.quantity, reserved = reserved - l.quantity where id = l.sku_id;
  end loop;
  insert into shipment values (o, current_date);
  insert into shipment_line select order_id, line, sku_id, quantity from order_line where order_id = o;
  insert into event (command_id, order_id, customer_id, kind) values (command, o, r.customer_id, 'OrderShipped');
  return 0;
end $$;

-- Accounts: 1122 receivables, 6001 revenue, 2221 tax payable, 1002 bank.
create function issue_invoice(command bigint, o bigint) returns smallint language plpgsql as $$
declare
  r sales_order;
begin
  update sales_order set status = 'invoiced'
   where id = o and status = 'shipped' and not exists (select from event where command_id = command)
   returning * into r;
  if not found then return refuse(command, o, 7::smallint); end if;
  update customer set open_ar = open_ar + r.net + r.tax, open_orders = open_orders - r.net - r.tax where id = r.customer_id;
  insert into invoice values (o, r.customer_id, r.net, r.tax, r.net + r.tax, current_date, current_date + 30);
  insert into invoice_line select * from order_line where order_id = o;
  insert into posting values (command, 1, 1122, r.customer_id, r.net + r.tax),
                             (command, 2, 6001, r.customer_id, -r.net),
                             (command, 3, 2221, r.customer_id, -r.tax);
  insert into event (command_id, order_id, customer_id, kind, amount)
    values (command, o, r.customer_id, 'InvoiceIssued', r.net + r.tax);
  return 0;
end $$;

create function record_payment(command bigint, o bigint, paid bigint) returns smallint language plpgsql as $$
declare
  r invoice;
begin
  update invoice set open = 0
   where order_id = o and open = paid and paid > 0 and not exists (select from event where command_id = command)
   returning * into r;
  if not found then return refuse(command, o, 8::smallint); end if;
  update customer set open_ar = open_ar - paid where id = r.customer_id;
  insert into payment values (o, r.customer_id, paid, current_date);
  insert into posting values (command, 1, 1002, r.customer_id, paid), (command, 2, 1122, r.customer_id, -paid);
  insert into event (command_id, order_id, customer_id, kind, amount)
    values (command, o, r.customer_id, 'PaymentRecorded', paid);
  return 0;
end $$;
