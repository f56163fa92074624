import { describe, expect, it } from 'vitest'
import type { CalendarDay } from '../../../api/scheduleTypes'
import { changesOf, dayFrom, faultOf, stretchesOf, type DayDraft } from './edit'

const draft = (more: Partial<DayDraft> = {}): DayDraft => ({ from: '2026-10-01', to: '2026-10-03', kind: 'holiday', name: '国庆节', asWeekday: null, ...more })
const day = (date: string, more: Partial<CalendarDay> = {}): CalendarDay => ({ date, kind: 'holiday', name: '国庆节', asWeekday: null, ...more })

describe('setting days', () => {
  it.each([
    [draft(), undefined],
    [draft({ to: '2026-09-30' }), 'toOrder'],
    [draft({ to: '2026-12-31' }), 'tooLong'],
    [draft({ name: ' ' }), 'nameMissing'],
    [draft({ kind: 'ordinary', name: '' }), undefined],
  ])('%j is refused for %s', (given, fault) => {
    expect(faultOf(given)).toBe(fault)
  })

  it('sets each day, or sets back those that were set', () => {
    const set = new Map([['2026-10-02', day('2026-10-02')]])
    expect(changesOf(draft({ name: ' 国庆节 ', asWeekday: 3 }), set).put).toEqual([day('2026-10-01'), day('2026-10-02'), day('2026-10-03')])
    expect(changesOf(draft({ kind: 'workday', to: '2026-10-01', asWeekday: 3 }), set).put).toEqual([day('2026-10-01', { kind: 'workday', asWeekday: 3 })])
    expect(changesOf(draft({ kind: 'ordinary' }), set)).toEqual({ put: [], drop: ['2026-10-02'] })
  })
})

describe('the list of a year', () => {
  it('tells days in a row as one', () => {
    const days = [day('2026-10-02'), day('2026-10-01'), day('2026-10-10', { kind: 'workday' }), day('2026-10-03'), day('2026-10-05')]
    expect(stretchesOf(days).map(({ from, to, days: count, kind }) => `${from} ${to} ${String(count)} ${kind}`)).toEqual([
      '2026-10-01 2026-10-03 3 holiday', '2026-10-05 2026-10-05 1 holiday', '2026-10-10 2026-10-10 1 workday',
    ])
  })
})

describe('the keyboard in the year', () => {
  it.each([
    ['2026-03-31', 'ArrowRight', '2026-04-01'],
    ['2026-01-01', 'ArrowLeft', undefined],
    ['2026-03-10', 'ArrowUp', '2026-03-03'],
    ['2026-03-10', 'PageDown', '2026-04-10'],
    ['2026-03-10', 'Home', '2026-03-01'],
    ['2026-02-10', 'End', '2026-02-28'],
    ['2026-02-10', 'x', undefined],
  ])('from %s by %s', (date, key, next) => {
    expect(dayFrom(date, key, 2026)).toBe(next)
  })
})
