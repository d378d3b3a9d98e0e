-- What is to be sent, in order, until the vendor's program says that it was; then the row goes.
CREATE TABLE outbox (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    command TEXT COLLATE "C" NOT NULL,
    json TEXT NOT NULL
);

ALTER TABLE person ADD COLUMN company TEXT, ADD COLUMN phone TEXT, ADD COLUMN tax_id TEXT;
