-- Of a receipt only what the events do not tell: when it was decided, and which events are its own, as
-- JSON: `[["customer/c1",2],…]`. What they are called and where their chains stand, they say.
CREATE TABLE receipt (
    command TEXT NOT NULL PRIMARY KEY,
    digest BLOB NOT NULL,
    at TEXT NOT NULL,
    events TEXT NOT NULL
) WITHOUT ROWID;

-- What cannot be read as it was cannot be read as it is.
INSERT INTO receipt (command, digest, at, events)
SELECT id, digest,
    CASE WHEN json_valid(receipt) THEN coalesce(json_extract(receipt, '$.at'), '') ELSE '' END,
    CASE WHEN json_valid(receipt) THEN (
        SELECT json_group_array(CASE type WHEN 'object' THEN
            json_array(json_extract(value, '$.stream'), json_extract(value, '$.index')) END ORDER BY key)
        FROM json_each(command.receipt, '$.events')
    ) ELSE '' END
FROM command;

DROP TABLE command;

-- An older program that has the ledger open can neither read receipts, which is no JSON and an error, nor
-- write any. A trigger on the table of events costs every command.
DROP TRIGGER event_of_an_older_program;
CREATE VIEW command AS
SELECT command AS id, digest, json('the ledger was brought forward: open it anew') AS receipt
FROM receipt;
CREATE TRIGGER command_of_an_older_program INSTEAD OF INSERT ON command
BEGIN
    SELECT RAISE(ABORT, 'the ledger was brought forward: open it anew');
END;
