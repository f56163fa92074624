import type { TFunction } from 'i18next'
import { beforeAll, describe, expect, it } from 'vitest'
import type { DayDetail, DayFact, Mark, Shift } from '../../../api/attendanceTypes'
import { textsIn } from '../../../i18n/forTests'
import { ruleText } from './ruleText'
import { breaksOf, clockOf, spansOf, timelineOf, wallMinute } from './timeline'

const shift: Shift = {
  id: 's1', name: '白班', kind: 'fixed', color: null, segments: [{ start: '09:00', end: '18:00' }], graceInMinutes: 5, graceOutMinutes: 0,
  windowBeforeMinutes: 120, windowAfterMinutes: 240, breaks: [{ start: '12:00', end: '13:00' }], requiredMinutes: null, halfDayAfterMinutes: 60,
  absentAfterMinutes: 180, overtimeAfterMinutes: null, roundingMinutes: null, doublePunchMinutes: 1, assigned: 0,
}
const night: Shift = { ...shift, segments: [{ start: '22:00', end: '06:00' }], breaks: [{ start: '02:00', end: '02:30' }] }
const two: Shift = { ...shift, segments: [{ start: '08:30', end: '12:00' }, { start: '13:30', end: '18:00' }], breaks: [] }

const fact = (id: number, time: string, use: DayFact['use'], segment: number | null = 0, source: DayFact['source'] = 'punch'): DayFact => ({
  source, id, time: `2026-11-${time}+08:00`, sn: 'A', machineName: '正门', status: null, verify: null, use, segment, unused: use === null ? 'between' : null, flags: [],
})
const mark = (kind: Mark['kind'], minutes = 0, segment: number | null = 0): Mark => ({ kind, minutes, lifted: false, segment })

function detail(of: Shift | null, facts: DayFact[], window = { from: '2026-11-02T07:00:00+08:00', to: '2026-11-02T22:00:00+08:00' }): DayDetail {
  return {
    day: { date: '2026-11-02', requiredMinutes: 480, workedMinutes: 440, marks: [] },
    plan: { planned: of ? 'works' : 'rest', shift: of, because: 'assignment', assignmentId: 1, makeUp: null, holiday: null },
    window,
    facts,
    leaves: [],
  } as unknown as DayDetail
}

describe('minutes of a day', () => {
  it.each([
    ['2026-11-02T09:06:59+08:00', 546],
    ['2026-11-03T02:00:00+08:00', 1560],
    ['2026-11-01T23:30:00+08:00', -30],
  ])('%s is %i', (time, minute) => {
    expect(wallMinute('2026-11-02', time)).toBe(minute)
  })

  it.each([[546, '09:06'], [1560, '02:00'], [-30, '23:30'], [0, '00:00']])('%i is %s', (minute, clock) => {
    expect(clockOf(minute)).toBe(clock)
  })

  it.each([
    ['a day', shift, [[540, 1080]], [[720, 780]]],
    ['a night', night, [[1320, 1800]], [[1560, 1590]]],
    ['two stretches', two, [[510, 720], [810, 1080]], []],
  ] as const)('%s has its stretches and breaks', (_, of, segments, breaks) => {
    expect(spansOf(of.segments).map(({ from, to }) => [from, to])).toEqual(segments)
    expect(breaksOf(of).map(({ from, to }) => [from, to])).toEqual(breaks)
  })
})

describe('a day as it is drawn', () => {
  it('lies within its window, with whole hours', () => {
    const line = timelineOf(detail(shift, [fact(1, '02T09:06:00', 'in'), fact(2, '02T18:03:10', 'out')]), 640)
    expect([line.from, line.to]).toEqual([420, 1320])
    expect(line.hours[0]).toBe(480)
    expect(line.hours.length).toBeLessThanOrEqual(13)
    expect(line.segments).toEqual([{ from: 540, to: 1080 }])
    expect(line.marks.map(({ minute, lane }) => [minute, lane])).toEqual([[546, 0], [1083, 0]])
  })

  it('writes labels of neighbours in different rows', () => {
    const facts = [fact(1, '02T08:58:00', null, null), fact(2, '02T08:59:00', 'in'), fact(3, '02T09:01:00', null, null)]
    expect(timelineOf(detail(shift, facts), 640).marks.map(({ lane }) => lane)).toEqual([0, 1, 2])
    expect(timelineOf(detail(shift, facts), 80_000).marks.map(({ lane }) => lane)).toEqual([0, 0, 0])
  })

  it('leaves out what lies outside, and draws leave to the edges', () => {
    const given = detail(night, [fact(1, '02T05:00:00', null, null)], { from: '2026-11-02T20:00:00+08:00', to: '2026-11-03T10:00:00+08:00' })
    const line = timelineOf({ ...given, leaves: [{ id: 1, employeeId: 'e1', name: '王伟', kind: 'sick', from: '2026-11-02', to: '2026-11-02', start: null, end: '23:00', note: '' }] }, 640)
    expect(line.marks).toEqual([])
    expect(line.segments).toEqual([{ from: 1320, to: 1800 }])
    expect(line.leave).toEqual([{ from: 1200, to: 1380 }])
  })

  it('of a rest day has no shift', () => {
    const line = timelineOf(detail(null, [], { from: '2026-11-02T00:00:00+08:00', to: '2026-11-03T00:00:00+08:00' }), 640)
    expect([line.segments, line.breaks, line.from, line.to]).toEqual([[], [], 0, 1440])
  })
})

describe('the rule that made a mark', () => {
  let t: TFunction
  beforeAll(async () => {
    t = await textsIn('zh-CN')
  })

  it.each<[string, Mark, DayDetail, string]>([
    ['late', mark('late', 6), detail(shift, [fact(1, '02T09:06:30', 'in')]), '应于 09:00 上班，宽限 5 分钟；09:06 打卡，迟到 6 分钟。'],
    ['early', mark('earlyLeave', 30), detail(shift, [fact(1, '02T17:30:00', 'out')]), '应于 18:00 下班，宽限 0 分钟；17:30 打卡，早退 30 分钟。'],
    ['second stretch', mark('late', 10, 1), detail(two, [fact(1, '02T13:40:00', 'in', 1)]), '应于 13:30 上班，宽限 5 分钟；13:40 打卡，迟到 10 分钟。'],
    ['missing in', mark('missingIn'), detail(shift, [fact(1, '02T18:00:00', 'out')]), '09:00–18:00 有下班打卡，没有上班打卡。'],
    ['missing out', mark('missingOut', 0, 1), detail(two, []), '13:30–18:00 有上班打卡，没有下班打卡。'],
    ['absent', mark('absent', 480, null), detail(shift, []), '全天没有打卡，旷工 8:00 小时。'],
    ['a stretch', mark('absent', 210, 0), detail(two, []), '08:30–12:00 没有任何打卡，旷工 3:30 小时。'],
    ['half a day by lateness', mark('absent', 240), detail(shift, [fact(1, '02T10:30:00', 'in')]), '09:00–18:00 迟到或早退超过 60 分钟，按旷工 4:00 小时计。'],
    ['a day by lateness', mark('absent', 480), detail(shift, [fact(1, '02T13:30:00', 'in')]), '09:00–18:00 迟到或早退超过 180 分钟，按旷工 8:00 小时计。'],
    ['too short', mark('earlyLeave', 40), detail({ ...shift, kind: 'flexible' }, [fact(1, '02T17:30:00', 'out')]), '应出勤 8:00 小时，实际 7:20 小时，宽限 0 分钟；不足 40 分钟。'],
    ['night', mark('earlyLeave', 15), detail(night, [fact(1, '03T05:45:00', 'out')]), '应于 06:00 下班，宽限 0 分钟；05:45 打卡，早退 15 分钟。'],
    ['without a shift', mark('late', 1), detail(null, []), ''],
  ])('%s', (_, given, of, text) => {
    expect(ruleText(t, given, of)).toBe(text)
  })
})
