-- Rows that version 2 may hold beyond those of version 1; for the upgrade test.
INSERT INTO customer_types (id, name) VALUES ('5000', 'Retail');
INSERT INTO skip_sums (month, kind, code, because, currency, count, total)
VALUES ('2026-01', 'invoice', 'customer_left_out', 'no_email', 'USD', 1, 99900);
INSERT INTO left_alone_since (customer, code, since) VALUES ('2', 'no_email', 1);
INSERT INTO audience_months (month, contacts) VALUES ('2026-01', 1);
INSERT INTO customer_figures (customer, orders, total, touched_at) VALUES ('2', 0, 0, 1);
