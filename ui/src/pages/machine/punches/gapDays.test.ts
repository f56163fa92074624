import { expect, it } from 'vitest'
import type { GapDay } from '../../../api/types'
import { lacking, verdictOf } from './gapDays'

const day = (date: string, theirs: number | null, ours: number, missing = false): GapDay => ({ date, theirs, ours, missing, checkedAt: null })

it.each([
  [day('2026-07-01', null, 4), 'unknown'],
  [day('2026-07-01', 4, 4), 'agrees'],
  [day('2026-07-01', 0, 0), 'agrees'],
  [day('2026-07-01', 9, 4, true), 'missing'],
  [day('2026-07-01', 9, 12, true), 'missing'],
  [day('2026-07-01', 3, 4), 'fewer'],
] as const)('%j is %s', (given, verdict) => {
  expect(verdictOf(given)).toBe(verdict)
})

it('gathers the days that lack punches, whatever their order', () => {
  const days = [day('2026-07-09', 3, 1, true), day('2026-07-05', 3, 3), day('2026-07-02', 4, 4, true), day('2026-07-01', null, 0)]
  expect(lacking(days)).toMatchObject({ punches: 3, from: '2026-07-02', to: '2026-07-09' })
  expect(lacking(days)?.days).toHaveLength(2)
  expect(lacking(days.slice(1, 2))).toBeUndefined()
})
