import type { Target } from '../../../kit/org'
import { daysApart } from '../../../kit/dates'
import { clockText, readTime } from '../minutes'
import type { Leave, LeaveKind } from '../../../api/scheduleTypes'

/** Leave as it is entered. */
export interface Draft {
  people: readonly Target[]
  kind: LeaveKind
  from: string
  to: string
  /** Whether it begins or ends within a day. */
  timed: boolean
  /** Empty: from the beginning, or to the end, of the day. */
  start: string
  end: string
  note: string
}

export const newDraft = (date: string): Draft => ({ people: [], kind: 'annual', from: date, to: date, timed: false, start: '', end: '', note: '' })

export const draftOf = (leave: Leave): Draft => ({
  people: [{ kind: 'employee', id: leave.employeeId, name: leave.name }],
  kind: leave.kind,
  from: leave.from,
  to: leave.to,
  timed: leave.start !== null || leave.end !== null,
  start: leave.start ?? '',
  end: leave.end ?? '',
  note: leave.note,
})

const timeOf = (text: string): string | null => {
  const minute = readTime(text)
  return minute === undefined ? null : clockText(minute)
}

export const bodyOf = ({ kind, from, to, timed, start, end, note }: Draft): Omit<Leave, 'id' | 'name' | 'employeeId'> => ({
  kind,
  from,
  to,
  start: timed ? timeOf(start) : null,
  end: timed ? timeOf(end) : null,
  note: note.trim(),
})

export type Fault = 'peopleMissing' | 'orderWrong' | 'timeWrong' | 'endsBefore'

export function faultOf(draft: Draft): Fault | undefined {
  if (draft.people.length === 0) return 'peopleMissing'
  if (draft.from === '' || draft.to < draft.from) return 'orderWrong'
  if (!draft.timed) return undefined
  const [start, end] = [readTime(draft.start), readTime(draft.end)]
  if ((draft.start !== '' && start === undefined) || (draft.end !== '' && end === undefined)) return 'timeWrong'
  return draft.from === draft.to && start !== undefined && end !== undefined && end <= start ? 'endsBefore' : undefined
}

/** `2026-03-02`, `2026-03-02 13:30 – 2026-03-04` */
export function whenText({ from, to, start, end }: Pick<Leave, 'from' | 'to' | 'start' | 'end'>): string {
  const first = start === null ? from : `${from} ${start}`
  if (from === to) return start === null && end === null ? from : `${from} ${start ?? '00:00'}–${end ?? '24:00'}`
  return `${first} – ${end === null ? to : `${to} ${end}`}`
}

/** Whole days, or less than one. */
export const lengthOf = ({ from, to, start, end }: Pick<Leave, 'from' | 'to' | 'start' | 'end'>): number | 'part' =>
  from === to && (start !== null || end !== null) ? 'part' : daysApart(from, to) + 1
