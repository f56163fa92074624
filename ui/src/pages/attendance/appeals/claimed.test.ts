import { describe, expect, it } from 'vitest'
import type { DayDetail } from '../../../api/attendanceTypes'
import { clockFrom, evidenceProblem, EVIDENCE_MOST, oneLine, plannedClock } from './claimed'

describe('a time as it is typed', () => {
  it.each([
    ['09:00', '09:00'],
    ['9:05', '09:05'],
    ['905', '09:05'],
    ['1830', '18:30'],
    [' 9：05 ', '09:05'],
    ['9.30', '09:30'],
    ['24:00', undefined],
    ['9:60', undefined],
    ['9', undefined],
    ['', undefined],
    ['nine', undefined],
  ])('%j is %s', (typed, clock) => {
    expect(clockFrom(typed)).toBe(clock)
  })
})

it('what is claimed at first is what was planned', () => {
  const shift = { segments: [{ start: '09:00', end: '12:00' }, { start: '22:00', end: '02:30' }] }
  const detail = (kind: string, segment: number | null) => ({ plan: { shift }, day: { marks: [{ kind, minutes: 0, lifted: false, segment }] } }) as unknown as DayDetail
  expect(plannedClock(detail('missingIn', 0), 'missingIn')).toBe('09:00')
  expect(plannedClock(detail('missingOut', 0), 'missingOut')).toBe('12:00')
  expect(plannedClock(detail('missingOut', 1), 'missingOut')).toBe('02:30')
  expect(plannedClock({ plan: { shift: null }, day: { marks: [] } } as unknown as DayDetail, 'missingIn')).toBe('')
})

it.each([
  ['image/png', 10, undefined],
  ['application/pdf', EVIDENCE_MOST, undefined],
  ['image/svg+xml', 10, 'evidence.type'],
  ['text/html', 10, 'evidence.type'],
  ['image/jpeg', EVIDENCE_MOST + 1, 'evidence.too_large'],
])('a file of %s with %i bytes: %s', (type, size, problem) => {
  expect(evidenceProblem({ type, size })).toBe(problem)
})

it('a reason is one line', () => {
  expect(oneLine('  考勤机停电，\n\n 没有记录\t')).toBe('考勤机停电， 没有记录')
})
