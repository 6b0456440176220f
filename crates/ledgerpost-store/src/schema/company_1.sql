CREATE TABLE state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    generation INTEGER NOT NULL,
    planned_generation INTEGER,
    store TEXT NOT NULL,
    company TEXT,
    company_raw TEXT,
    audience TEXT,
    audience_raw TEXT
) STRICT;
INSERT INTO state (id, generation, store) VALUES (1, 0, 'absent');

CREATE TABLE customers (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    person TEXT,
    email TEXT,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX customers_by_name ON customers (name COLLATE NOCASE, id);

CREATE TABLE items (
    id TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE documents (
    row INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    sale INTEGER NOT NULL,
    number TEXT,
    date TEXT NOT NULL,
    customer TEXT,
    currency TEXT,
    total TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX documents_sales ON documents (customer, date) WHERE sale = 1;

CREATE TABLE credit_applications (
    carrier TEXT NOT NULL,
    position INTEGER NOT NULL,
    invoice TEXT NOT NULL,
    memo TEXT NOT NULL,
    amount TEXT NOT NULL,
    PRIMARY KEY (carrier, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX credit_applications_by_invoice ON credit_applications (invoice, amount);
CREATE INDEX credit_applications_by_memo ON credit_applications (memo, amount);

CREATE TABLE raw_records (
    entity TEXT NOT NULL,
    id TEXT NOT NULL,
    raw TEXT NOT NULL,
    UNIQUE (entity, id)
) STRICT;

CREATE TABLE unreadable (
    entity TEXT NOT NULL,
    id TEXT NOT NULL,
    detail TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (entity, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE members (
    hash TEXT NOT NULL PRIMARY KEY,
    status TEXT NOT NULL,
    last_changed TEXT,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE seen (
    entity TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (entity, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE comparisons (
    entity TEXT NOT NULL PRIMARY KEY,
    begun_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cursors (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    moved_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE contact_links (
    hash TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    created_by_us INTEGER NOT NULL,
    tagged INTEGER NOT NULL,
    refused TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE link_customers (
    hash TEXT NOT NULL REFERENCES contact_links (hash) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    customer TEXT NOT NULL,
    PRIMARY KEY (hash, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_customers_by_customer ON link_customers (customer);

CREATE TABLE product_links (
    id TEXT NOT NULL PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    refused TEXT,
    body TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE order_links (
    key TEXT NOT NULL PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    present INTEGER NOT NULL,
    refused TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE order_bodies (
    key TEXT NOT NULL PRIMARY KEY REFERENCES order_links (key) ON DELETE CASCADE,
    contact TEXT NOT NULL,
    date TEXT NOT NULL,
    currency TEXT NOT NULL,
    total TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX order_bodies_by_contact ON order_bodies (contact);

CREATE TABLE runs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    failure TEXT,
    counts TEXT NOT NULL,
    requests TEXT NOT NULL
) STRICT;

CREATE TABLE changes (
    row INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    stage INTEGER NOT NULL,
    code TEXT NOT NULL,
    key TEXT NOT NULL,
    title TEXT NOT NULL,
    reason TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT,
    batch TEXT,
    at INTEGER,
    body TEXT NOT NULL,
    UNIQUE (run, seq)
) STRICT;
CREATE INDEX changes_by_outcome ON changes (run, outcome, stage, seq);

CREATE TABLE skips (
    seq INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,
    key TEXT NOT NULL,
    title TEXT NOT NULL,
    code TEXT NOT NULL,
    reason TEXT NOT NULL,
    amount TEXT,
    currency TEXT
) STRICT;
CREATE INDEX skips_by_key ON skips (subject, key);
CREATE INDEX skips_by_code ON skips (code);

CREATE TABLE consent_entries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    hash TEXT NOT NULL,
    email TEXT NOT NULL,
    status TEXT NOT NULL,
    at INTEGER NOT NULL,
    grounds TEXT NOT NULL,
    run INTEGER REFERENCES runs (number),
    how TEXT NOT NULL
) STRICT;
CREATE INDEX consent_entries_by_hash ON consent_entries (hash);
CREATE TRIGGER consent_entries_keep_update BEFORE UPDATE ON consent_entries
BEGIN SELECT RAISE(ABORT, 'consent entries are append-only'); END;
CREATE TRIGGER consent_entries_keep_delete BEFORE DELETE ON consent_entries
BEGIN SELECT RAISE(ABORT, 'consent entries are append-only'); END;

CREATE TABLE attention (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL,
    subject TEXT NOT NULL,
    params TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    resolved_at INTEGER
) STRICT;
CREATE UNIQUE INDEX attention_open ON attention (code, subject) WHERE resolved_at IS NULL;

CREATE TABLE meter (
    month TEXT NOT NULL,
    service TEXT NOT NULL,
    calls INTEGER NOT NULL,
    PRIMARY KEY (month, service)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE customer_words USING fts5 (
    name, person, email,
    content = 'customers', content_rowid = 'row',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
);
CREATE TRIGGER customer_words_insert AFTER INSERT ON customers BEGIN
    INSERT INTO customer_words (rowid, name, person, email)
    VALUES (new.row, new.name, new.person, new.email);
END;
CREATE TRIGGER customer_words_delete AFTER DELETE ON customers BEGIN
    INSERT INTO customer_words (customer_words, rowid, name, person, email)
    VALUES ('delete', old.row, old.name, old.person, old.email);
END;
CREATE TRIGGER customer_words_update AFTER UPDATE OF name, person, email ON customers
WHEN old.name IS NOT new.name OR old.person IS NOT new.person OR old.email IS NOT new.email BEGIN
    INSERT INTO customer_words (customer_words, rowid, name, person, email)
    VALUES ('delete', old.row, old.name, old.person, old.email);
    INSERT INTO customer_words (rowid, name, person, email)
    VALUES (new.row, new.name, new.person, new.email);
END;

CREATE VIRTUAL TABLE document_words USING fts5 (
    number,
    content = 'documents', content_rowid = 'row',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
-- Documents without a number are in the index too: it must have a row for each row of its table.
CREATE TRIGGER document_words_insert AFTER INSERT ON documents BEGIN
    INSERT INTO document_words (rowid, number) VALUES (new.row, new.number);
END;
CREATE TRIGGER document_words_delete AFTER DELETE ON documents BEGIN
    INSERT INTO document_words (document_words, rowid, number)
    VALUES ('delete', old.row, old.number);
END;
CREATE TRIGGER document_words_update AFTER UPDATE OF number ON documents
WHEN old.number IS NOT new.number BEGIN
    INSERT INTO document_words (document_words, rowid, number)
    VALUES ('delete', old.row, old.number);
    INSERT INTO document_words (rowid, number) VALUES (new.row, new.number);
END;
