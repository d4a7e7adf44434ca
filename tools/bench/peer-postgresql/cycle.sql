-- One cycle of O2C-1 by one client: six commands, each sent when the answer to the one before has come.
-- The client counts its cycles in n; order ids ascend and belong to one client, command ids are the order's eight.
\set n :n + 1
\set o :n * 1024 + :client_id
\set customer :o * 7919 % 10000
\set s1 random(0, 999)
\set s2 random(0, 999)
\set s3 random(0, 999)
\set q1 random(1, 5)
\set q2 random(1, 5)
\set q3 random(1, 5)
-- Every 200th cycle is over the credit limit: its confirmation and all that follows is refused.
\if :n % 200 = 199
\set p1 10000000
\set p2 10000000
\set p3 10000000
\else
\set p1 random(100, 50099)
\set p2 random(100, 50099)
\set p3 random(100, 50099)
\endif
\set n1 :q1 * :p1
\set n2 :q2 * :p2
\set n3 :q3 * :p3
\set gross :n1 + (:n1 * 13 + 50) / 100 + :n2 + (:n2 * 13 + 50) / 100 + :n3 + (:n3 * 13 + 50) / 100
\set c :o * 8
select create_quote(:c, :o, :customer, array[:s1, :s2, :s3]::int[], array[:q1, :q2, :q3]::int[], array[:p1, :p2, :p3]::bigint[]);
\set c :c + 1
select accept_quote(:c, :o);
\set c :c + 1
select confirm_order(:c, :o);
\set c :c + 1
select ship_order(:c, :o);
\set c :c + 1
select issue_invoice(:c, :o);
\set c :c + 1
select record_payment(:c, :o, :gross);
-- Every 16th cycle repeats its last command, as many repeats per cycle as O2C-1 has.
\if :n % 16 = 15
select record_payment(:c, :o, :gross);
\endif
