import { grouped } from '../group'
import type { CellValue, PlannedDay, PlannedKind, ScheduleCell } from '../../../api/scheduleTypes'

/** Back to what the assignments say. */
export const DEFAULT = 'default'

/** What was changed and not saved, by person and date. */
export type Edits = ReadonlyMap<string, CellValue>
export const cellKey = (employeeId: string, date: string): string => `${date} ${employeeId}`
export const cellOfKey = (key: string): { employeeId: string; date: string } => ({ date: key.slice(0, 10), employeeId: key.slice(11) })

/** A cell as it is to be seen, changed or not. */
export interface Shown {
  kind: PlannedKind | 'default'
  shiftId: string | null
  /** Set by hand, or about to be. */
  cell: boolean
  changed: boolean
}

export function shown(day: PlannedDay, edit: CellValue | undefined): Shown {
  if (edit === undefined) return { kind: day.planned, shiftId: day.planned === 'works' ? day.shiftId : null, cell: day.cell, changed: false }
  if (edit === DEFAULT) return { kind: 'default', shiftId: null, cell: false, changed: true }
  return { kind: edit === null ? 'rest' : 'works', shiftId: edit, cell: true, changed: true }
}

/** What copying a cell takes along. A day off that nobody planned by hand is taken as “whatever the assignments say”. */
export function valueOf({ kind, shiftId }: Shown): CellValue {
  if (kind === 'works') return shiftId
  return kind === 'rest' ? null : DEFAULT
}

/** Whether setting a value would change nothing that is saved or seen. */
const isNothing = (day: PlannedDay, value: CellValue): boolean => {
  if (value === DEFAULT) return !day.cell
  return value === null ? day.planned === 'rest' : day.planned === 'works' && day.shiftId === value
}

export interface Wish {
  employeeId: string
  day: PlannedDay
  value: CellValue
}

/** One step that can be taken back: what each cell was before and is after; `undefined` is “not changed”. */
type Patch = readonly (readonly [key: string, before: CellValue | undefined, after: CellValue | undefined])[]

export interface History {
  edits: Edits
  undo: readonly Patch[]
  redo: readonly Patch[]
}

export const UNCHANGED: History = { edits: new Map(), undo: [], redo: [] }
const KEPT = 200

function patched(edits: Edits, patch: Patch, side: 1 | 2): Edits {
  const next = new Map(edits)
  for (const entry of patch) {
    const value = entry[side]
    if (value === undefined) next.delete(entry[0])
    else next.set(entry[0], value)
  }
  return next
}

/** Writes into cells, as one step. */
export function write(history: History, wishes: readonly Wish[]): History {
  const patch: (readonly [string, CellValue | undefined, CellValue | undefined])[] = []
  for (const { employeeId, day, value } of wishes) {
    const key = cellKey(employeeId, day.date)
    const before = history.edits.get(key)
    const after = isNothing(day, value) ? undefined : value
    if (before !== after) patch.push([key, before, after])
  }
  if (patch.length === 0) return history
  return { edits: patched(history.edits, patch, 2), undo: [...history.undo, patch].slice(-KEPT), redo: [] }
}

export function undone(history: History): History {
  const patch = history.undo.at(-1)
  return patch ? { edits: patched(history.edits, patch, 1), undo: history.undo.slice(0, -1), redo: [...history.redo, patch] } : history
}

export function redone(history: History): History {
  const patch = history.redo.at(-1)
  return patch ? { edits: patched(history.edits, patch, 2), undo: [...history.undo, patch], redo: history.redo.slice(0, -1) } : history
}

/** What was saved is no change any more, and cannot be taken back by undoing. */
export function without(history: History, saved: readonly ScheduleCell[]): History {
  const edits = new Map(history.edits)
  for (const { employeeId, date, shiftId } of saved) if (edits.get(cellKey(employeeId, date)) === shiftId) edits.delete(cellKey(employeeId, date))
  return { edits, undo: [], redo: [] }
}

/** The changed cells, person by person. */
export const cellsOf = (edits: Edits): ScheduleCell[] =>
  [...edits]
    .map(([key, shiftId]) => ({ ...cellOfKey(key), shiftId }))
    .toSorted((a, b) => (a.employeeId < b.employeeId ? -1 : a.employeeId > b.employeeId ? 1 : a.date < b.date ? -1 : 1))

/** In portions that one call takes; a person's days stay together, since they are judged together. */
export function portions(cells: readonly ScheduleCell[], atMost: number): ScheduleCell[][] {
  const byPerson = grouped(cells, ({ employeeId }) => employeeId)
  const made: ScheduleCell[][] = []
  for (const own of byPerson.values()) {
    const last = made.at(-1)
    if (last && last.length + own.length <= atMost) last.push(...own)
    else made.push([...own])
  }
  return made
}
