import { describe, expect, it } from 'vitest'
import type { ShiftRule } from '../../../api/scheduleTypes'
import { textsIn } from '../../../i18n/forTests'
import { frameText, lengthText, momentText, sentencesOf, summaryOf, timesText } from './sentences'
import { TEMPLATE } from './templates'

const rule = (more: Partial<ShiftRule> = {}): ShiftRule => ({ ...TEMPLATE.fixed, ...more })

describe('what a shift means', () => {
  it.each<[string, ShiftRule, string]>([
    ['grace', rule(), '09:05 is in time, 09:06 is 6 min late.'],
    ['no grace', rule({ graceInMinutes: 0 }), '09:00 is in time, 09:01 is 1 min late.'],
    ['leaving', rule({ graceOutMinutes: 10 }), 'Leaving at 17:50 is in time, at 17:49 it is 11 min too early.'],
    ['a break', rule(), '12:00–13:00 does not count as working time, and nobody punches for it.'],
    ['the window', rule(), 'Punches from 07:00 to 21:59 belong to this day.'],
    ['a window from the evening before', rule({ segments: [{ start: '01:00', end: '09:00' }], breaks: [] }), 'Punches from 23:00 the evening before to 12:59 belong to this day.'],
    ['the whole', rule(), 'A whole day is 8 h.'],
    ['half a day', rule({ halfDayAfterMinutes: 60 }), 'More than 1 h late or early counts as half a day absent (4 h).'],
    ['a whole day', rule({ absentAfterMinutes: 90 }), 'More than 1 h 30 min late or early counts as a whole day absent (8 h).'],
    ['overtime', rule({ overtimeAfterMinutes: 30, roundingMinutes: 30 }), 'Whoever stays until 18:30 or longer has overtime from 18:00 on: until 19:10 makes 1 h.'],
    ['overtime to the minute', rule({ overtimeAfterMinutes: 90 }), 'Whoever stays until 19:30 or longer has overtime from 18:00 on: until 19:30 makes 1 h 30 min.'],
    ['a night', TEMPLATE.overnight, 'Leaving at 06:00 next day is in time, at 05:59 next day it is 1 min too early.'],
    ['a night’s break', TEMPLATE.overnight, '02:00–02:30 next day does not count as working time, and nobody punches for it.'],
    ['midnight', TEMPLATE.overnight, 'It goes over midnight and belongs to the day it begins on.'],
    ['flexible hours', TEMPLATE.flexible, 'Within 07:00–21:00 one works 8 h; when, is one’s own choice.'],
    ['an example of them', TEMPLATE.flexible, 'Whoever comes at 08:00 has worked enough at 17:00.'],
    ['their grace', { ...TEMPLATE.flexible, graceOutMinutes: 10 }, 'Whoever comes at 08:00 has worked enough at 17:00. Up to 10 min less is let pass.'],
    ['double punches', rule({ doublePunchMinutes: 2 }), 'Two punches less than 2 min apart count as one.'],
  ])('tells %s', async (_, given, sentence) => {
    expect(sentencesOf(await textsIn('en'), given)).toContain(sentence)
  })

  it('tells each part of a split one, and nothing of what there is not', async () => {
    const said = sentencesOf(await textsIn('en'), { ...TEMPLATE.split, doublePunchMinutes: 0 })
    expect(said.filter((sentence) => sentence.includes('late'))).toEqual(['08:35 is in time, 08:36 is 6 min late.', '13:35 is in time, 13:36 is 6 min late.'])
    expect(said.join(' ')).not.toMatch(/overtime|absent|midnight|break|punches less/)
    expect(sentencesOf(await textsIn('en'), rule({ segments: [] }))).toEqual([])
  })

  it('tells it in Chinese', async () => {
    const t = await textsIn('zh-CN')
    expect(sentencesOf(t, rule())[0]).toBe('09:05 打卡算准时，09:06 算迟到 6 分钟。')
    expect(sentencesOf(t, TEMPLATE.overnight)).toContain('次日 02:00–02:30 不计工时，也不用打卡。')
    expect([momentText(t, 1500), momentText(t, -60), lengthText(t, 450)]).toEqual(['次日 01:00', '前一晚 23:00', '7 小时 30 分钟'])
  })

  it('is told in a line', async () => {
    const t = await textsIn('en')
    expect(summaryOf(t, TEMPLATE.split)).toBe('08:30–12:00, 13:30–17:30, 7.5 h')
    expect(summaryOf(t, TEMPLATE.flexible)).toBe('8 h between 07:00–21:00')
    expect([timesText(t, TEMPLATE.overnight), frameText(TEMPLATE.split)]).toEqual(['22:00–06:00 next day', '08:30–17:30'])
  })
})
