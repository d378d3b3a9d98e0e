-- The journal: events of all streams by when, by whom and of what kind. Computed from the text of
-- an event, so that it cannot say anything else. Its members stand in one order, and no text within
-- it has a quote without a backslash.
CREATE INDEX event_by_time ON event (
    (substring(json FROM '"at":"([^"]*)"') COLLATE "C"),
    stream, idx
);

CREATE INDEX event_by_actor ON event (
    (substring(json FROM '"actor":\{"role":"[a-z_]*","id":"([^"]*)"') COLLATE "C"),
    (substring(json FROM '"at":"([^"]*)"') COLLATE "C"),
    stream, idx
);

-- The kind is the only key of `event`: `{"registered":{…}}`.
CREATE INDEX event_by_kind ON event (
    (substring(json FROM '"event":\{"([a-z_]*)"') COLLATE "C"),
    (substring(json FROM '"at":"([^"]*)"') COLLATE "C"),
    stream, idx
);
