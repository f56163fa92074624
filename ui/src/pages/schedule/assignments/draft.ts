import type { NewAssignment } from '../../../api/scheduleTypes'
import type { Target } from '../../../kit/org'
import { WEEKDAYS } from '../../../kit/dates'
import type { Assignment } from '../../../api/scheduleTypes'

/** An assignment as it is entered. */
export interface Draft {
  targets: readonly Target[]
  kind: 'shift' | 'rotation'
  /** The id of the shift or rotation; empty while none is chosen. */
  what: string
  from: string
  /** Empty: open. */
  to: string
  /** Empty: the first day of the span. */
  anchor: string
  weekdays: readonly number[]
  worksOnHolidays: boolean
}

export const NEW_DRAFT: Draft = { targets: [], kind: 'shift', what: '', from: '', to: '', anchor: '', weekdays: [1, 2, 3, 4, 5], worksOnHolidays: false }

export const draftOf = ({ target, shiftId, rotationId, anchor, from, to, weekdays, worksOnHolidays }: Assignment): Draft => ({
  targets: [target],
  kind: shiftId === null ? 'rotation' : 'shift',
  what: shiftId ?? rotationId ?? '',
  from,
  to: to ?? '',
  anchor: anchor ?? '',
  weekdays,
  worksOnHolidays,
})

export const bodyOf = (draft: Draft, { kind, id }: Target): NewAssignment => ({
  target: { kind, id },
  shiftId: draft.kind === 'shift' ? draft.what : null,
  rotationId: draft.kind === 'rotation' ? draft.what : null,
  anchor: draft.kind === 'rotation' ? draft.anchor || draft.from : null,
  from: draft.from,
  to: draft.to === '' ? null : draft.to,
  // A cycle says itself which days it rests on.
  weekdays: draft.kind === 'rotation' ? [...WEEKDAYS] : [...draft.weekdays],
  worksOnHolidays: draft.worksOnHolidays,
})

/** Whether nothing but the last day is another: what was worked until then then stays as it was. */
export const onlyEnds = (draft: Draft, before: Assignment): boolean => JSON.stringify({ ...draftOf(before), to: '' }) === JSON.stringify({ ...draft, to: '' })

export function faultOf(draft: Draft): string | undefined {
  if (draft.targets.length === 0) return 'assignment.nobody'
  if (draft.what === '') return 'assignment.nothing'
  if (draft.from === '') return 'assignment.from_missing'
  if (draft.to !== '' && draft.to < draft.from) return 'assignment.to_before_from'
  return draft.kind === 'shift' && draft.weekdays.length === 0 ? 'assignment.weekdays' : undefined
}
