import { describe, expect, it } from 'vitest'
import type { Day, DaySummary } from '../../../api/attendanceTypes'
import { reasonsOf } from '../reasonText'
import { totalsOf } from '../totals'
import { moved } from './move'
import { heightOf, stackOf } from './stack'
import { STAYS, TOTALS } from './totalColumns'

describe('keys in the sheet', () => {
  it.each([
    ['ArrowDown', { row: 1, column: 2 }],
    ['ArrowUp', { row: 0, column: 2 }],
    ['ArrowRight', { row: 0, column: 3 }],
    ['ArrowLeft', { row: 0, column: 1 }],
    ['Home', { row: 0, column: 0 }],
    ['End', { row: 0, column: 31 }],
    ['PageDown', { row: 10, column: 2 }],
    ['PageUp', { row: 0, column: 2 }],
  ])('%s', (key, to) => {
    expect(moved(key, { row: 0, column: 2 }, 100, 32)).toEqual(to)
  })

  it('stop at the edges, and others are left alone', () => {
    expect(moved('PageDown', { row: 3, column: 31 }, 5, 32)).toEqual({ row: 4, column: 31 })
    expect(moved('ArrowRight', { row: 3, column: 31 }, 5, 32)).toEqual({ row: 3, column: 31 })
    expect(moved('End', { row: 0, column: 0 }, 5, 32, true)).toEqual({ row: 4, column: 31 })
    expect(moved('a', { row: 0, column: 0 }, 5, 32)).toBeUndefined()
  })
})

describe('a column of the chart', () => {
  const day: DaySummary = { date: '2026-11-02', normal: 10, late: 2, earlyLeave: 0, missing: 1, absent: 0, leave: 3, rest: 40, pending: 5 }

  it('stands on what is as it should be', () => {
    expect(stackOf(day)).toEqual([
      { name: 'normal', from: 0, to: 10 },
      { name: 'leave', from: 10, to: 13 },
      { name: 'late', from: 13, to: 15 },
      { name: 'missing', from: 15, to: 16 },
    ])
  })

  it('is as high as its parts', () => {
    expect(heightOf(day)).toBe(16)
  })
})

it('columns that stay lie beside each other at the right edge', () => {
  const staying = TOTALS.filter(({ stays }) => stays)
  expect(TOTALS.slice(-staying.length)).toEqual(staying)
  expect(STAYS.get(staying.at(-1)?.key ?? '')).toBe(0)
})

const day = (marks: Day['marks'], more: Partial<Day> = {}): Day => ({ workedMinutes: 400, requiredMinutes: 480, overtimeMinutes: 0, leaveMinutes: 0, status: 'normal', reasons: [], marks, ...more }) as unknown as Day

it('what is lifted counts no more', () => {
  const totals = totalsOf([
    day([{ kind: 'late', minutes: 6, lifted: false, segment: 0 }, { kind: 'missingOut', minutes: 0, lifted: true, segment: 0 }]),
    day([{ kind: 'late', minutes: 9, lifted: true, segment: 0 }]),
    day([{ kind: 'absent', minutes: 480, lifted: false, segment: null }], { workedMinutes: 0 }),
    day([], { status: 'leave', workedMinutes: 0, leaveMinutes: 480 }),
  ])
  expect(totals).toMatchObject({ workedDays: 2, workedMinutes: 800, lateCount: 1, lateMinutes: 6, missingCount: 0, absentDays: 1, absentMinutes: 480, leaveDays: 1, leaveMinutes: 480, liftedCount: 2 })
})

const reason = (code: string, sn: string | null) => ({ code, detail: '', sn, name: sn, gap: null, heardUntil: null })

it('each reason is told once, that of most days first', () => {
  const found = reasonsOf([
    { reasons: [reason('day.not_over', null)] },
    { reasons: [reason('day.not_over', null), reason('day.machine_silent', 'B')] },
    { reasons: [reason('day.machine_silent', 'A'), reason('day.machine_silent', 'B')] },
    { reasons: [reason('day.machine_silent', 'B')] },
  ])
  expect(found.map(({ reason: { sn }, days }) => [sn, days])).toEqual([['B', 3], [null, 2], ['A', 1]])
})
