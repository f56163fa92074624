import type { TFunction } from 'i18next'
import { beforeAll, describe, expect, it } from 'vitest'
import type { DayStatus, Mark } from '../../api/attendanceTypes'
import { textsIn } from '../../i18n/forTests'
import { cellLabel, cellParts, hours, inOrder, markText } from './marks'

let t: TFunction
const mark = (kind: Mark['kind'], minutes = 0, lifted = false, segment: number | null = null): Mark => ({ kind, minutes, lifted, segment })

describe('in Chinese', () => {
  beforeAll(async () => {
    t = await textsIn('zh-CN')
  })

  it.each([
    [510, '8:30'],
    [0, '0:00'],
    [65, '1:05'],
    [-5, '0:05'],
  ])('%i minutes are %s', (minutes, text) => {
    expect(hours(minutes)).toBe(text)
  })

  it.each([
    [mark('late', 6), '迟到 6 分钟'],
    [mark('earlyLeave', 30), '早退 30 分钟'],
    [mark('missingIn'), '上班缺卡'],
    [mark('absent', 240), '旷工 4:00 小时'],
  ])('%j is %s', (given, text) => {
    expect(markText(t, given)).toBe(text)
  })

  it.each<[DayStatus, Mark[], string]>([
    ['normal', [], 'normal:'],
    ['late', [mark('late', 6)], 'late:迟6'],
    ['late', [mark('late', 125)], 'late:迟2h'],
    ['missing', [mark('late', 6), mark('missingOut')], 'missingOut:缺下 late:迟6'],
    ['normal', [mark('late', 6, true)], 'late:迟6:lifted'],
    ['late', [mark('missingIn', 0, true), mark('late', 3)], 'late:迟3 missingIn:缺上:lifted'],
    ['absent', [mark('absent', 480)], 'absent:旷'],
    ['rest', [], 'rest:休'],
    ['holiday', [], 'holiday:节'],
    ['leave', [], 'leave:假'],
    ['unscheduled', [], 'unscheduled:–'],
    ['pending', [], 'pending:…'],
    ['notEmployed', [], ''],
  ])('a cell of a %s day with %j', (status, marks, cell) => {
    expect(cellParts(t, { status, marks }).map(({ sign, text, lifted }) => `${sign}:${text}${lifted ? ':lifted' : ''}`).join(' ')).toBe(cell)
  })

  it.each<[DayStatus, Mark[], boolean, string]>([
    ['normal', [], false, '正常'],
    ['late', [mark('late', 6)], true, '迟到 6 分钟；暂定'],
    ['normal', [mark('late', 6, true)], false, '正常；迟到 6 分钟（申诉通过）'],
    ['late', [mark('late', 6), mark('missingOut', 0, true)], false, '迟到 6 分钟；下班缺卡（申诉通过）'],
  ])('a cell of a %s day with %j is heard as words', (status, marks, provisional, label) => {
    expect(cellLabel(t, { status, marks, provisional })).toBe(label)
  })
})

it('the worst comes first, and what is lifted last', () => {
  const marks = [mark('earlyLeave', 1), mark('absent', 60, true), mark('late', 1), mark('missingOut')]
  expect(inOrder(marks).map(({ kind }) => kind)).toEqual(['missingOut', 'late', 'earlyLeave', 'absent'])
})
