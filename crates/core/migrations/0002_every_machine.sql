-- What is known of a machine beyond its first punch: how it writes text, and how far its clock is off (seconds ahead of
-- ours, as of an instant).
ALTER TABLE machines ADD COLUMN encoding TEXT NOT NULL DEFAULT 'auto' CHECK (encoding IN ('auto', 'utf8', 'gb18030'));
ALTER TABLE machines ADD COLUMN seen_encoding TEXT CHECK (seen_encoding IN ('utf8', 'gb18030'));
ALTER TABLE machines ADD COLUMN clock_skew INTEGER;
ALTER TABLE machines ADD COLUMN clock_skew_at INTEGER;
ALTER TABLE machines ADD COLUMN old_user_form INTEGER NOT NULL DEFAULT 0;   -- takes people only in the words of PUSH 1.x

-- Not everything an access machine tells of a person is a punch. `event` is the machine's own number, with that of the door,
-- counted from 0, times 65536 added, -1 where its dialect has none; two events of one person in one second are two records,
-- so it belongs to the key. `address` is kept only while two machines may be sharing one serial number.
ALTER TABLE punches ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;             -- 0 punch, 1 refused, 2 unclassified
ALTER TABLE punches ADD COLUMN event INTEGER NOT NULL DEFAULT -1;
ALTER TABLE punches ADD COLUMN address TEXT;
DROP INDEX punches_once;
CREATE UNIQUE INDEX punches_once ON punches (wall, machine_id, ifnull(pin_number, pin), status, verify, event);
-- For counting them: a refused attempt is nobody's punch, matched or not.
CREATE INDEX punches_refused ON punches (id) WHERE kind = 1;

-- What machines are told. `id` is the number on the wire, never used twice. An order of several steps has a row for each;
-- `after_id` is the step that must be done before.
CREATE TABLE commands (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  machine_id  INTEGER NOT NULL REFERENCES machines (id),
  kind        TEXT NOT NULL,                           -- of the order as it was given
  what        BLOB NOT NULL,                           -- this step of it, as JSON, without what is secret
  secret      BLOB,                                    -- all of it, sealed, as long as it is open
  person      TEXT,                                    -- the pin it is about
  once_only   INTEGER NOT NULL,
  urgency     INTEGER NOT NULL DEFAULT 0,              -- 1 somebody stands at a door, 0 usual, -1 follows from another
  after_id    INTEGER REFERENCES commands (id),
  state       TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'done', 'failed', 'expired', 'cancelled')),
  tries       INTEGER NOT NULL DEFAULT 0,
  who         TEXT NOT NULL,
  queued_at   INTEGER NOT NULL,
  sent_at     INTEGER,
  lease_until INTEGER,
  expires_at  INTEGER,
  done_at     INTEGER,
  return_code INTEGER,
  reason      TEXT,
  detail      TEXT
);
CREATE INDEX commands_open ON commands (machine_id, urgency DESC, id) WHERE state IN ('queued', 'sent');
CREATE INDEX commands_machine ON commands (machine_id, id);
CREATE INDEX commands_after ON commands (after_id) WHERE after_id IS NOT NULL;
