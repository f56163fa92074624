import type { components } from './schema'

/** What the service says of days, appeals and corrections, under the names the pages use. */
type Schemas = components['schemas']
export type MarkKind = Schemas['MarkKind']
export type Mark = Schemas['AttendanceMark']
export type DayStatus = Schemas['DayStatus']
export type DayReason = Schemas['DayReason']
export type Day = Schemas['AttendanceDay']
export type SheetTotals = Schemas['SheetTotals']
export type SheetDay = Schemas['SheetDay']
export type SheetRow = Schemas['SheetRow']
export type SheetDate = Schemas['SheetDate']
export type Sheet = Schemas['MonthSheet']
export type Stretch = Schemas['ShiftPeriod']
export type Shift = Schemas['Shift']
export type LeaveKind = Schemas['LeaveKind']
export type AppealState = Schemas['AppealState']
export type Evidence = Schemas['EvidenceInfo']
export type Appeal = Schemas['Appeal']
export type Correction = Schemas['Correction']
export type ExceptionRow = Schemas['AttendanceException']
export type Exceptions = Schemas['ExceptionList']
export type DaySummary = Schemas['DateSummary']
export type MonthLock = Schemas['MonthLock']
export type LateDay = Schemas['LateDay']
export type DayDifference = Schemas['DayDifference']
export type Quota = Schemas['MissedPunchQuota']
export type NewAppeal = Schemas['NewAppeal']
export type NewCorrection = Schemas['NewCorrection']

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
