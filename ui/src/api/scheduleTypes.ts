import type { components } from './schema'

/** Shifts and schedules under the names the pages use. */
type Schemas = components['schemas']
export type Shift = Schemas['Shift']
/** A shift as it is entered and sent: the console always says all of it. */
export type NewShift = Omit<Shift, 'id' | 'assigned'>
/** What a shift asks, without what it is called. */
export type ShiftRule = Omit<NewShift, 'name' | 'color'>
export type Span = Schemas['ShiftPeriod']
export type Rotation = Schemas['Rotation']
/** A target that is gone is called by its id. */
export type AssignmentTarget = Omit<Schemas['NamedTarget'], 'name'> & { name: string }
export type Assignment = Omit<Schemas['ShiftAssignment'], 'target'> & { target: AssignmentTarget }
export type NewAssignment = Schemas['NewShiftAssignment']
export type CalendarDay = Schemas['CalendarDay']
export type Leave = Schemas['Leave']
export type LeaveKind = Leave['kind']
export const LEAVE_KINDS: readonly LeaveKind[] = ['annual', 'sick', 'personal', 'compensatory', 'marriage', 'maternity', 'bereavement', 'businessTrip', 'other']
export type PlannedDay = Schemas['ScheduleDay']
export type PlannedKind = PlannedDay['planned']
export type ScheduleRow = Schemas['ScheduleRow']
export type ScheduleCell = Schemas['ScheduleCell']
/** A shift, `null` for rest, or `default`: as the assignments say. */
export type CellValue = ScheduleCell['shiftId']
export type ScheduleProblem = Schemas['ScheduleProblem']
export type ScheduleReport = Schemas['ScheduleReport']
export type CalendarImport = Schemas['CalendarImportReport']
export type ImportedDay = Schemas['ImportedCalendarDay']
