import type { TFunction } from 'i18next'
import type { Day, DayStatus, Mark, MarkKind } from '../../api/attendanceTypes'

/** The worst first, as results are read. */
export const MARKS: readonly MarkKind[] = ['absent', 'missingIn', 'missingOut', 'late', 'earlyLeave']

export const STATUSES: readonly DayStatus[] = ['normal', 'late', 'earlyLeave', 'missing', 'absent', 'leave', 'rest', 'holiday', 'unscheduled', 'pending']

/** What has a shape of its own: every mark, and every status that no mark stands for. */
export type Sign = MarkKind | Exclude<DayStatus, 'late' | 'earlyLeave' | 'absent' | 'missing'>

/** `510` → `8:30`. */
export const hours = (minutes: number): string => `${String(Math.trunc(minutes / 60))}:${String(Math.abs(minutes % 60)).padStart(2, '0')}`

const rank = (mark: Mark): number => MARKS.indexOf(mark.kind) + (mark.lifted ? MARKS.length : 0)

/** What counts comes before what an appeal has lifted; the worst first. */
export const inOrder = (marks: readonly Mark[]): Mark[] => [...marks].toSorted((a, b) => rank(a) - rank(b))

export const unlifted = (marks: readonly Mark[]): Mark[] => marks.filter(({ lifted }) => !lifted)

/** `迟到 6 分钟`, `旷工 4:00`, `缺卡（上班）`. */
export function markText(t: TFunction, { kind, minutes }: Pick<Mark, 'kind' | 'minutes'>): string {
  const name = t(`attendance.mark.${kind}`)
  if (minutes === 0) return name
  return kind === 'absent' ? t('attendance.markHours', { mark: name, hours: hours(minutes) }) : t('attendance.markMinutes', { mark: name, count: minutes })
}

/** The shape of a status that has no mark to show. */
export const signOf = (status: DayStatus): Sign => (status === 'missing' ? 'missingIn' : status)

export interface CellPart {
  sign: Sign
  text: string
  lifted: boolean
}

/** Minutes in as many letters as a cell has room for. */
const briefly = (minutes: number): string => (minutes < 100 ? String(minutes) : `${String(Math.floor(minutes / 60))}h`)

const markPart = (t: TFunction, { kind, minutes, lifted }: Mark): CellPart => ({
  sign: kind,
  text: `${t(`attendance.short.${kind}`)}${kind === 'late' || kind === 'earlyLeave' ? briefly(minutes) : ''}`,
  lifted,
})

/** What a cell of the sheet shows: each mark as a shape and a few letters, or what the day was without any. */
export function cellParts(t: TFunction, { status, marks }: Pick<Day, 'status' | 'marks'>): CellPart[] {
  const parts = inOrder(marks).map((mark) => markPart(t, mark))
  if (parts.length > 0) return parts
  if (status === 'notEmployed') return []
  return [{ sign: signOf(status), text: status === 'normal' ? '' : t(`attendance.shortStatus.${status}`), lifted: false }]
}

/** The same as a sentence, for whoever hears it and for the pointer that rests on it. */
export function cellLabel(t: TFunction, { status, marks, provisional }: Pick<Day, 'status' | 'marks' | 'provisional'>): string {
  const parts = inOrder(marks).map((mark) => (mark.lifted ? t('attendance.liftedMark', { mark: markText(t, mark) }) : markText(t, mark)))
  if (parts.length === 0 || unlifted(marks).length === 0) parts.unshift(t(`attendance.status.${status}`))
  if (provisional) parts.push(t('attendance.provisional'))
  return parts.join(t('attendance.join'))
}
