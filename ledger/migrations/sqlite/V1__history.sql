-- The history and what is derived from it. Every key that grows begins with its stream.

CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;

-- Append-ordered; `json` is the exact text that `chain` was computed over.
CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    idx INTEGER NOT NULL,
    json TEXT NOT NULL,
    chain BLOB NOT NULL,
    UNIQUE (stream, idx)
);

CREATE TABLE head (
    stream TEXT NOT NULL PRIMARY KEY,
    idx INTEGER NOT NULL,
    chain BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE claim (
    space TEXT NOT NULL,
    digest TEXT NOT NULL,
    holder TEXT NOT NULL,
    PRIMARY KEY (space, digest)
) WITHOUT ROWID;

CREATE TABLE command (
    id TEXT NOT NULL PRIMARY KEY,
    digest BLOB NOT NULL,
    receipt TEXT NOT NULL
) WITHOUT ROWID;

-- The only table that holds names and addresses, and the only one that is ever erased from.
CREATE TABLE person (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT
) WITHOUT ROWID;
