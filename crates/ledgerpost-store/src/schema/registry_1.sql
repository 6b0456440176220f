CREATE TABLE companies (
    realm TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    added_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    api_base TEXT NOT NULL,
    added_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE connections (
    realm TEXT NOT NULL PRIMARY KEY REFERENCES companies (realm) ON DELETE CASCADE,
    account TEXT NOT NULL REFERENCES accounts (id),
    audience_id TEXT NOT NULL,
    audience_name TEXT NOT NULL,
    state TEXT NOT NULL,
    settings TEXT NOT NULL,
    needs_approval INTEGER NOT NULL,
    approved_at INTEGER,
    approved_changes INTEGER,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
