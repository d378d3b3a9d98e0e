-- The order of all events, given by whoever makes a checkpoint, under a lock: events that commit
-- later come later. Those not in here yet have no position.
CREATE TABLE log (
    position BIGINT PRIMARY KEY,
    stream TEXT COLLATE "C" NOT NULL,
    idx BIGINT NOT NULL,
    UNIQUE (stream, idx)
);

-- What was signed about the history: the size and root of the Merkle tree over the log, from what
-- the tree goes on, since when it is kept, and the signed note.
CREATE TABLE checkpoint (
    size BIGINT NOT NULL PRIMARY KEY,
    origin TEXT NOT NULL,
    root BYTEA NOT NULL,
    peaks BYTEA NOT NULL,
    at TEXT NOT NULL,
    note TEXT NOT NULL
);
