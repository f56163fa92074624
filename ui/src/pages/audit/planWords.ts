import type { TFunction } from 'i18next'
import { said } from '../../words/said'
import { weekdayName } from '../../kit/dateWords'
import { clockText } from '../schedule/minutes'

const isStretch = (value: unknown): value is { start: number; end: number } =>
  typeof value === 'object' && value !== null && typeof (value as { start?: unknown }).start === 'number' && typeof (value as { end?: unknown }).end === 'number'
const isCalendarDay = (value: unknown): value is { kind: string; name: string } =>
  typeof value === 'object' && value !== null && 'kind' in value && typeof (value as { name?: unknown }).name === 'string'

/** Keys whose null means a day without work. */
const RESTS = /^(?:steps|\d{4}-\d{2}-\d{2})$/

/** What the log says of shifts, rotations, assignments, the calendar, leave and days set by hand; undefined for anything else. */
export function planText(t: TFunction, value: unknown, key: string, plans: ReadonlyMap<string, string>): string | undefined {
  if (value === null) return RESTS.test(key) ? t('grid.rest') : undefined
  if (isStretch(value)) return `${clockText(value.start)}–${clockText(value.end)}`
  if (isCalendarDay(value)) return `${said(`calendar.kind.${value.kind}`) ?? value.kind} ${value.name}`
  if (typeof value === 'number' && (key === 'weekdays' || key === 'asWeekday')) return weekdayName(value)
  if (typeof value !== 'string') return undefined
  if (key === 'shiftId' || key === 'rotationId' || key === 'steps') return plans.get(value) ?? value
  if (key === 'color') return said(`shifts.colors.${value}`)
  return key === 'kind' ? (said(`shifts.kinds.${value}`) ?? said(`calendar.kind.${value}`) ?? said(`leaves.kind.${value}`)) : undefined
}

/** `shift/ID` → “Shift 早班”; `employee/ID/leave/3` → “Leave, Person ID”. */
export function planSubject(t: TFunction, subject: string, plans: ReadonlyMap<string, string>): string | undefined {
  const [kind = '', id = '', part] = subject.split('/')
  if (kind === 'shift' || kind === 'rotation') return `${t(`assignments.work.${kind}`)} ${plans.get(id) ?? id}`
  if (kind === 'employee' && (part === 'leave' || part === 'schedule')) return `${t('auditSubject.employee')} ${id} · ${t(`attendance.part.${part}`)}`
  return undefined
}
