import { describe, expect, it } from 'vitest'
import { datesBetween, daysApart, isDate, lastOf, mondayOf, shiftMonth, spanOf, stepDate, weekdayOf, weeksOf } from './dates'

describe('dates', () => {
  it.each([['2026-01-05', 1], ['2026-01-04', 7], ['2024-02-29', 4]])('%s is weekday %s', (date, weekday) => {
    expect(weekdayOf(date)).toBe(weekday)
  })

  it.each([['2026-01', 1, '2026-02'], ['2026-12', 1, '2027-01'], ['2026-01', -1, '2025-12'], ['2026-03', -15, '2024-12']])('%s moved by %s months', (month, by, then) => {
    expect(shiftMonth(month, by)).toBe(then)
  })

  it('has months that end where they end', () => {
    expect([lastOf('2024-02'), lastOf('2026-02'), lastOf('2026-12')]).toEqual(['2024-02-29', '2026-02-28', '2026-12-31'])
    expect(stepDate('2026-01-31', 'month', 1)).toBe('2026-02-28')
    expect(stepDate('2026-01-31', 'week', -1)).toBe('2026-01-24')
  })

  it('begins weeks on Monday', () => {
    expect(mondayOf('2026-01-04')).toBe('2025-12-29')
    expect(spanOf('2026-01-04', 'week')).toEqual({ from: '2025-12-29', to: '2026-01-04' })
    expect(spanOf('2026-02-14', 'month')).toEqual({ from: '2026-02-01', to: '2026-02-28' })
  })

  it('lists and counts', () => {
    expect(datesBetween('2026-02-27', '2026-03-01')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01'])
    expect(datesBetween('2026-03-01', '2026-02-27')).toEqual([])
    expect(daysApart('2026-02-27', '2026-03-01')).toBe(2)
  })

  it('fills the weeks of a month', () => {
    const weeks = weeksOf('2026-02')
    expect(weeks).toHaveLength(5)
    expect(weeks[0]).toEqual([null, null, null, null, null, null, '2026-02-01'])
    expect(weeks[4]).toEqual(['2026-02-23', '2026-02-24', '2026-02-25', '2026-02-26', '2026-02-27', '2026-02-28', null])
  })

  it.each([['2026-02-28', true], ['2026-02-30', false], ['2026-2-3', false], ['', false]])('%s is a date: %s', (text, good) => {
    expect(isDate(text)).toBe(good)
  })
})
