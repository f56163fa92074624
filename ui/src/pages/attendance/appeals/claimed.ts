import type { DayDetail, MarkKind } from '../../../api/attendanceTypes'
import { clockOf, spansOf } from '../day/timeline'

/** A wall clock as somebody types it: `905`, `9:05`, `09：05` → `09:05`. */
export function clockFrom(text: string): string | undefined {
  const [, hour, minute] = /^(\d{1,2})\s*[:：.]?\s*(\d{2})$/.exec(text.trim()) ?? []
  if (hour === undefined || minute === undefined || Number(hour) > 23 || Number(minute) > 59) return undefined
  return `${hour.padStart(2, '0')}:${minute}`
}

/** Whether a mark is of a punch that is not there, so that the time of one has to be said. */
export const isMissing = (mark: MarkKind): boolean => mark === 'missingIn' || mark === 'missingOut'

/** When somebody would have punched, had they come and gone as planned. */
export function plannedClock({ plan, day }: Pick<DayDetail, 'plan' | 'day'>, mark: MarkKind): string {
  const spans = plan.shift === null ? [] : spansOf(plan.shift.segments)
  const segment = day.marks.find(({ kind, lifted }) => kind === mark && !lifted)?.segment ?? (mark === 'missingOut' ? spans.length - 1 : 0)
  const span = spans[segment]
  return span === undefined ? '' : clockOf(mark === 'missingOut' ? span.to : span.from)
}

/** What a piece of evidence may be. */
export const EVIDENCE_TYPES: readonly string[] = ['image/jpeg', 'image/png', 'application/pdf']
export const EVIDENCE_MOST = 5 * 1024 * 1024

/** Why a file cannot be evidence, before it is sent. */
export function evidenceProblem(file: Pick<File, 'type' | 'size'>): string | undefined {
  if (!EVIDENCE_TYPES.includes(file.type)) return 'evidence.type'
  return file.size > EVIDENCE_MOST ? 'evidence.too_large' : undefined
}

/** A reason on one line: what is written over several is kept as words. */
export const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()
