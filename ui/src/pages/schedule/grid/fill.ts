import type { At, Rect } from './selection'

export interface Copy {
  to: At
  from: At
}

const wrap = (value: number, size: number): number => ((value % size) + size) % size

/** Repeats a block over a larger one that holds it, in every direction. */
export function repeated(source: Rect, target: Rect): Copy[] {
  const height = source.bottom - source.top + 1
  const width = source.right - source.left + 1
  const copies: Copy[] = []
  for (let row = target.top; row <= target.bottom; row += 1) {
    for (let column = target.left; column <= target.right; column += 1) {
      const from = { row: source.top + wrap(row - source.top, height), column: source.left + wrap(column - source.left, width) }
      if (from.row !== row || from.column !== column) copies.push({ to: { row, column }, from })
    }
  }
  return copies
}

/** The first column over the rest of the selection; of a single column, the one at its left. */
export const fillRight = (rect: Rect): Copy[] =>
  rect.left === rect.right
    ? repeated({ ...rect, left: Math.max(0, rect.left - 1), right: Math.max(0, rect.left - 1) }, rect)
    : repeated({ ...rect, right: rect.left }, rect)

/** The first row over the rest of the selection; of a single row, the one above. */
export const fillDown = (rect: Rect): Copy[] =>
  rect.top === rect.bottom
    ? repeated({ ...rect, top: Math.max(0, rect.top - 1), bottom: Math.max(0, rect.top - 1) }, rect)
    : repeated({ ...rect, bottom: rect.top }, rect)

/** Where the fill handle has been drawn to: along one direction only, the one it was drawn farther in. */
export function drawnTo(source: Rect, at: At): Rect {
  const down = Math.max(at.row - source.bottom, source.top - at.row, 0)
  const side = Math.max(at.column - source.right, source.left - at.column, 0)
  if (down === 0 && side === 0) return source
  return side >= down
    ? { ...source, left: Math.min(source.left, at.column), right: Math.max(source.right, at.column) }
    : { ...source, top: Math.min(source.top, at.row), bottom: Math.max(source.bottom, at.row) }
}
