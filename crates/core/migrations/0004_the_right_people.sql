-- The organisation: branches hold departments, both may hold more of their own kind. No cycle is ever stored.
CREATE TABLE branches (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  parent_id  TEXT REFERENCES branches (id),
  created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE departments (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  parent_id  TEXT REFERENCES departments (id),
  branch_id  TEXT REFERENCES branches (id),            -- of a department that has no parent; the others are where their parent is
  created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX departments_parent ON departments (parent_id);
CREATE INDEX departments_branch ON departments (branch_id);
CREATE INDEX branches_parent ON branches (parent_id);

-- Fields of the customer's own, beside the system's.
CREATE TABLE fields (
  key         TEXT PRIMARY KEY,
  label       TEXT NOT NULL,
  type        TEXT NOT NULL CHECK (type IN ('text', 'number', 'date', 'choice')),
  field_group TEXT NOT NULL CHECK (field_group IN ('basic', 'personal')),
  choices     TEXT NOT NULL DEFAULT '[]',              -- a JSON list of texts
  position    INTEGER NOT NULL
) WITHOUT ROWID;

-- What somebody is found by: name, pinyin, initials, numbers, in lower case. Written with the person.
ALTER TABLE employees ADD COLUMN search TEXT NOT NULL DEFAULT '';
-- Holds all that lists are filtered by, so that finding a page of fifty thousand people reads no rows but its own.
DROP INDEX employees_name;
CREATE INDEX employees_name ON employees (name, id, left_on, department_id, branch_id, search);
CREATE INDEX employees_department ON employees (department_id, left_on);
CREATE INDEX employees_branch ON employees (branch_id, left_on);

CREATE TABLE photos (
  employee_id TEXT PRIMARY KEY REFERENCES employees (id) ON DELETE CASCADE,
  file_id     TEXT NOT NULL UNIQUE,
  media_type  TEXT NOT NULL,
  size        INTEGER NOT NULL,                        -- bytes of data
  data        BLOB NOT NULL,                           -- sealed
  changed_at  INTEGER NOT NULL
) WITHOUT ROWID;

-- Files of people that were taken in, and how everybody in them was before, so that the last one can be undone.
CREATE TABLE imports (
  id        INTEGER PRIMARY KEY,
  at        INTEGER NOT NULL,
  who       TEXT NOT NULL,
  file_name TEXT NOT NULL,
  added     INTEGER NOT NULL,
  changed   INTEGER NOT NULL,
  places    TEXT NOT NULL DEFAULT '{}',                -- branches and departments that were made for it, as JSON
  undone_at INTEGER
);
CREATE TABLE import_changes (
  import_id   INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
  employee_id TEXT NOT NULL,
  before      TEXT,                                    -- JSON; none for somebody who was added
  after       TEXT NOT NULL,
  PRIMARY KEY (import_id, employee_id)
) WITHOUT ROWID;

-- An entry that is being removed keeps its row until the machine has confirmed; its pin may be given to another meanwhile.
-- `due`: 0 nothing to be sent, 1 to be sent by the next polls, 2 on its way.
ALTER TABLE roster ADD COLUMN state TEXT NOT NULL DEFAULT 'noNumber'
  CHECK (state IN ('noNumber', 'waiting', 'sent', 'synced', 'failed', 'removing'));
ALTER TABLE roster ADD COLUMN due INTEGER NOT NULL DEFAULT 0;
ALTER TABLE roster ADD COLUMN failure TEXT;            -- a stable code; of an entry being removed, too
ALTER TABLE roster ADD COLUMN failure_detail TEXT;
UPDATE roster SET state = iif(pin IS NULL, 'noNumber', 'waiting');
DROP INDEX roster_pin;
CREATE UNIQUE INDEX roster_pin ON roster (machine_id, pin_number) WHERE pin_number IS NOT NULL AND state <> 'removing';
CREATE INDEX roster_number ON roster (machine_id, pin_number) WHERE pin_number IS NOT NULL;
CREATE INDEX roster_state ON roster (machine_id, state);
-- Administrators first: their role comes first in the alphabet, too.
CREATE INDEX roster_due ON roster (machine_id, role) WHERE due = 1;
CREATE INDEX roster_administrators ON roster (machine_id) WHERE role = 'administrator';

-- What machines have of what they were told, under each number: what was confirmed last (no name: that is not known), and the
-- last command that is out about it.
CREATE TABLE applied (
  machine_id   INTEGER NOT NULL REFERENCES machines (id),
  pin_number   INTEGER NOT NULL,
  employee_id  TEXT NOT NULL,                          -- on whose behalf
  name         TEXT,
  role         TEXT,
  standing     TEXT CHECK (standing IN ('present', 'barred', 'away')),   -- may identify; is there and may not; was taken off, kept here
  confirmed_at INTEGER,
  command_id   INTEGER,
  sending      TEXT,                                   -- what that command will have made true, as JSON
  backup_at    INTEGER,                                -- since when templates and card are being read, before they are deleted there
  backup_count INTEGER NOT NULL DEFAULT 0,             -- how many templates the machine says it sent
  restore      INTEGER NOT NULL DEFAULT 0,             -- with the next writing: 1 the templates the machine has no more, 2 all
  refused      INTEGER NOT NULL DEFAULT 0,             -- a part of what is on its way was refused
  due          INTEGER NOT NULL DEFAULT 0,             -- as in roster; for numbers nobody has any more
  PRIMARY KEY (machine_id, pin_number)
) WITHOUT ROWID;
CREATE INDEX applied_command ON applied (command_id) WHERE command_id IS NOT NULL;
CREATE INDEX applied_due ON applied (machine_id, due) WHERE due = 1;
CREATE INDEX applied_employee ON applied (employee_id);
ALTER TABLE machines ADD COLUMN found_empty_at INTEGER;   -- when it last said that it holds nobody, though it was told of somebody
ALTER TABLE machines ADD COLUMN people_read_at INTEGER;   -- when its people were read last, or asked for in vain

CREATE TABLE number_mappings (
  machine_id INTEGER PRIMARY KEY REFERENCES machines (id),
  enabled    INTEGER NOT NULL,
  field      TEXT
);

CREATE TABLE dispatch_rules (
  machine_id   INTEGER PRIMARY KEY REFERENCES machines (id),
  enabled      INTEGER NOT NULL,
  out_of_scope TEXT NOT NULL CHECK (out_of_scope IN ('keep', 'delete', 'disable')),
  run_at       TEXT NOT NULL,                          -- HH:MM, where the machine hangs
  sync         INTEGER NOT NULL,
  last_run_on  TEXT NOT NULL                           -- the machine's newest date whose nightly run is begun, or was no business of this rule
);
CREATE TABLE dispatch_targets (
  machine_id INTEGER NOT NULL REFERENCES dispatch_rules (machine_id) ON DELETE CASCADE,
  excluded   INTEGER NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN ('employee', 'department', 'branch')),
  target_id  TEXT NOT NULL,
  position   INTEGER NOT NULL,
  PRIMARY KEY (machine_id, excluded, kind, target_id)
) WITHOUT ROWID;
-- People whose place in the directory changed since the rules were last looked at. Somebody who is moved once more gets a
-- higher number, so that what looked at the first move does not take the second for done.
CREATE TABLE dispatch_dirty (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  employee_id TEXT NOT NULL UNIQUE
);

CREATE TABLE jobs (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  kind          TEXT NOT NULL,
  machine_id    INTEGER REFERENCES machines (id),
  params        TEXT NOT NULL DEFAULT '{}',
  state         TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'needsConfirmation', 'done', 'failed', 'cancelled')),
  done          INTEGER NOT NULL DEFAULT 0,
  total         INTEGER NOT NULL DEFAULT 0,
  result        TEXT,
  who           TEXT NOT NULL,
  tries         INTEGER NOT NULL DEFAULT 0,
  created_at    INTEGER NOT NULL,
  started_at    INTEGER,
  ended_at      INTEGER,
  next_at       INTEGER,                               -- when it is worth another look
  lease         INTEGER,                               -- for how many milliseconds somebody has it at a time
  lease_until   INTEGER,                               -- somebody works on it until then
  confirmed     INTEGER NOT NULL DEFAULT 0,
  cancel_wanted INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX jobs_open ON jobs (next_at) WHERE state IN ('waiting', 'running');
CREATE INDEX jobs_machine ON jobs (machine_id, id);
CREATE TABLE job_log (
  id     INTEGER PRIMARY KEY,
  job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  at     INTEGER NOT NULL,
  level  TEXT NOT NULL CHECK (level IN ('info', 'warning', 'error')),
  code   TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT '{}'                    -- a JSON object: names and counts the text of the code speaks of
);
CREATE INDEX job_log_job ON job_log (job_id, id);
