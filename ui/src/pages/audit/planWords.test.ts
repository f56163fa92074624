import { expect, it } from 'vitest'
import { textsIn } from '../../i18n/forTests'
import { planSubject, planText } from './planWords'

const plans = new Map([['s1', '早班'], ['r1', '四班三运转']])

it.each<[string, unknown, string | undefined]>([
  ['segments', { start: 1320, end: 1800 }, '22:00–06:00'],
  ['shiftId', 's1', '早班'],
  ['shiftId', 'gone', 'gone'],
  ['steps', null, '休息'],
  ['2026-03-02', null, '休息'],
  ['to', null, undefined],
  ['weekdays', 3, '周三'],
  ['kind', 'flexible', '弹性工时'],
  ['kind', 'annual', '年假'],
  ['kind', 'holiday', '节假日'],
  ['kind', 'setClock', undefined],
  ['color', 'rose', '玫红'],
  ['2026-10-01', { kind: 'holiday', name: '国庆节' }, '节假日 国庆节'],
  ['name', '早班', undefined],
  ['graceIn', 5, undefined],
])('%s %j reads %s', async (key, value, text) => {
  expect(planText(await textsIn('zh-CN'), value, key, plans)).toBe(text)
})

it.each([
  ['shift/s1', '班次 早班'],
  ['rotation/r1', '轮班 四班三运转'],
  ['employee/e1/schedule', '人员ID e1 · 排班表'],
  ['employee/e1/leave/3', '人员ID e1 · 请假'],
  ['machine/CQZ1', undefined],
])('%s is %s', async (subject, text) => {
  expect(planSubject(await textsIn('zh-CN'), subject, plans)).toBe(text)
})
