-- By whom a customer is found: its dealer, with the person to speak with, and its members. Follows
-- from the history.
CREATE TABLE link (
    holder TEXT COLLATE "C" NOT NULL,
    customer TEXT COLLATE "C" NOT NULL,
    contact TEXT COLLATE "C",
    PRIMARY KEY (holder, customer)
);

ALTER TABLE person ADD COLUMN username TEXT, ADD COLUMN address TEXT;
