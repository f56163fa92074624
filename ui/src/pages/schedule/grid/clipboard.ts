import type { CellValue } from '../../../api/scheduleTypes'
import { DEFAULT } from './edits'
import { type At, cellsIn, type Rect, type Size } from './selection'

/** What a text in a cell means: a shift, rest, the default, nothing at all, or something nobody knows. */
export type Read = { value: CellValue } | 'keep' | 'unknown'
export type Matrix<T> = readonly (readonly T[])[]

/** The table that spreadsheets put on the clipboard: tabs between cells, quotes around those with a break within. */
export function parseTsv(text: string): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let quoted = false
  const endCell = () => {
    rows.at(-1)?.push(cell)
    cell = ''
  }
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index]
    if (quoted) {
      if (char !== '"') cell += char
      else if (text[index + 1] === '"') {
        cell += '"'
        index += 1
      } else quoted = false
    } else if (char === '"' && cell === '') quoted = true
    else if (char === '\t') endCell()
    else if (char === '\n' || char === '\r') {
      if (char === '\r' && text[index + 1] === '\n') index += 1
      endCell()
      rows.push([])
    } else cell += char
  }
  endCell()
  // A table ends with a line break, which begins no row of its own.
  if (rows.length > 1 && rows.at(-1)?.length === 1 && rows.at(-1)?.[0] === '') rows.pop()
  return rows
}

export const toTsv = (table: Matrix<string>): string =>
  table.map((row) => row.map((cell) => (/["\t\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join('\t')).join('\n')

const plain = (text: string): string => text.normalize('NFKC').trim().toLowerCase().replaceAll(/\s+/g, ' ')

/** Words that mean a day without work or “as the assignments say”, whatever language the table is in. */
const REST = ['休', '休息', 'rest', 'off', 'r', 'x', '/', '-', '—', '–']
const RESET = ['默认', '恢复默认', 'default', 'auto']

interface Named {
  id: string
  name: string
  short: string
  times: string
}

/** Shifts by what people call them: the name, the short one of the grid, the times when only one shift has them. */
export function readerFor(shifts: readonly Named[]): (text: string) => Read {
  const known = new Map<string, CellValue>()
  const several = new Set<string>()
  const note = (called: string, id: string) => {
    const key = plain(called)
    if (known.has(key) && known.get(key) !== id) several.add(key)
    else known.set(key, id)
  }
  for (const { id, short } of shifts) note(short, id)
  for (const { id, times } of shifts) note(times.replaceAll('–', '-'), id)
  for (const key of several) known.delete(key)
  for (const word of REST) known.set(plain(word), null)
  for (const word of RESET) known.set(word, DEFAULT)
  // The name as it was given goes before everything else.
  for (const { id, name } of shifts) known.set(plain(name), id)
  return (text) => {
    const key = plain(text)
    if (key === '') return 'keep'
    const value = known.get(key) ?? known.get(key.replaceAll(/\s*[–—~～至]\s*/g, '-'))
    return value === undefined && !known.has(key) ? 'unknown' : { value: value ?? null }
  }
}

export interface Pasted<T> {
  writes: { at: At; value: T }[]
  /** Cells of the clipboard that would lie beyond the edge. */
  outside: number
  /** What is selected afterwards. */
  rect: Rect
}

/**
 * One cell fills the selection; a selection that is whole multiples of the clipboard is tiled with it; else the
 * clipboard is laid down from the selection's corner.
 */
export function pasteOnto<T>(rect: Rect, table: Matrix<T>, { rows, columns }: Size): Pasted<T> {
  const height = table.length
  const width = Math.max(0, ...table.map((row) => row.length))
  const [tall, wide] = [rect.bottom - rect.top + 1, rect.right - rect.left + 1]
  const tiled = tall % height === 0 && wide % width === 0
  const bottom = Math.min(tiled ? rect.bottom : rect.top + height - 1, rows - 1)
  const right = Math.min(tiled ? rect.right : rect.left + width - 1, columns - 1)
  const target = { ...rect, bottom, right }
  const writes: { at: At; value: T }[] = []
  for (let row = rect.top; row <= bottom; row += 1) {
    const source = table[(row - rect.top) % height] ?? []
    for (let column = rect.left; column <= right; column += 1) {
      const value = source[(column - rect.left) % width]
      if (value !== undefined) writes.push({ at: { row, column }, value })
    }
  }
  return { writes, outside: tiled ? 0 : height * width - cellsIn(target), rect: target }
}
