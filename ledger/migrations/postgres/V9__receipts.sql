-- Of a receipt only what the events do not tell: when it was decided, and which events are its own, as
-- JSON: `[["customer/c1",2],…]`. What they are called and where their chains stand, they say.
-- A program of an older version that has the ledger open does not find the table any more.
ALTER TABLE command RENAME TO receipt;
ALTER TABLE receipt RENAME COLUMN id TO command;
ALTER TABLE receipt
    ADD COLUMN at TEXT COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN events TEXT NOT NULL DEFAULT '';

UPDATE receipt SET
    at = split_part(split_part(receipt, '"at":"', 2), '"', 1),
    events = CASE WHEN receipt ~ ('^\{"command":"[^"]*","at":"[^"]*","events":\['
        || '(\{"stream":"[^"]*","index":[0-9]+,"kind":"[^"]*","chain":"[^"]*"\},?)*\]\}$')
    THEN (
        SELECT '[' || coalesce(
            string_agg(format('["%s",%s]', event[1], event[2]), ',' ORDER BY place), '') || ']'
        FROM regexp_matches(receipt, '\{"stream":"([^"]*)","index":([0-9]+)', 'g')
            WITH ORDINALITY AS found (event, place)
    ) ELSE '' END,
    -- A column that is dropped stays in its rows.
    receipt = '';

ALTER TABLE receipt
    DROP COLUMN receipt, ALTER COLUMN at DROP DEFAULT, ALTER COLUMN events DROP DEFAULT;
