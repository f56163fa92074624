-- What people are to work. A shift keeps its row when it is removed: days were judged by it.
CREATE TABLE shifts (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  rule       TEXT NOT NULL,                            -- JSON: kind, segments, grace, windows, breaks, thresholds
  color      TEXT,                                     -- a name of the console's palette
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  removed_at INTEGER
) WITHOUT ROWID;
CREATE UNIQUE INDEX shifts_name ON shifts (name) WHERE removed_at IS NULL;

-- A cycle of days, each with a shift or none (rest), that begins anew when it is through.
CREATE TABLE rotations (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL,
  steps      TEXT NOT NULL,                            -- a JSON list of shift ids and nulls
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  removed_at INTEGER
) WITHOUT ROWID;
CREATE UNIQUE INDEX rotations_name ON rotations (name) WHERE removed_at IS NULL;

CREATE TABLE shift_assignments (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,       -- the higher is the newer
  kind        TEXT NOT NULL CHECK (kind IN ('employee', 'department', 'branch')),
  target_id   TEXT NOT NULL,
  shift_id    TEXT REFERENCES shifts (id),
  rotation_id TEXT REFERENCES rotations (id),
  anchor      TEXT,                                    -- the date of the rotation's first step
  from_on     TEXT NOT NULL,
  to_on       TEXT,                                    -- the last day; none: open
  weekdays    INTEGER NOT NULL,                        -- bit 0 is Monday, bit 6 Sunday
  holidays    INTEGER NOT NULL DEFAULT 0,              -- 1: holidays are worked as well
  created_at  INTEGER NOT NULL,
  CHECK ((shift_id IS NULL) <> (rotation_id IS NULL))
);
CREATE INDEX shift_assignments_target ON shift_assignments (kind, target_id);

-- Where people were before they were moved: what they worked then is judged by the assignments of that place.
CREATE TABLE employee_moves (
  employee_id   TEXT NOT NULL REFERENCES employees (id) ON DELETE CASCADE,
  moved_on      TEXT NOT NULL,                         -- until the day before
  department_id TEXT,
  branch_id     TEXT,                                  -- of somebody without a department
  PRIMARY KEY (employee_id, moved_on)
) WITHOUT ROWID;
CREATE INDEX employee_moves_department ON employee_moves (department_id) WHERE department_id IS NOT NULL;
CREATE INDEX employee_moves_branch ON employee_moves (branch_id) WHERE branch_id IS NOT NULL;

CREATE TABLE calendar_days (
  date       TEXT PRIMARY KEY,
  kind       TEXT NOT NULL CHECK (kind IN ('holiday', 'workday')),
  name       TEXT NOT NULL,
  as_weekday INTEGER                                   -- 1 Monday … 7 Sunday: the weekday a make-up workday is worked as
) WITHOUT ROWID;

-- One person's one day, set by hand in the schedule; narrower than every assignment.
CREATE TABLE schedule_days (
  employee_id TEXT NOT NULL REFERENCES employees (id),
  date        TEXT NOT NULL,
  shift_id    TEXT REFERENCES shifts (id),             -- none: rest
  PRIMARY KEY (employee_id, date)
) WITHOUT ROWID;
CREATE INDEX schedule_days_date ON schedule_days (date);
CREATE INDEX schedule_days_shift ON schedule_days (shift_id, date);

CREATE TABLE leaves (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  employee_id TEXT NOT NULL REFERENCES employees (id),
  kind        TEXT NOT NULL,
  from_on     TEXT NOT NULL,
  to_on       TEXT NOT NULL,                           -- the last day
  from_minute INTEGER,                                 -- of the first day; none: from its beginning
  to_minute   INTEGER,                                 -- of the last day; none: to its end
  note        TEXT NOT NULL,
  who         TEXT NOT NULL,
  created_at  INTEGER NOT NULL
);
CREATE INDEX leaves_employee ON leaves (employee_id, from_on);
CREATE INDEX leaves_from ON leaves (from_on, to_on);

-- What somebody asks to be put right, and what became of it.
CREATE TABLE appeals (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  employee_id TEXT NOT NULL REFERENCES employees (id),
  date        TEXT NOT NULL,
  mark        TEXT NOT NULL CHECK (mark IN ('late', 'earlyLeave', 'missingIn', 'missingOut', 'absent')),
  claimed     INTEGER,                                 -- a punch that is missing (补卡): minutes after the midnight the date begins with
  reason      TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('open', 'approved', 'rejected', 'withdrawn')),
  raised_by   TEXT NOT NULL,
  raised_at   INTEGER NOT NULL,
  decided_by  TEXT,
  decided_at  INTEGER,
  note        TEXT
);
CREATE INDEX appeals_state ON appeals (state, id);
CREATE INDEX appeals_day ON appeals (employee_id, date);
CREATE UNIQUE INDEX appeals_open ON appeals (employee_id, date, mark) WHERE state = 'open';
CREATE TABLE appeal_evidence (
  appeal_id  INTEGER PRIMARY KEY REFERENCES appeals (id) ON DELETE CASCADE,
  name       TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size       INTEGER NOT NULL,                         -- bytes
  data       BLOB NOT NULL                             -- sealed
);

-- New facts beside the punches, which are never edited: a punch that was not made at a machine, or a mark that is lifted.
CREATE TABLE corrections (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  employee_id  TEXT NOT NULL REFERENCES employees (id),
  date         TEXT NOT NULL,                          -- the day it is for
  kind         TEXT NOT NULL CHECK (kind IN ('punch', 'lift')),
  mark         TEXT,                                   -- of a lift: which mark
  wall         INTEGER,                                -- of a punch
  utc_offset   INTEGER,
  appeal_id    INTEGER REFERENCES appeals (id),
  reason       TEXT NOT NULL,
  who          TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  withdrawn_at INTEGER,
  withdrawn_by TEXT
);
CREATE INDEX corrections_day ON corrections (employee_id, date);
CREATE UNIQUE INDEX corrections_appeal ON corrections (appeal_id) WHERE appeal_id IS NOT NULL;

-- What was done to whatever a day depends on is shown with it.
CREATE INDEX audit_subject ON audit (subject, id);

-- Until when everything a machine has recorded is here, as far as anybody can tell: it has called since and brought nothing more.
-- Its last call alone says less, since a machine that was away calls before it sends what it has kept.
ALTER TABLE machines ADD COLUMN caught_up_at INTEGER;
UPDATE machines SET caught_up_at = last_seen_at;

-- Results, as far as facts go: what the horizon makes of them is added when they are read. Derived, but for the days of
-- a locked month, which stay as they were.
CREATE TABLE attendance_days (
  employee_id TEXT NOT NULL REFERENCES employees (id),
  date        TEXT NOT NULL,
  shift_id    TEXT,
  status      TEXT NOT NULL,
  first_in    INTEGER,                                 -- wall clock; with its offset, as of punches
  first_in_offset INTEGER,
  last_out    INTEGER,
  last_out_offset INTEGER,
  worked      INTEGER NOT NULL,                        -- minutes
  required    INTEGER NOT NULL,
  overtime    INTEGER NOT NULL,
  leave       INTEGER NOT NULL,
  begins_at   INTEGER NOT NULL,                        -- the window punches of this day are taken from: seconds of UTC
  ends_at     INTEGER NOT NULL,
  marks       TEXT NOT NULL,                           -- JSON: kind, minutes, lifted
  bits        INTEGER NOT NULL,                        -- which marks are not lifted: lists are filtered by them
  computed_at INTEGER NOT NULL,
  PRIMARY KEY (date, employee_id)
) WITHOUT ROWID;
CREATE INDEX attendance_days_person ON attendance_days (employee_id, date);

-- Days whose facts changed since they were judged; numbered, so that a second change is not taken for the first.
CREATE TABLE attendance_dirty (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  employee_id TEXT NOT NULL,
  date        TEXT NOT NULL,
  UNIQUE (employee_id, date)
);
-- The newest dates are judged first.
CREATE INDEX attendance_dirty_date ON attendance_dirty (date, employee_id);
-- Stretches of so many days that they are noted above bit by bit; an empty target is everybody.
CREATE TABLE attendance_stretches (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  kind      TEXT NOT NULL CHECK (kind IN ('employee', 'department', 'branch', 'everybody')),
  target_id TEXT NOT NULL,
  from_on   TEXT NOT NULL,
  to_on     TEXT NOT NULL                              -- the last day that is still to be noted
);
-- `punch`: the newest punch that was looked at; `since` and `through`: the first and the newest date that was opened for everybody.
-- `alive`: when this computer was known to be awake last (milliseconds).
CREATE TABLE attendance_state (
  key   TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) WITHOUT ROWID;
-- Without shifts no punch held so far belongs to a day; those that get shifts later are judged then.
INSERT INTO attendance_state (key, value) SELECT 'punch', coalesce(max(id), 0) FROM punches;

CREATE TABLE attendance_locks (
  month     TEXT PRIMARY KEY,                          -- YYYY-MM
  locked_at INTEGER NOT NULL,
  who       TEXT NOT NULL
) WITHOUT ROWID;
-- What came to light of a day after its month was locked: how the day would be.
CREATE TABLE attendance_after_lock (
  employee_id TEXT NOT NULL,
  date        TEXT NOT NULL,
  after       TEXT NOT NULL,                           -- JSON
  noticed_at  INTEGER NOT NULL,
  PRIMARY KEY (date, employee_id)
) WITHOUT ROWID;

-- What a recomputation changed.
CREATE TABLE attendance_differences (
  job_id      INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  employee_id TEXT NOT NULL,
  date        TEXT NOT NULL,
  before      TEXT,                                    -- JSON; none: there was no result
  after       TEXT,                                    -- JSON; none: there is none any more
  PRIMARY KEY (job_id, date, employee_id)
) WITHOUT ROWID;

-- Asking a machine for punches again, or only how many it holds: what the job of that number works by. The counts are of punches
-- that came within the stretch that was asked for, each counted once.
CREATE TABLE reuploads (
  job_id     INTEGER PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
  machine_id INTEGER NOT NULL REFERENCES machines (id),
  what       TEXT NOT NULL CHECK (what IN ('reupload', 'gapCheck')),
  open       INTEGER NOT NULL DEFAULT 1,
  everybody  INTEGER NOT NULL,                         -- 0: the people of reupload_people
  way        TEXT CHECK (way IN ('query', 'second', 'check')),   -- how it is asked; none: it has not begun
  worked     INTEGER NOT NULL DEFAULT 0,               -- 1: the machine has answered when asked that way
  calm       INTEGER NOT NULL DEFAULT 0,               -- polls without an upload that are waited for before it begins
  counts     INTEGER NOT NULL DEFAULT 1,               -- 0 the machine cannot count, 1 not known yet, 2 it can
  wording    INTEGER NOT NULL DEFAULT 0,               -- of the counts: 1 the second of the two
  told       INTEGER NOT NULL DEFAULT 0,               -- 1: its handshake was answered with stamp 0
  last_id    INTEGER,                                  -- the command for the count at the end
  last_polls INTEGER NOT NULL DEFAULT 0,               -- polls since
  after      INTEGER,                                  -- what it said
  received   INTEGER NOT NULL DEFAULT 0,
  new        INTEGER NOT NULL DEFAULT 0,
  known      INTEGER NOT NULL DEFAULT 0,
  others     INTEGER NOT NULL DEFAULT 0,               -- of people who were not asked for
  repeated   INTEGER NOT NULL DEFAULT 0,               -- lines that came once more
  rejected   INTEGER NOT NULL DEFAULT 0,               -- lines nobody can read
  outside    INTEGER NOT NULL DEFAULT 0                -- punches of other times, which came all the same
);
CREATE INDEX reuploads_open ON reuploads (machine_id, job_id) WHERE open = 1;
CREATE TABLE reupload_people (
  job_id      INTEGER NOT NULL REFERENCES reuploads (job_id) ON DELETE CASCADE,
  employee_id TEXT NOT NULL,
  PRIMARY KEY (job_id, employee_id)
) WITHOUT ROWID;
-- The stretches it is asked in, one after the other.
CREATE TABLE reupload_parts (
  job_id     INTEGER NOT NULL REFERENCES reuploads (job_id) ON DELETE CASCADE,
  part       INTEGER NOT NULL,
  from_wall  INTEGER NOT NULL,                         -- inclusive
  to_wall    INTEGER NOT NULL,                         -- inclusive
  asked_wall INTEGER NOT NULL,                         -- what the machine's clock showed then: punches made later are not of it
  state      TEXT NOT NULL CHECK (state IN ('waiting', 'asked', 'answered', 'done', 'failed')),
  count_id   INTEGER,                                  -- the command that asks how many it holds
  counting   INTEGER NOT NULL DEFAULT 0,               -- 0 not asked, 1 asked, 2 over
  before     INTEGER,                                  -- what it said
  command_id INTEGER,                                  -- the command that asks for them
  answer     INTEGER,                                  -- its code: 0 or how many it sent
  tries      INTEGER NOT NULL DEFAULT 0,
  had        INTEGER NOT NULL DEFAULT 0,               -- how many had come when it was asked for them last
  received   INTEGER NOT NULL DEFAULT 0,
  quiet      INTEGER NOT NULL DEFAULT 0,               -- polls since it answered, or since something came
  PRIMARY KEY (job_id, part)
) WITHOUT ROWID;
-- The punches a job has seen, so that what a machine repeats is counted once; below zero are lines nobody can read. Swept up
-- after the job has ended.
CREATE TABLE reupload_seen (
  job_id   INTEGER NOT NULL,
  punch_id INTEGER NOT NULL,
  PRIMARY KEY (job_id, punch_id)
) WITHOUT ROWID;
-- What a machine was found to understand.
CREATE TABLE reupload_ways (
  machine_id INTEGER PRIMARY KEY REFERENCES machines (id),
  way        TEXT,                                     -- how it sent punches
  counts     INTEGER                                   -- whether it counts those of a day
);
-- How many punches of a day a machine says it holds, beside how many we hold of the same stretch.
CREATE TABLE gap_days (
  machine_id INTEGER NOT NULL REFERENCES machines (id),
  date       TEXT NOT NULL,
  theirs     INTEGER NOT NULL,
  ours       INTEGER NOT NULL,
  to_wall    INTEGER NOT NULL,                         -- how far that day was counted: a day is asked about before it is over
  checked_at INTEGER NOT NULL,
  PRIMARY KEY (machine_id, date)
) WITHOUT ROWID;
CREATE INDEX gap_days_open ON gap_days (machine_id) WHERE theirs > ours;

-- Files of punches that were taken in: a machine that later sends one of them itself sends what is known.
CREATE TABLE punch_files (
  id         INTEGER PRIMARY KEY,
  machine_id INTEGER NOT NULL REFERENCES machines (id),
  name       TEXT NOT NULL,
  who        TEXT NOT NULL,
  at         INTEGER NOT NULL,
  new        INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX punch_files_machine ON punch_files (machine_id);
