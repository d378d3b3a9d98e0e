-- The journal: events of all streams by when, by whom and of what kind. Computed from the text of
-- an event, so that it cannot say anything else; what is no JSON is in none and found by verifying.
CREATE INDEX event_by_time ON event (
    CASE WHEN json_valid(json) THEN json_extract(json, '$.at') END,
    stream, idx
);

CREATE INDEX event_by_actor ON event (
    CASE WHEN json_valid(json) THEN json_extract(json, '$.actor.id') END,
    CASE WHEN json_valid(json) THEN json_extract(json, '$.at') END,
    stream, idx
);

-- The kind is the only key of `event`: `{"registered":{…}}`.
CREATE INDEX event_by_kind ON event (
    CASE WHEN json_valid(json) THEN substr(json_extract(json, '$.event'), 3,
        instr(substr(json_extract(json, '$.event'), 3), '"') - 1) END,
    CASE WHEN json_valid(json) THEN json_extract(json, '$.at') END,
    stream, idx
);
