import type { At, Size } from './selection'

/** Measures of the grid in pixels; all rows and all days are of one size, so that places can be worked out. */
export const ROW = 32
export const HEAD = 44
const NAME = 132
const LEAST = { month: 28, week: 96 } as const

/** How wide a day is and, with what is left over, the names. */
export interface Tracks {
  cell: number
  name: number
}

export function tracksFor(space: number, columns: number, view: keyof typeof LEAST): Tracks {
  const days = Math.max(1, columns)
  const cell = Math.max(LEAST[view], Math.floor((space - NAME) / days))
  return { cell, name: Math.max(NAME, space - cell * days) }
}

const into = (value: number, last: number) => Math.max(0, Math.min(value, last))

/** The cell under a point of the content; the nearest one for points beside the cells. */
export function cellUnder(x: number, y: number, { cell, name }: Tracks, { rows, columns }: Size): At {
  return { row: into(Math.floor((y - HEAD) / ROW), rows - 1), column: into(Math.floor((x - name) / cell), columns - 1) }
}

interface View {
  left: number
  top: number
  width: number
  height: number
}

/** Where to scroll so that a cell is seen beside the names and below the dates. */
export function scrollFor({ row, column }: At, { cell, name }: Tracks, view: View): { left: number; top: number } {
  const [top, left] = [row * ROW, column * cell]
  const [tall, wide] = [view.height - HEAD, view.width - name]
  return {
    top: top < view.top ? top : top + ROW > view.top + tall ? top + ROW - tall : view.top,
    left: left < view.left ? left : left + cell > view.left + wide ? left + cell - wide : view.left,
  }
}
