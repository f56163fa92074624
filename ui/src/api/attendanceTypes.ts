/** What the service says of days, appeals and corrections. */
export type MarkKind = 'late' | 'earlyLeave' | 'missingIn' | 'missingOut' | 'absent'

export interface Mark {
  kind: MarkKind
  minutes: number
  lifted: boolean
  segment: number | null
}

export type DayStatus = 'normal' | 'late' | 'earlyLeave' | 'missing' | 'absent' | 'rest' | 'holiday' | 'leave' | 'unscheduled' | 'notEmployed' | 'pending'

export interface DayReason {
  code: string
  detail: string
  sn: string | null
  name: string | null
}

export interface Day {
  employeeId: string
  name: string
  departmentId: string | null
  departmentName: string | null
  date: string
  shiftId: string | null
  shiftName: string | null
  firstIn: string | null
  lastOut: string | null
  workedMinutes: number
  requiredMinutes: number
  overtimeMinutes: number
  leaveMinutes: number
  marks: Mark[]
  status: DayStatus
  provisional: boolean
  reasons: DayReason[]
  locked: boolean
  openAppeals: number
}

export interface SheetTotals {
  workedMinutes: number
  requiredMinutes: number
  overtimeMinutes: number
  leaveMinutes: number
  workedDays: number
  lateCount: number
  lateMinutes: number
  earlyCount: number
  earlyMinutes: number
  missingCount: number
  absentMinutes: number
  absentDays: number
  leaveDays: number
  liftedCount: number
}

export interface SheetDay {
  date: string
  status: DayStatus
  marks: Mark[]
  provisional: boolean
  shiftId: string | null
}

export interface SheetRow {
  employeeId: string
  name: string
  departmentName: string | null
  days: SheetDay[]
  totals: SheetTotals
}

export interface SheetDate {
  date: string
  weekday: number
  kind: 'ordinary' | 'holiday' | 'workday'
}

export interface Sheet {
  items: SheetRow[]
  total: number
  next: string | null
  month: string
  locked: boolean
  provisional: boolean
  dates: SheetDate[]
}

export interface Stretch {
  start: string
  end: string
}

export interface Shift {
  id: string
  name: string
  kind: 'fixed' | 'flexible'
  color: string | null
  segments: Stretch[]
  graceInMinutes: number
  graceOutMinutes: number
  windowBeforeMinutes: number
  windowAfterMinutes: number
  breaks: Stretch[]
  requiredMinutes: number | null
  halfDayAfterMinutes: number | null
  absentAfterMinutes: number | null
  overtimeAfterMinutes: number | null
  roundingMinutes: number | null
  doublePunchMinutes: number
}

export interface DayPlan {
  planned: 'works' | 'rest' | 'holiday' | 'unscheduled' | 'notEmployed'
  shift: Shift | null
  because: 'cell' | 'assignment' | 'nothing'
  assignmentId: number | null
  makeUp: string | null
}

export type Unused = 'double' | 'between' | 'worse' | 'clock' | 'unclassified' | 'noShift'

export interface DayFact {
  source: 'punch' | 'correction'
  id: number
  time: string
  sn: string | null
  machineName: string | null
  status: number | null
  verify: string | null
  use: 'in' | 'out' | null
  segment: number | null
  unused: Unused | null
  flags: ('future' | 'ancient' | 'clockOff' | 'disabledPerson')[]
}

export type LeaveKind = 'annual' | 'sick' | 'personal' | 'compensatory' | 'marriage' | 'maternity' | 'bereavement' | 'businessTrip' | 'other'

export interface LeaveOfDay {
  id: number
  kind: LeaveKind
  from: string
  to: string
  start: string | null
  end: string | null
  note: string
}

export interface MachineHorizon {
  sn: string
  name: string
  heardUntil: string | null
  enabled: boolean
  gap: { theirs: number; ours: number } | null
  covers: boolean
}

export interface DayDetail {
  day: Day
  plan: DayPlan
  window: { from: string; to: string }
  facts: DayFact[]
  leaves: LeaveOfDay[]
  appeals: Appeal[]
  corrections: Correction[]
  horizon: MachineHorizon[]
  history: { time: string; who: string; what: string }[]
}

export type AppealState = 'open' | 'approved' | 'rejected' | 'withdrawn'

export interface Evidence {
  name: string
  mediaType: string
  size: number
}

export interface Appeal {
  id: number
  employeeId: string
  name: string
  date: string
  mark: MarkKind
  claimed: string | null
  reason: string
  state: AppealState
  raisedBy: string
  raisedAt: string
  decidedBy: string | null
  decidedAt: string | null
  note: string | null
  evidence: Evidence | null
  day: { status: DayStatus; marks: Mark[]; shiftId: string | null; firstIn: string | null; lastOut: string | null } | null
}

export interface Correction {
  id: number
  employeeId: string
  name: string
  date: string
  kind: 'punch' | 'lift'
  mark: MarkKind | null
  time: string | null
  appealId: number | null
  reason: string
  who: string
  createdAt: string
  withdrawnAt: string | null
}

export interface ExceptionRow {
  employeeId: string
  name: string
  departmentName: string | null
  date: string
  mark: MarkKind
  minutes: number
  provisional: boolean
  openAppeals: number
}

export interface Exceptions {
  items: ExceptionRow[]
  total: number
  next: string | null
  counts: Record<MarkKind, number>
}

export interface DaySummary {
  date: string
  normal: number
  late: number
  earlyLeave: number
  missing: number
  absent: number
  leave: number
  rest: number
  pending: number
}

export interface MonthLock {
  month: string
  lockedAt: string
  who: string
  late: number
}

export interface LateDay {
  employeeId: string
  name: string
  date: string
  before: Day
  after: Day
  noticedAt: string
}

export interface DayDifference {
  employeeId: string
  name: string
  date: string
  before: Day | null
  after: Day | null
}

export interface Quota {
  month: string
  used: number
  quota: number | null
}
