-- The text by which the key of this database is recognised; the key itself is in a file beside it.
CREATE TABLE vault (
  id    INTEGER PRIMARY KEY CHECK (id = 1),
  proof BLOB NOT NULL
);

-- What machines say of the people they hold; no roster follows from it by itself.
CREATE TABLE seen_people (
  machine_id    INTEGER NOT NULL REFERENCES machines (id),
  pin           TEXT NOT NULL,                         -- as the machine sent it
  pin_key       NOT NULL,                              -- what pins are compared and ordered by: an integer if it is one, else text
  name          TEXT NOT NULL,
  privilege     TEXT NOT NULL CHECK (privilege IN ('user', 'registrar', 'administrator')),
  raw_privilege TEXT NOT NULL,                         -- the machine's own number or word
  inactive      INTEGER NOT NULL,
  card          TEXT NOT NULL,
  password      BLOB,                                  -- sealed
  access_group  TEXT NOT NULL,
  verify        TEXT NOT NULL,
  valid_from    TEXT NOT NULL,                         -- as sent: dialects and firmware have their own forms
  valid_to      TEXT NOT NULL,
  uid           TEXT NOT NULL,                         -- the row number an access machine has for them
  on_machine    INTEGER NOT NULL,                      -- 0: the machine has them no more, they are kept as a backup
  seen_at       INTEGER NOT NULL
);
CREATE UNIQUE INDEX seen_people_once ON seen_people (machine_id, pin_key);
CREATE INDEX seen_people_on_machine ON seen_people (machine_id, pin_key) WHERE on_machine = 1;

CREATE TABLE templates (
  id         INTEGER PRIMARY KEY,
  machine_id INTEGER NOT NULL REFERENCES machines (id),
  pin        TEXT NOT NULL,
  pin_key    NOT NULL,
  kind       TEXT NOT NULL,                            -- fingerprint, nearInfraredFace, fingerVein, photo, picture, bio0 to bio255
  no         INTEGER NOT NULL,
  idx        INTEGER NOT NULL,
  valid      INTEGER NOT NULL,
  duress     INTEGER NOT NULL,
  major      INTEGER,                                  -- version of the algorithm; none when the machine does not say
  minor      INTEGER,
  format     INTEGER NOT NULL,
  on_machine INTEGER NOT NULL,                         -- 0: the machine has it no more, it is kept as a backup
  seen_at    INTEGER NOT NULL,
  size       INTEGER NOT NULL,                         -- bytes of data
  data       BLOB NOT NULL                             -- sealed
);
CREATE UNIQUE INDEX templates_once ON templates (machine_id, pin_key, kind, no, idx);
-- For counting, without touching what is sealed.
CREATE INDEX templates_on_machine ON templates (machine_id, pin_key, kind, no) WHERE on_machine = 1;

-- What was done at a machine, and what happened to it.
CREATE TABLE machine_events (
  id          INTEGER PRIMARY KEY,                     -- the order of arrival
  machine_id  INTEGER NOT NULL REFERENCES machines (id),
  wall        INTEGER NOT NULL,                        -- -9223372036854775808 = the machine sent no time
  utc_offset  INTEGER NOT NULL,
  code        INTEGER NOT NULL,
  operator    TEXT NOT NULL,
  objects     TEXT NOT NULL,                           -- a JSON list of texts
  kind        TEXT NOT NULL,
  raw         BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  UNIQUE (machine_id, wall, code, operator, objects, kind)
);
CREATE INDEX machine_events_machine ON machine_events (machine_id, id);

-- Pictures taken at punches; joined to them by machine, second and pin.
CREATE TABLE pictures (
  id          INTEGER PRIMARY KEY,
  machine_id  INTEGER NOT NULL REFERENCES machines (id),
  name        TEXT,                                    -- the machine's own; none when it gave none
  pin         TEXT,                                    -- none for a failed attempt
  pin_key,
  wall        INTEGER,
  received_at INTEGER NOT NULL,
  size        INTEGER NOT NULL,                        -- bytes of data
  data        BLOB NOT NULL,                           -- sealed
  UNIQUE (machine_id, name)
);
CREATE INDEX pictures_punch ON pictures (machine_id, wall, pin_key);
CREATE INDEX pictures_newest ON pictures (machine_id, id, size);

-- Bodies are sealed from here on. Those that lie in clear are sealed at the next start, by the program, which has the key; this
-- table goes with the last of them.
DROP INDEX kept_uploads_machine;
ALTER TABLE kept_uploads RENAME TO clear_uploads;
CREATE TABLE kept_uploads (
  id          INTEGER PRIMARY KEY,
  machine_id  INTEGER NOT NULL REFERENCES machines (id),
  table_name  TEXT NOT NULL,
  query       TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  size        INTEGER NOT NULL,                        -- bytes of body
  body        BLOB NOT NULL                            -- sealed
);
CREATE INDEX kept_uploads_newest ON kept_uploads (machine_id, id, size);
