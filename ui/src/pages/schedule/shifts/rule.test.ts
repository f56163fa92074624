import { describe, expect, it } from 'vitest'
import type { ShiftRule } from '../../../api/scheduleTypes'
import { axisFor, midnightsOf, partsOf, place, ticksOf } from './bar'
import { faultOf, requiredOf, timelineOf } from './rule'
import { TEMPLATE, TEMPLATES } from './templates'

const span = (text: string) => {
  const [start = '', end = ''] = text.split('-')
  return { start, end }
}
const rule = (segments: string, breaks = '', more: Partial<ShiftRule> = {}): ShiftRule => ({
  ...TEMPLATE.fixed,
  segments: segments.split(' ').filter(Boolean).map(span),
  breaks: breaks.split(' ').filter(Boolean).map(span),
  ...more,
})

describe('a shift on the line of minutes', () => {
  it.each([
    ['09:00-18:00', '', [[540, 1080]], []],
    ['08:30-12:00 13:30-17:30', '', [[510, 720], [810, 1050]], []],
    ['22:00-06:00', '02:00-02:30', [[1320, 1800]], [[1560, 1590]]],
    ['20:00-23:00 01:00-05:00', '', [[1200, 1380], [1500, 1740]], []],
    ['08:00-08:00', '', [[480, 1920]], []],
    ['00:00-08:00', '04:00-04:30', [[0, 480]], [[240, 270]]],
  ])('%s with %s', (segments, breaks, work, rest) => {
    const line = timelineOf(rule(segments, breaks))
    expect(line.segments.map(({ start, end }) => [start, end])).toEqual(work)
    expect(line.breaks.map(({ start, end }) => [start, end])).toEqual(rest)
  })

  it('has its window around it', () => {
    expect(timelineOf(rule('01:00-09:00'))).toMatchObject({ from: -60, to: 780 })
  })

  it('owes what is left without breaks, or what it asks', () => {
    expect(requiredOf(rule('09:00-18:00', '12:00-13:00'))).toBe(480)
    expect(requiredOf(rule('22:00-06:00', '02:00-02:30'))).toBe(450)
    expect(requiredOf(TEMPLATE.flexible)).toBe(480)
  })
})

describe('what is wrong with a rule', () => {
  it.each(TEMPLATES)('nothing with the template %s', (name) => {
    expect(faultOf(TEMPLATE[name])).toBeUndefined()
  })

  it.each([
    [rule(''), 'shift.segments'],
    [rule('9:99-18:00'), 'shift.time_invalid'],
    [rule('09:00-18:00', '12:00-x'), 'shift.time_invalid'],
    [rule('09:00-13:00 12:00-18:00'), 'shift.segments_overlap'],
    [rule('09:00-12:00 12:00-18:00'), 'shift.segments_overlap'],
    [rule('09:00-12:00 13:00-18:00', '12:00-12:30'), 'shift.break_outside'],
    [rule('09:00-18:00', '08:00-08:30'), 'shift.break_outside'],
    [rule('09:00-18:00', '12:00-13:00 12:30-13:30'), 'shift.break_outside'],
    [{ ...TEMPLATE.flexible, requiredMinutes: null }, 'shift.required_missing'],
    [{ ...TEMPLATE.flexible, requiredMinutes: 900 }, 'shift.required_too_long'],
    [rule('09:00-18:00', '', { halfDayAfterMinutes: 60, absentAfterMinutes: 30 }), 'shift.thresholds'],
    [rule('12:00-13:00', '12:00-13:00'), 'shift.nothing_left'],
    [rule('08:00-08:00'), undefined],
    [rule('22:00-06:00', '', { halfDayAfterMinutes: 30, absentAfterMinutes: 60 }), undefined],
  ])('%# is %s', (given, fault) => {
    expect(faultOf(given)).toBe(fault)
  })
})

describe('a drawn shift', () => {
  it('shares its axis with the others', () => {
    expect(axisFor([rule('09:00-18:00'), rule('22:00-06:00')])).toEqual({ from: 420, to: 2040 })
    expect(axisFor([])).toEqual({ from: 0, to: 1440 })
  })

  it('has window, work, grace and breaks', () => {
    const parts = partsOf(rule('09:00-18:00', '12:00-13:00', { graceInMinutes: 5, graceOutMinutes: 10 }))
    expect(parts.map(({ what, start, end }) => `${what} ${String(start)}-${String(end)}`)).toEqual(['window 420-1320', 'work 540-1080', 'grace 540-545', 'grace 1070-1080', 'break 720-780'])
    expect(partsOf(TEMPLATE.flexible).map(({ what }) => what)).toEqual(['window', 'flexible', 'break'])
  })

  it('is marked at whole steps', () => {
    expect(ticksOf({ from: 420, to: 1320 })).toEqual([480, 600, 720, 840, 960, 1080, 1200, 1320])
    expect(ticksOf({ from: 420, to: 2040 }, 8)).toEqual([480, 720, 960, 1200, 1440, 1680, 1920])
    expect(midnightsOf({ from: -60, to: 1500 })).toEqual([0, 1440])
    expect(place({ from: 420, to: 1320 }, 870)).toBe(50)
  })
})
