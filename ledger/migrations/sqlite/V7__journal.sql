-- What the journal is asked by, as columns of their own: to compute it from the text of an event for
-- each index costs every command. Verifying compares them with the text.
DROP INDEX event_by_time;
DROP INDEX event_by_actor;
DROP INDEX event_by_kind;

ALTER TABLE event ADD COLUMN at TEXT NOT NULL DEFAULT '';
ALTER TABLE event ADD COLUMN actor TEXT NOT NULL DEFAULT '';
ALTER TABLE event ADD COLUMN kind TEXT NOT NULL DEFAULT '';

-- What does not tell it has none, and is found by verifying.
UPDATE event SET
    at = coalesce(json_extract(json, '$.at'), ''),
    actor = coalesce(json_extract(json, '$.actor.id'), ''),
    kind = coalesce(substr(json_extract(json, '$.event'), 3,
        instr(substr(json_extract(json, '$.event'), 3), '"') - 1), '')
WHERE json_valid(json);

-- One that had the ledger open all along.
CREATE TRIGGER event_of_an_older_program BEFORE INSERT ON event WHEN NEW.kind = ''
BEGIN
    SELECT RAISE(ABORT, 'the ledger was brought forward: open it anew');
END;

CREATE INDEX event_by_time ON event (at, stream, idx);
CREATE INDEX event_by_actor ON event (actor, at, stream, idx);
CREATE INDEX event_by_kind ON event (kind, at, stream, idx);
