-- Rows that version 4 may hold besides those of versions 2 and 3; for the upgrade test.
INSERT INTO customers (id, name, person, email, body) VALUES ('1', 'Ada', NULL, 'ada@shop.test', '{}');
INSERT INTO items (id, body) VALUES ('1', '{}');
INSERT INTO documents (key, kind, sale, number, date, customer, currency, total, body)
VALUES ('inv_1', 'invoice', 1, '1001', '2026-01-02', '1', 'USD', '9.99', '{}');
INSERT INTO credit_applications (carrier, position, invoice, memo, amount)
VALUES ('payment_1', 0, 'inv_1', 'cm_2', '1.00');
INSERT INTO raw_records (entity, id, raw) VALUES ('customer', '1', '{}');
INSERT INTO unreadable (entity, id, detail, at) VALUES ('Invoice', '5', 'cannot', 1);
INSERT INTO members (hash, status, last_changed, body) VALUES ('h', 'subscribed', NULL, '{}');
INSERT INTO comparisons (entity, begun_at) VALUES ('customer', 1);
INSERT INTO seen (entity, id) VALUES ('customer', '1');
INSERT INTO cursors (name, value, moved_at) VALUES ('customers', '1', 1);
INSERT INTO contact_links (hash, email, fingerprint, created_by_us, tagged, refused)
VALUES ('h', 'ada@shop.test', 'f', 1, 1, NULL);
INSERT INTO link_customers (hash, position, customer) VALUES ('h', 0, '1');
INSERT INTO product_links (id, fingerprint, refused, body) VALUES ('item_1', 'f', NULL, '{}');
INSERT INTO order_links (key, fingerprint, present, refused) VALUES ('inv_1', 'f', 1, NULL);
INSERT INTO order_bodies (key, contact, date, currency, total, body)
VALUES ('inv_1', 'h', '2026-01-02', 'USD', '9.99', '{}');
INSERT INTO runs (kind, state, started_at, counts, requests) VALUES ('sync', 'done', 1, '{}', '{}');
INSERT INTO changes (run, seq, stage, code, key, title, reason, outcome)
VALUES (1, 1, 2, 'create_contact', 'h', 'Ada', 'new', 'done');
INSERT INTO change_bodies (row, body) VALUES (1, '{}');
INSERT INTO skips (subject, key, title, code, reason) VALUES ('customer', '2', 'Bob', 'no_email', '{}');
INSERT INTO consent_entries (hash, email, status, at, grounds, run, how)
VALUES ('h', 'ada@shop.test', 'transactional', 1, 'bought something', 1, 'created');
INSERT INTO attention (code, subject, params, opened_at) VALUES ('totals_differ', '', '{}', 1);
INSERT INTO meter (month, service, calls) VALUES ('2026-01', 'intuit', 3);
