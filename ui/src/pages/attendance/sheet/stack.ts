import type { DaySummary } from '../../../api/attendanceTypes'

/** From the bottom up: what is as it should be carries what is not. */
export const STACKED = ['normal', 'leave', 'late', 'earlyLeave', 'missing', 'absent'] as const
export type Stacked = (typeof STACKED)[number]

export interface Piece {
  name: Stacked
  from: number
  to: number
}

/** One day's column: each kind from where the one below it ends. What is empty is left out. */
export function stackOf(day: DaySummary): Piece[] {
  let height = 0
  return STACKED.flatMap((name) => {
    const from = height
    height += day[name]
    return day[name] === 0 ? [] : [{ name, from, to: height }]
  })
}

export const heightOf = (day: DaySummary): number => STACKED.reduce((sum, name) => sum + day[name], 0)
