import { describe, expect, it } from 'vitest'
import { dayClock } from './clock'
import { dateOr, datesBetween, lastOf, monthOr, shiftMonth, weekday, weeksOf } from './dates'
import { dayKey, dayOf } from './openDay'

describe('dates', () => {
  it.each([
    ['2026-02', '2026-02-28'],
    ['2028-02', '2028-02-29'],
    ['2026-12', '2026-12-31'],
  ])('the last of %s is %s', (month, last) => {
    expect(lastOf(month)).toBe(last)
  })

  it.each([
    ['2026-01', -1, '2025-12'],
    ['2026-12', 1, '2027-01'],
    ['2026-11', 2, '2027-01'],
  ])('%s and %i months is %s', (month, by, other) => {
    expect(shiftMonth(month, by)).toBe(other)
  })

  it('a week begins on Monday', () => {
    expect([weekday('2026-11-02'), weekday('2026-11-08')]).toEqual([1, 7])
    const weeks = weeksOf('2026-11')
    expect(weeks).toHaveLength(6)
    expect(weeks.every((week) => week.length === 7)).toBe(true)
    expect(weeks[0]).toEqual([null, null, null, null, null, null, '2026-11-01'])
    expect(weeks.flat().filter(Boolean)).toHaveLength(30)
  })

  it('an address with no date is of today', () => {
    expect(dateOr('2026-11-02')).toBe('2026-11-02')
    expect(dateOr('2026-13-02', 'x')).toBe('x')
    expect(dateOr('yesterday', 'x')).toBe('x')
    expect(monthOr('2026-11')).toBe('2026-11')
    expect(monthOr('2026-00')).toMatch(/^\d{4}-\d\d$/)
  })

  it('both ends belong to a stretch', () => {
    expect(datesBetween('2026-02-27', '2026-03-01')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01'])
    expect(datesBetween('2026-03-02', '2026-03-01')).toEqual([])
  })
})

it.each([
  ['2026-11-02', '2026-11-02T09:06:59+08:00', '09:06'],
  ['2026-11-02', '2026-11-03T02:05:00+08:00', '02:05 +1'],
  ['2026-11-02', '2026-11-01T23:50:00+08:00', '23:50 −1'],
  ['2026-11-02', null, '–'],
])('of %s, %s is shown as %s', (date, time, text) => {
  expect(dayClock(date, time)).toBe(text)
})

it('an open day is kept in the address, whatever the id', () => {
  expect(dayOf(dayKey('e.1/2', '2026-11-02'))).toEqual({ employeeId: 'e.1/2', date: '2026-11-02' })
  expect(dayOf('nonsense')).toBeUndefined()
  expect(dayOf('2026-11-02.')).toBeUndefined()
})
