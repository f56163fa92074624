import { describe, expect, it } from 'vitest'
import { textsIn } from '../../i18n/forTests'
import { answerText, orderText, stateText } from './life'

const NOW = Date.parse('2026-11-22T09:00:00Z')
const before = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString()
const t = await textsIn('en')

describe('an order that waits', () => {
  const queued = { state: 'queued', sentAt: null } as const

  it.each([
    [12, 'Waiting for the machine, last heard 12 sec. ago'],
    [200, 'Waiting for the machine, last heard 3 min. ago'],
    [2, 'Waiting for the machine, heard just now'],
  ])('q11: waiting for machine shows the age of the last poll (%i s)', (seconds, text) => {
    expect(stateText(t, queued, before(seconds), NOW)).toBe(text)
  })

  it('q11: a machine that never polled is said to have never connected', () => {
    expect(stateText(t, queued, null, NOW)).toBe('Waiting for the machine, which has never connected')
  })
})

describe('an order', () => {
  it('that was sent says since when there is no answer', () => {
    expect(stateText(t, { state: 'sent', sentAt: before(40) }, before(40), NOW)).toBe('Sent 40 sec. ago, not answered yet')
  })

  it.each([
    ['done', 'Done'],
    ['failed', 'Failed'],
    ['expired', 'Expired'],
    ['cancelled', 'Cancelled'],
  ] as const)('that is %s says so', (state, text) => {
    expect(stateText(t, { state, sentAt: null }, null, NOW)).toBe(text)
  })

  it('names what it is and whom it is about', () => {
    expect(orderText(t, { kind: 'readPeople', pin: null })).toBe('Read people')
    expect(orderText(t, { kind: 'deletePerson', pin: '7' })).toBe('Delete a person · number 7')
    expect(orderText(t, { kind: 'somethingNew', pin: null })).toBe('somethingNew')
  })
})

describe('the machine’s answer', () => {
  it.each([
    [{ state: 'failed', reason: 'machine.person_unknown', detail: 'the machine does not know the person', returnCode: -10 }, /^The machine does not know this person\..* · number -10$/],
    [{ state: 'failed', reason: 'machine.code', detail: null, returnCode: -10002 }, /no document explains.* · number -10002$/],
    [{ state: 'failed', reason: 'something.new', detail: 'said in English', returnCode: null }, /^said in English$/],
    [{ state: 'done', reason: null, detail: null, returnCode: 0 }, /^$/],
    [{ state: 'done', reason: null, detail: null, returnCode: 12 }, /^12 records$/],
    [{ state: 'queued', reason: null, detail: null, returnCode: null }, /^$/],
    [{ state: 'expired', reason: 'command.expired', detail: null, returnCode: null }, /^The machine did not ask for it in time/],
  ] as const)('%j', (command, text) => {
    expect(answerText(t, command)).toMatch(text)
  })

  it('is in Chinese too', async () => {
    const chinese = await textsIn('zh-CN')
    expect(answerText(chinese, { state: 'failed', reason: 'machine.no_space', detail: 'the machine is full', returnCode: -5 })).toMatch(/^考勤机已满。.* · 代码 -5$/)
    await textsIn('en')
  })
})
