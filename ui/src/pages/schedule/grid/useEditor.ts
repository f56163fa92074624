import { useCallback, useMemo, useState } from 'react'
import type { CellValue, ScheduleCell, ScheduleRow } from '../../../api/scheduleTypes'
import { cellKey, redone, shown, UNCHANGED, undone, valueOf, without, write, type History, type Wish } from './edits'
import { fillDown, fillRight, type Copy } from './fill'
import { rectOf, single, within, type At, type Range, type Rect } from './selection'

/** One value for each cell. */
function every({ top, left, bottom, right }: Rect, value: CellValue): { at: At; value: CellValue }[] {
  const writes: { at: At; value: CellValue }[] = []
  for (let row = top; row <= bottom; row += 1) for (let column = left; column <= right; column += 1) writes.push({ at: { row, column }, value })
  return writes
}

/** The changes of the schedule and what is selected of it, with everything that a key or a button does to them. */
export function useEditor(rows: readonly ScheduleRow[], columns: number) {
  const [history, setHistory] = useState<History>(UNCHANGED)
  const [chosen, setChosen] = useState<Range>(single({ row: 0, column: 0 }))
  const size = useMemo(() => ({ rows: rows.length, columns }), [rows.length, columns])
  const range = useMemo(() => within(chosen, size), [chosen, size])

  const wish = useCallback(
    ({ row, column }: At, value: CellValue): Wish[] => {
      const person = rows[row]
      const day = person?.days[column]
      return person && day ? [{ employeeId: person.employeeId, day, value }] : []
    },
    [rows],
  )
  const put = useCallback(
    (writes: readonly { at: At; value: CellValue }[]) => setHistory((before) => write(before, writes.flatMap(({ at, value }) => wish(at, value)))),
    [wish],
  )
  const valueAt = useCallback(
    ({ row, column }: At): CellValue | undefined => {
      const person = rows[row]
      const day = person?.days[column]
      return person && day ? valueOf(shown(day, history.edits.get(cellKey(person.employeeId, day.date)))) : undefined
    },
    [rows, history.edits],
  )
  const copy = (copies: readonly Copy[]) =>
    put(copies.flatMap(({ from, to }) => {
      const value = valueAt(from)
      return value === undefined ? [] : [{ at: to, value }]
    }))

  return {
    history,
    range,
    size,
    select: setChosen,
    put,
    valueAt,
    /** The whole selection becomes this. */
    setAll: (value: CellValue) => put(every(rectOf(range), value)),
    copy,
    fillRight: () => copy(fillRight(rectOf(range))),
    fillDown: () => copy(fillDown(rectOf(range))),
    undo: () => setHistory(undone),
    redo: () => setHistory(redone),
    discard: () => setHistory(UNCHANGED),
    saved: (cells: readonly ScheduleCell[]) => setHistory((before) => without(before, cells)),
  }
}

export type Editor = ReturnType<typeof useEditor>
