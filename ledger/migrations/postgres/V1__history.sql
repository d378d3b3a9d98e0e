-- The history and what is derived from it. Every key that grows begins with its stream, so that
-- tables can be partitioned by it; claims and commands are unique in the whole ledger and begin
-- with their own key. Keys are compared byte by byte: an index does not depend on the collations
-- of the machine.

CREATE TABLE setting (
    name TEXT COLLATE "C" PRIMARY KEY,
    value BYTEA NOT NULL
);

-- `json` is the exact text that `chain` was computed over.
CREATE TABLE event (
    stream TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    json TEXT NOT NULL,
    chain BYTEA NOT NULL,
    PRIMARY KEY (stream, idx)
);

-- A row is locked by whoever decides on its stream; with 0 it is the place of a stream to come.
-- Pages are left half empty because every command updates rows here.
CREATE TABLE head (
    stream TEXT COLLATE "C" PRIMARY KEY,
    idx BIGINT NOT NULL,
    chain BYTEA NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE claim (
    space TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    holder TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (space, digest)
);

CREATE TABLE command (
    id TEXT COLLATE "C" PRIMARY KEY,
    digest BYTEA NOT NULL,
    receipt TEXT NOT NULL
);

-- The only table that holds names and addresses, and the only one that is ever erased from.
CREATE TABLE person (
    id TEXT COLLATE "C" PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT
);
