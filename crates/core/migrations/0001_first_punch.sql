-- Instants are milliseconds since 1970 UTC. `wall` is what a machine's clock showed, in seconds since
-- 1970-01-01 00:00:00 of that wall clock; `utc_offset` are the seconds east of UTC its zone had then.

CREATE TABLE settings (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE machines (
  id                    INTEGER PRIMARY KEY,
  sn                    TEXT NOT NULL,
  sn_key                TEXT NOT NULL UNIQUE,          -- lower case: serial numbers are compared without case
  name                  TEXT NOT NULL,
  model                 TEXT,
  time_zone             TEXT NOT NULL,
  enabled               INTEGER NOT NULL DEFAULT 1,
  added_at              INTEGER NOT NULL,
  deleted_at            INTEGER,                       -- a deleted machine keeps its punches, and is this one again when added again
  dialect               TEXT,
  first_seen_at         INTEGER,
  last_seen_at          INTEGER,
  address               TEXT,
  firmware              TEXT,
  protocol_version      TEXT,
  language              TEXT,
  options               TEXT NOT NULL DEFAULT '{}',    -- what it said of itself, as a JSON object of texts
  reported_people       INTEGER,
  reported_fingerprints INTEGER,
  reported_faces        INTEGER,
  reported_punches      INTEGER,
  held_punches          INTEGER NOT NULL DEFAULT 0,    -- a counter: counting ten million rows for a screen is too slow
  newest_wall           INTEGER
);

CREATE TABLE strangers (
  sn_key        TEXT PRIMARY KEY,
  sn            TEXT NOT NULL,
  address       TEXT NOT NULL,
  first_seen_at INTEGER NOT NULL,
  last_seen_at  INTEGER NOT NULL,
  knocks        INTEGER NOT NULL,
  info          TEXT NOT NULL DEFAULT '{}'
) WITHOUT ROWID;
CREATE INDEX strangers_last_seen ON strangers (last_seen_at);

CREATE TABLE employees (
  id            TEXT PRIMARY KEY,
  name          TEXT NOT NULL,
  branch_id     TEXT,
  department_id TEXT,
  hired_on      TEXT,
  left_on       TEXT,
  fields        TEXT NOT NULL DEFAULT '{}',
  created_at    INTEGER NOT NULL,
  changed_at    INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX employees_name ON employees (name, id);

CREATE TABLE roster (
  machine_id  INTEGER NOT NULL REFERENCES machines (id),
  employee_id TEXT NOT NULL REFERENCES employees (id),
  pin         TEXT,                                    -- as typed
  pin_number  INTEGER,                                 -- as a machine compares it: leading zeros dropped
  pin_source  TEXT CHECK (pin_source IN ('typed', 'mapped')),
  role        TEXT NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'registrar', 'administrator')),
  enabled     INTEGER NOT NULL DEFAULT 1,
  disabled_by TEXT CHECK (disabled_by IN ('hand', 'rule')),
  source      TEXT NOT NULL DEFAULT 'manual' CHECK (source IN ('manual', 'rule')),
  added_at    INTEGER NOT NULL,
  changed_at  INTEGER NOT NULL,
  PRIMARY KEY (machine_id, employee_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX roster_pin ON roster (machine_id, pin_number) WHERE pin_number IS NOT NULL;
CREATE INDEX roster_employee ON roster (employee_id);

-- Whose punch is it: (machine, pin) belongs to an employee for a span [from_at, to_at), in seconds of UTC; plus and minus
-- 2^62 are the ends of time.
CREATE TABLE spans (
  id          INTEGER PRIMARY KEY,
  machine_id  INTEGER NOT NULL REFERENCES machines (id),
  pin_number  INTEGER NOT NULL,
  employee_id TEXT NOT NULL REFERENCES employees (id),
  from_at     INTEGER NOT NULL,
  to_at       INTEGER NOT NULL,
  CHECK (from_at <= to_at)
);
CREATE INDEX spans_pin ON spans (machine_id, pin_number, from_at);
CREATE INDEX spans_employee ON spans (employee_id);

CREATE TABLE punches (
  id          INTEGER PRIMARY KEY,                     -- the order of arrival
  machine_id  INTEGER NOT NULL REFERENCES machines (id),
  pin         TEXT NOT NULL,
  pin_number  INTEGER,                                 -- none when the machine's pin is not a number
  wall        INTEGER NOT NULL,
  utc_offset  INTEGER NOT NULL,
  status      INTEGER NOT NULL,                        -- -2147483648 = the machine sent none (NULLs would not collide)
  verify      TEXT NOT NULL,
  work_code   TEXT NOT NULL,
  raw         BLOB NOT NULL,
  source      INTEGER NOT NULL,                        -- 0 live, 1 re-upload, 2 file
  flags       INTEGER NOT NULL,                        -- 1 future, 2 ancient, 4 clock off, 8 disabled person
  received_at INTEGER NOT NULL
);
-- Time first: inserts touch the right edge of the tree, which makes them five times faster than machine first. Numbers
-- collide by value: a machine may drop the leading zeros when it sends a punch again.
CREATE UNIQUE INDEX punches_once ON punches (wall, machine_id, ifnull(pin_number, pin), status, verify);
CREATE INDEX punches_pin ON punches (machine_id, pin_number, wall);

-- Punches nobody's span covers; derived, kept so that listing them needs no walk through all punches.
CREATE TABLE unmatched (
  punch_id INTEGER PRIMARY KEY REFERENCES punches (id)
);

CREATE TABLE rejected_lines (
  id          INTEGER PRIMARY KEY,
  machine_id  INTEGER NOT NULL REFERENCES machines (id),
  line        BLOB NOT NULL,
  reason      TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  UNIQUE (machine_id, line, reason)                    -- a machine that repeats itself says nothing new
);

CREATE TABLE kept_uploads (
  id          INTEGER PRIMARY KEY,
  machine_id  INTEGER NOT NULL REFERENCES machines (id),
  table_name  TEXT NOT NULL,
  query       TEXT NOT NULL,
  body        BLOB NOT NULL,
  received_at INTEGER NOT NULL
);
CREATE INDEX kept_uploads_machine ON kept_uploads (machine_id, id);

CREATE TABLE audit (
  id      INTEGER PRIMARY KEY,
  at      INTEGER NOT NULL,
  who     TEXT NOT NULL,
  what    TEXT NOT NULL,
  subject TEXT NOT NULL,
  before  TEXT,
  after   TEXT
);
