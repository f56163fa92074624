/** The shapes of shifts and schedules as the API gives and takes them. */
export interface Span {
  start: string
  end: string
}

export interface ShiftRule {
  kind: 'fixed' | 'flexible'
  segments: Span[]
  graceInMinutes: number
  graceOutMinutes: number
  windowBeforeMinutes: number
  windowAfterMinutes: number
  breaks: Span[]
  requiredMinutes: number | null
  halfDayAfterMinutes: number | null
  absentAfterMinutes: number | null
  overtimeAfterMinutes: number | null
  roundingMinutes: number | null
  doublePunchMinutes: number
}
export interface NewShift extends ShiftRule {
  name: string
  color: string | null
}
export interface Shift extends NewShift {
  id: string
  assigned: number
}

export interface Rotation {
  id: string
  name: string
  steps: (string | null)[]
}

export interface AssignmentTarget {
  kind: 'employee' | 'department' | 'branch'
  id: string
  name: string
}
export interface Assignment {
  id: number
  target: AssignmentTarget
  shiftId: string | null
  rotationId: string | null
  anchor: string | null
  from: string
  to: string | null
  weekdays: number[]
  worksOnHolidays: boolean
}

export interface CalendarDay {
  date: string
  kind: 'holiday' | 'workday'
  name: string
  asWeekday: number | null
}
export interface RejectedRow {
  row: number
  code: string
  detail: string
}
export interface CalendarImport {
  days: CalendarDay[]
  added: number
  changed: number
  unchanged: number
  rejected: RejectedRow[]
}

export const LEAVE_KINDS = ['annual', 'sick', 'personal', 'compensatory', 'marriage', 'maternity', 'bereavement', 'businessTrip', 'other'] as const
export type LeaveKind = (typeof LEAVE_KINDS)[number]
export interface Leave {
  id: number
  employeeId: string
  name: string
  kind: LeaveKind
  from: string
  to: string
  start: string | null
  end: string | null
  note: string
}

export type PlannedKind = 'works' | 'rest' | 'holiday' | 'unscheduled' | 'notEmployed'
export interface PlannedDay {
  date: string
  planned: PlannedKind
  shiftId: string | null
  cell: boolean
  leave: string | null
  holiday: string | null
}
export interface ScheduleRow {
  employeeId: string
  name: string
  departmentName: string | null
  days: PlannedDay[]
}
/** A shift, `null` for rest, or `default`: as the assignments say. */
export type CellValue = string | null
export interface ScheduleCell {
  employeeId: string
  date: string
  shiftId: CellValue
}
export interface ScheduleProblem {
  employeeId: string
  date: string
  code: string
  detail: string
}
export interface ScheduleReport {
  changed: number
  problems: ScheduleProblem[]
}
