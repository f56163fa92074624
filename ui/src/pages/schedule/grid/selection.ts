/** A cell by its place, and what is selected between two of them: as in a spreadsheet. */
export interface At {
  row: number
  column: number
}
export interface Range {
  /** Where the selection began, and what typing changes first. */
  anchor: At
  /** Where it has been drawn to. */
  focus: At
}
export interface Rect {
  top: number
  left: number
  bottom: number
  right: number
}
export interface Size {
  rows: number
  columns: number
}

export const rectOf = ({ anchor, focus }: Range): Rect => ({
  top: Math.min(anchor.row, focus.row),
  left: Math.min(anchor.column, focus.column),
  bottom: Math.max(anchor.row, focus.row),
  right: Math.max(anchor.column, focus.column),
})

export const cellsIn = ({ top, left, bottom, right }: Rect): number => (bottom - top + 1) * (right - left + 1)
export const single = (at: At): Range => ({ anchor: at, focus: at })
export const sameAt = (a: At, b: At): boolean => a.row === b.row && a.column === b.column

const clamp = (value: number, last: number): number => Math.max(0, Math.min(value, last))

/** A selection that may have lost its place when rows or days went away. */
export function within(range: Range, { rows, columns }: Size): Range {
  const into = ({ row, column }: At): At => ({ row: clamp(row, rows - 1), column: clamp(column, columns - 1) })
  return { anchor: into(range.anchor), focus: into(range.focus) }
}

export const wholeRow = (row: number, { columns }: Size, to = row): Range => ({ anchor: { row, column: 0 }, focus: { row: to, column: columns - 1 } })
export const wholeColumn = (column: number, { rows }: Size, to = column): Range => ({ anchor: { row: 0, column }, focus: { row: rows - 1, column: to } })
export const everything = ({ rows, columns }: Size): Range => ({ anchor: { row: 0, column: 0 }, focus: { row: rows - 1, column: columns - 1 } })

interface Key {
  key: string
  shift: boolean
  control: boolean
}

/** Where a key leads; nothing for keys that do not move. */
export function moved(range: Range, { key, shift, control }: Key, size: Size, page: number): Range | undefined {
  const { row, column } = range.focus
  const [lastRow, lastColumn] = [size.rows - 1, size.columns - 1]
  const to: Record<string, At> = {
    ArrowLeft: { row, column: control ? 0 : column - 1 },
    ArrowRight: { row, column: control ? lastColumn : column + 1 },
    ArrowUp: { row: control ? 0 : row - 1, column },
    ArrowDown: { row: control ? lastRow : row + 1, column },
    Home: { row: control ? 0 : row, column: 0 },
    End: { row: control ? lastRow : row, column: lastColumn },
    PageUp: { row: row - page, column },
    PageDown: { row: row + page, column },
  }
  if (key === ' ' && shift) return { anchor: { row: range.anchor.row, column: 0 }, focus: { row, column: lastColumn } }
  if (key === ' ' && control) return { anchor: { row: 0, column: range.anchor.column }, focus: { row: lastRow, column } }
  const next = to[key]
  if (!next) return undefined
  const focus = { row: clamp(next.row, lastRow), column: clamp(next.column, lastColumn) }
  return shift ? { anchor: range.anchor, focus } : single(focus)
}
