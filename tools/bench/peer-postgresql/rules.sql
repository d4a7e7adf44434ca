-- The rules, tried one by one before anything is measured; nothing of it stays. An assertion that fails ends psql with an error.
begin;
do $$
declare
  big constant bigint[] := array[4000000, 4000000, 4000000];
  prices constant bigint[] := array[4, 35, 50000];      -- tax of the lines: 0.52 -> 1, 9.10 -> 9, 19,500
  gross bigint;
begin
  assert create_quote(1, -1, 7, array[2, 1, 2], array[1, 2, 3], prices) = 0;
  assert (select net = 150074 and tax = 19510 from quote where id = -1), 'tax is 13 % per line, half up';
  assert create_quote(1, -1, 7, array[2, 1, 2], array[1, 2, 3], prices) = 0, 'a repeat gets its first answer';
  assert create_quote(2, -1, 7, array[2, 1, 2], array[1, 2, 3], prices) = 1, 'quote id taken';
  assert create_quote(3, -2, 10000, array[1], array[1], array[1]::bigint[]) = 1, 'unknown customer';
  assert create_quote(4, -2, 7, array[1, 1000], array[1, 1], array[1, 1]::bigint[]) = 1, 'unknown SKU';
  assert not exists (select from quote_line where quote_id = -2), 'a refused quote leaves no lines';
  assert confirm_order(5, -1) = 3 and ship_order(6, -1) = 6 and issue_invoice(7, -1) = 7 and record_payment(8, -1, 1) = 8;
  assert accept_quote(9, -1) = 0 and accept_quote(10, -1) = 2, 'a quote is accepted once';
  assert confirm_order(5, -1) = 3, 'a refusal is remembered too';
  assert confirm_order(11, -1) = 0 and confirm_order(12, -1) = 3;
  assert (select reserved from sku where id = 2) = 4 and (select reserved from sku where id = 1) = 2;
  assert (select open_orders from customer where id = 7) = 169584;
  assert create_quote(13, -3, 7, array[1, 2, 3], array[1, 1, 1], big) = 0 and accept_quote(14, -3) = 0;
  assert confirm_order(15, -3) = 4 and (select open_orders from customer where id = 7) = 169584, 'over the credit limit';
  assert create_quote(16, -4, 8, array[5, 4, 4], array[1, 600000000, 600000000], array[0, 0, 0]::bigint[]) = 0;
  assert accept_quote(17, -4) = 0 and confirm_order(18, -4) = 5, 'out of stock on the last line';
  assert (select sum(reserved) from sku) = 6 and (select open_orders from customer where id = 8) = 0, 'and all undone';
  assert ship_order(19, -1) = 0 and ship_order(19, -1) = 0 and ship_order(20, -1) = 6;
  assert (select on_hand = 999999996 and reserved = 0 from sku where id = 2), 'shipped goods are out, once';
  assert issue_invoice(21, -1) = 0 and issue_invoice(22, -1) = 7;
  select open into gross from invoice where order_id = -1 and due_on = issued_on + 30;
  assert gross = 169584 and (select open_ar = gross and open_orders = 0 from customer where id = 7);
  assert record_payment(23, -1, gross - 1) = 8 and record_payment(24, -1, gross + 1) = 8, 'only the exact amount';
  assert record_payment(25, -1, gross) = 0 and record_payment(25, -1, gross) = 0 and record_payment(26, -1, gross) = 8;
  assert (select open_ar from customer where id = 7) = 0 and (select count(*) from posting) = 5;
  assert (select count(*) from event) = 26, 'one event per command';
end $$;
rollback;
