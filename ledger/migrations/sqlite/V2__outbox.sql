-- What is to be sent, in order, until the vendor's program says that it was; then the row goes.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    command TEXT NOT NULL,
    json TEXT NOT NULL
);

ALTER TABLE person ADD COLUMN company TEXT;
ALTER TABLE person ADD COLUMN phone TEXT;
ALTER TABLE person ADD COLUMN tax_id TEXT;
