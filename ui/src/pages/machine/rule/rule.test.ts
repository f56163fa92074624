import { describe, expect, it } from 'vitest'
import type { DispatchRule, PreviewLine, RulePreview } from '../../../api/types'
import { textsIn } from '../../../i18n/forTests'
import { draftOf, ruleOf, sameRule } from './draft'
import { brakeText, countsText, whyText } from './previewText'

const rule: DispatchRule = {
  enabled: true,
  include: [{ kind: 'department', id: 'd1', name: '生产部' }, { kind: 'branch', id: 'b2', name: '苏州分部' }],
  exclude: [{ kind: 'employee', id: 'e9', name: '李娜' }],
  outOfScope: 'disable',
  runAt: '02:00',
  syncToMachine: true,
  lastRun: null,
  nextRunAt: null,
}

describe('a rule', () => {
  it('comes back from its draft as it was', () => {
    const sent = ruleOf(draftOf(rule))
    expect(sent.include).toEqual([{ kind: 'department', id: 'd1' }, { kind: 'branch', id: 'b2' }])
    expect(sameRule(sent, { ...sent, include: sent.include.toReversed() })).toBe(true)
    expect(sameRule(sent, { ...sent, exclude: [] })).toBe(false)
    expect(sameRule(sent, { ...sent, runAt: '03:00' })).toBe(false)
  })
})

const line = (code: string, within: string[], out: string[]): PreviewLine => ({ employeeId: 'e1', name: '王伟', reason: 'in English', why: { code: code as PreviewLine['why']['code'], in: within, out } })
const preview = (counts: Partial<RulePreview['counts']>, brake: Partial<RulePreview['brake']> = {}): Pick<RulePreview, 'counts' | 'brake'> => ({
  counts: { add: 0, delete: 0, disable: 0, enable: 0, skip: 0, ...counts },
  brake: { wouldStop: false, hit: 0, entries: 0, ...brake },
})

describe('a preview in words', () => {
  it.each([
    ['en', line('inScope', ['生产部'], []), 'in by 生产部'],
    ['en', line('excluded', ['生产部', '苏州分部'], ['保密组']), 'in by 生产部, 苏州分部, out by 保密组'],
    ['zh-CN', line('excluded', ['生产部', '苏州分部'], ['保密组']), '因为 生产部、苏州分部 在范围内，但被 保密组 排除'],
    ['zh-CN', line('left', [], []), '已离职'],
    ['en', line('somethingNew', [], []), 'in English'],
  ] as const)('%s %j', async (language, told, text) => {
    expect(whyText(await textsIn(language), told)).toBe(text)
  })

  it('counts what changes, and says when nothing does', async () => {
    const t = await textsIn('en')
    expect(countsText(t, preview({ add: 12, delete: 3, skip: 40 }))).toBe('adds 12, deletes 3')
    expect(countsText(t, preview({ skip: 40 }))).toBe('Nothing would change.')
  })

  it('warns of the brake with the numbers', async () => {
    const t = await textsIn('en')
    expect(brakeText(t, preview({}))).toBeUndefined()
    expect(brakeText(t, preview({}, { wouldStop: true, hit: 40, entries: 100 }))).toContain('40 of 100 people (40 %)')
    expect(brakeText(await textsIn('zh-CN'), preview({}, { wouldStop: true, hit: 1200, entries: 3000 }))).toContain('3,000 人中的 1,200 人（40%）')
  })
})
