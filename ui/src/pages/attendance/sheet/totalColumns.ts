import type { TFunction } from 'i18next'
import type { MarkKind, SheetTotals } from '../../../api/attendanceTypes'
import { number } from '../../../kit'
import { hours } from '../marks'

export interface TotalColumn {
  key: string
  title: (t: TFunction) => string
  hint: (t: TFunction) => string
  sign?: MarkKind
  width: number
  /** Stays in sight while the days are scrolled. */
  stays: boolean
  value: (totals: SheetTotals) => string
}

const count = (value: number): string => (value === 0 ? '' : number(value))
const duration = (minutes: number): string => (minutes === 0 ? '' : hours(minutes))

/** What a month comes to; the last of them stay in sight. */
export const TOTALS: readonly TotalColumn[] = [
  { key: 'days', title: (t) => t('sheet.days'), hint: (t) => t('sheet.daysHint'), width: 46, stays: false, value: (totals) => count(totals.workedDays) },
  { key: 'overtime', title: (t) => t('attendance.colOvertime'), hint: (t) => t('attendance.colOvertime'), width: 56, stays: false, value: (totals) => duration(totals.overtimeMinutes) },
  { key: 'leave', title: (t) => t('attendance.colLeave'), hint: (t) => t('sheet.leaveHint'), width: 56, stays: false, value: (totals) => duration(totals.leaveMinutes) },
  { key: 'lifted', title: (t) => t('sheet.lifted'), hint: (t) => t('sheet.liftedHint'), width: 46, stays: false, value: (totals) => count(totals.liftedCount) },
  { key: 'worked', title: (t) => t('attendance.colWorked'), hint: (t) => t('sheet.workedHint'), width: 62, stays: true, value: (totals) => hours(totals.workedMinutes) },
  { key: 'late', title: (t) => t('attendance.mark.late'), hint: (t) => t('sheet.lateHint'), sign: 'late', width: 42, stays: true, value: (totals) => count(totals.lateCount) },
  { key: 'early', title: (t) => t('attendance.mark.earlyLeave'), hint: (t) => t('sheet.earlyHint'), sign: 'earlyLeave', width: 42, stays: true, value: (totals) => count(totals.earlyCount) },
  { key: 'missing', title: (t) => t('attendance.status.missing'), hint: (t) => t('attendance.status.missing'), sign: 'missingIn', width: 42, stays: true, value: (totals) => count(totals.missingCount) },
  { key: 'absent', title: (t) => t('attendance.mark.absent'), hint: (t) => t('sheet.absentHint'), sign: 'absent', width: 52, stays: true, value: (totals) => duration(totals.absentMinutes) },
]

/** What is beside a total, for who rests on it: minutes of lateness, what was required. */
export function totalTitle(t: TFunction, key: string, totals: SheetTotals): string | undefined {
  if (key === 'late' && totals.lateCount > 0) return t('sheet.minutes', { count: totals.lateMinutes })
  if (key === 'early' && totals.earlyCount > 0) return t('sheet.minutes', { count: totals.earlyMinutes })
  if (key === 'worked') return t('sheet.ofRequired', { hours: hours(totals.requiredMinutes) })
  return key === 'absent' && totals.absentDays > 0 ? t('sheet.dayCount', { count: totals.absentDays }) : undefined
}

/** How far from the right edge each column that stays is. */
export const STAYS: ReadonlyMap<string, number> = new Map(
  TOTALS.flatMap((column, index) => (column.stays ? [[column.key, TOTALS.slice(index + 1).reduce((sum, { width }) => sum + width, 0)] as const] : [])),
)
