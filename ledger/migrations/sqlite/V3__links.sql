-- By whom a customer is found: its dealer, with the person to speak with, and its members. Follows
-- from the history.
CREATE TABLE link (
    holder TEXT NOT NULL,
    customer TEXT NOT NULL,
    contact TEXT,
    PRIMARY KEY (holder, customer)
) WITHOUT ROWID;

ALTER TABLE person ADD COLUMN username TEXT;
ALTER TABLE person ADD COLUMN address TEXT;
