import type { GapDay } from '../../../api/types'

export type Verdict = 'unknown' | 'missing' | 'agrees' | 'fewer'

/** What beside each other the two numbers mean. Of today more may have come since the machine was asked. */
export function verdictOf({ theirs, ours, missing }: GapDay): Verdict {
  if (theirs === null) return 'unknown'
  if (missing) return 'missing'
  return theirs < ours ? 'fewer' : 'agrees'
}

/** At least how many are missing of a day that lacks some. */
export const lackingOf = ({ theirs, ours }: Pick<GapDay, 'theirs' | 'ours'>): number => Math.max(1, (theirs ?? 0) - ours)

export interface Lacking {
  days: readonly GapDay[]
  punches: number
  from: string
  to: string
}

/** The days that lack punches, from the first to the last of them; none when none does. */
export function lacking(days: readonly GapDay[]): Lacking | undefined {
  const found = days.filter(({ missing }) => missing).toSorted((a, b) => a.date.localeCompare(b.date))
  const [first, last] = [found[0], found.at(-1)]
  if (!first || !last) return undefined
  return { days: found, punches: found.reduce((sum, day) => sum + lackingOf(day), 0), from: first.date, to: last.date }
}
