-- States of long streams, so that opening one does not take reading all its events, each with the
-- digest of its text. Follows from the history; another version of the program makes its own.
CREATE TABLE snapshot (
    stream TEXT NOT NULL PRIMARY KEY,
    json TEXT NOT NULL,
    digest TEXT NOT NULL
);
