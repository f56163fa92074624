import { expect, it } from 'vitest'
import { dayClock } from './clock'
import { dateOr, monthOr } from './dates'
import { dayKey, dayOf } from './openDay'

it('an address with no date is of today', () => {
  expect(dateOr('2026-11-02')).toBe('2026-11-02')
  expect(dateOr('2026-13-02', 'x')).toBe('x')
  expect(dateOr('2026-02-30', 'x')).toBe('x')
  expect(dateOr('yesterday', 'x')).toBe('x')
  expect(monthOr('2026-11')).toBe('2026-11')
  expect(monthOr('2026-00')).toMatch(/^\d{4}-\d\d$/)
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
