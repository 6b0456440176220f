-- What the window looks at, kept ready so that no screen adds up half a million rows. Everything in
-- here follows from the other tables; triggers keep it in step, whoever writes to them.
--
-- Amounts are whole numbers of a ten-thousandth here: exact for every total that QuickBooks knows,
-- and something that SQLite can add up without a binary float in between.

ALTER TABLE customers ADD COLUMN kind TEXT
    GENERATED ALWAYS AS (json_extract(body, '$.customer_type')) VIRTUAL;
CREATE INDEX customers_look ON customers (id, name, kind);
ALTER TABLE members ADD COLUMN tags TEXT
    GENERATED ALWAYS AS (json_extract(body, '$.tags')) VIRTUAL;
CREATE INDEX members_look ON members (hash, status, tags);

CREATE TABLE customer_types (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- An order belongs to the customer of its document, who may be another one than the contact's.
ALTER TABLE order_bodies ADD COLUMN customer TEXT;
UPDATE order_bodies SET customer =
    (SELECT customer FROM documents WHERE documents.key = order_bodies.key);

CREATE TABLE customer_figures (
    customer TEXT NOT NULL PRIMARY KEY,
    orders INTEGER NOT NULL DEFAULT 0,
    total INTEGER NOT NULL DEFAULT 0,
    touched_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE document_sums (
    month TEXT NOT NULL,
    kind TEXT NOT NULL,
    currency TEXT NOT NULL,
    count INTEGER NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (month, kind, currency)
) STRICT, WITHOUT ROWID;

CREATE TABLE order_sums (
    month TEXT NOT NULL,
    kind TEXT NOT NULL,
    currency TEXT NOT NULL,
    count INTEGER NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (month, kind, currency)
) STRICT, WITHOUT ROWID;

CREATE TABLE skip_sums (
    month TEXT NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    because TEXT NOT NULL,
    currency TEXT NOT NULL,
    count INTEGER NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (month, kind, code, because, currency)
) STRICT, WITHOUT ROWID;

CREATE TABLE left_alone_since (
    customer TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audience_months (
    month TEXT NOT NULL PRIMARY KEY,
    contacts INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE runs ADD COLUMN undoes INTEGER;
-- What was done to one record, whichever run did it.
CREATE INDEX changes_by_key ON changes (key, run, seq);

INSERT INTO document_sums (month, kind, currency, count, total)
SELECT substr(date, 1, 7), kind, COALESCE(currency, ''), COUNT(*),
    SUM(CAST(ROUND(CAST(total AS REAL) * 10000) AS INTEGER))
FROM documents GROUP BY 1, 2, 3;
CREATE TRIGGER document_sums_insert AFTER INSERT ON documents BEGIN
    INSERT INTO document_sums (month, kind, currency, count, total)
    VALUES (substr(new.date, 1, 7), new.kind, COALESCE(new.currency, ''), 1,
        CAST(ROUND(CAST(new.total AS REAL) * 10000) AS INTEGER))
    ON CONFLICT DO UPDATE SET count = count + 1, total = total + excluded.total;
END;
CREATE TRIGGER document_sums_delete AFTER DELETE ON documents BEGIN
    UPDATE document_sums SET count = count - 1,
        total = total - CAST(ROUND(CAST(old.total AS REAL) * 10000) AS INTEGER)
    WHERE month = substr(old.date, 1, 7) AND kind = old.kind
        AND currency = COALESCE(old.currency, '');
END;
CREATE TRIGGER document_sums_update AFTER UPDATE OF date, currency, total ON documents
WHEN old.date IS NOT new.date OR old.currency IS NOT new.currency OR old.total IS NOT new.total
BEGIN
    UPDATE document_sums SET count = count - 1,
        total = total - CAST(ROUND(CAST(old.total AS REAL) * 10000) AS INTEGER)
    WHERE month = substr(old.date, 1, 7) AND kind = old.kind
        AND currency = COALESCE(old.currency, '');
    INSERT INTO document_sums (month, kind, currency, count, total)
    VALUES (substr(new.date, 1, 7), new.kind, COALESCE(new.currency, ''), 1,
        CAST(ROUND(CAST(new.total AS REAL) * 10000) AS INTEGER))
    ON CONFLICT DO UPDATE SET count = count + 1, total = total + excluded.total;
END;

-- An order counts while its link says that it exists. `order_changes` takes the differences and
-- keeps none of them: a view with a trigger is how SQLite writes a thing once.
CREATE VIEW order_changes (sign, key, date, currency, total, customer) AS
SELECT 0, '', '', '', '', '' WHERE 0;
CREATE TRIGGER order_changes_add INSTEAD OF INSERT ON order_changes BEGIN
    INSERT INTO order_sums (month, kind, currency, count, total)
    VALUES (substr(new.date, 1, 7), substr(new.key, 1, instr(new.key, '_') - 1), new.currency,
        new.sign, new.sign * CAST(ROUND(CAST(new.total AS REAL) * 10000) AS INTEGER))
    ON CONFLICT DO UPDATE SET count = count + excluded.count, total = total + excluded.total;
    INSERT INTO customer_figures (customer, orders, total)
    SELECT new.customer, new.sign,
        new.sign * CAST(ROUND(CAST(new.total AS REAL) * 10000) AS INTEGER)
    WHERE new.customer IS NOT NULL
    ON CONFLICT DO UPDATE SET orders = orders + excluded.orders, total = total + excluded.total;
END;
INSERT INTO order_changes (sign, key, date, currency, total, customer)
SELECT 1, b.key, b.date, b.currency, b.total, b.customer
FROM order_bodies b JOIN order_links o ON o.key = b.key WHERE o.present = 1;
CREATE TRIGGER order_sums_insert AFTER INSERT ON order_bodies
WHEN (SELECT present FROM order_links WHERE key = new.key) = 1 BEGIN
    INSERT INTO order_changes
    VALUES (1, new.key, new.date, new.currency, new.total, new.customer);
END;
CREATE TRIGGER order_sums_update AFTER UPDATE ON order_bodies
WHEN (old.date IS NOT new.date OR old.currency IS NOT new.currency OR old.total IS NOT new.total
    OR old.customer IS NOT new.customer)
    AND (SELECT present FROM order_links WHERE key = new.key) = 1 BEGIN
    INSERT INTO order_changes
    VALUES (-1, old.key, old.date, old.currency, old.total, old.customer);
    INSERT INTO order_changes
    VALUES (1, new.key, new.date, new.currency, new.total, new.customer);
END;
CREATE TRIGGER order_sums_present AFTER UPDATE OF present ON order_links
WHEN old.present IS NOT new.present BEGIN
    INSERT INTO order_changes
    SELECT new.present - old.present, key, date, currency, total, customer
    FROM order_bodies WHERE key = new.key;
END;
-- Before, because the body goes with its link.
CREATE TRIGGER order_sums_delete BEFORE DELETE ON order_links WHEN old.present = 1 BEGIN
    INSERT INTO order_changes
    SELECT -1, key, date, currency, total, customer FROM order_bodies WHERE key = old.key;
END;
