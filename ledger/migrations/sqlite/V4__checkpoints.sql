-- What was signed about the history: the size and root of the Merkle tree over the log, from what
-- the tree goes on, since when it is kept, and the signed note.
CREATE TABLE checkpoint (
    size INTEGER NOT NULL PRIMARY KEY,
    origin TEXT NOT NULL,
    root BLOB NOT NULL,
    peaks BLOB NOT NULL,
    at TEXT NOT NULL,
    note TEXT NOT NULL
) WITHOUT ROWID;
