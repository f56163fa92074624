import type { At, Size } from './selection'

/** Measures of the grid in pixels; all rows and all days are of one size, so that places can be worked out. */
export const ROW = 32
export const HEAD = 44
export const NAME = 132
const LEAST = { month: 28, week: 96 } as const

export function cellWidth(space: number, columns: number, view: keyof typeof LEAST): number {
  return Math.max(LEAST[view], Math.floor((space - NAME) / Math.max(1, columns)))
}

const into = (value: number, last: number) => Math.max(0, Math.min(value, last))

/** The cell under a point of the content; the nearest one for points beside the cells. */
export function cellUnder(x: number, y: number, width: number, { rows, columns }: Size): At {
  return { row: into(Math.floor((y - HEAD) / ROW), rows - 1), column: into(Math.floor((x - NAME) / width), columns - 1) }
}

interface View {
  left: number
  top: number
  width: number
  height: number
}

/** Where to scroll so that a cell is seen beside the names and below the dates. */
export function scrollFor({ row, column }: At, width: number, view: View): { left: number; top: number } {
  const [top, left] = [row * ROW, column * width]
  const [tall, wide] = [view.height - HEAD, view.width - NAME]
  return {
    top: top < view.top ? top : top + ROW > view.top + tall ? top + ROW - tall : view.top,
    left: left < view.left ? left : left + width > view.left + wide ? left + width - wide : view.left,
  }
}
