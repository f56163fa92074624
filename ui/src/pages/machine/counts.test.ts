import { describe, expect, it } from 'vitest'
import type { Machine } from '../../api/types'
import { textsIn } from '../../i18n/forTests'
import { peopleFinding, punchFinding } from './counts'
import { clockIsOff, skewText } from './skew'

const t = await textsIn('en')
const counted = (dialect: Machine['dialect'], punches: number | null, held: number, people: number | null, listed: number) => ({
  dialect,
  reported: { punches, people, fingerprints: null, faces: null },
  held: { punches: held, people: listed },
  roster: { total: listed, synced: 0, waiting: 0, failed: 0, noNumber: 0, removing: 0, sent: 0 },
})

describe('o5: a difference between the counts is explained', () => {
  it.each([
    ['attendance', 12, 12, 'good', undefined],
    ['attendance', 14, 12, 'warning', 'rejected'],
    ['attendance', 2, 12, 'info', undefined],
    ['attendance', null, 12, 'info', 'readInfo'],
    // Doors and alarms are among its records.
    ['access', 900, 12, 'info', undefined],
  ] as const)('%s: %s there, %i here', (dialect, there, here, tone, action) => {
    const finding = punchFinding(t, counted(dialect, there, here, null, 0))
    expect([finding.tone, finding.action]).toEqual([tone, action])
  })

  it('for people, only when there is one', () => {
    expect(peopleFinding(t, counted('attendance', 0, 0, 5, 5))).toBeUndefined()
    expect(peopleFinding(t, counted('attendance', 0, 0, null, 5))).toBeUndefined()
    expect(peopleFinding(t, counted('attendance', 0, 0, 7, 5))?.action).toBe('seen')
    expect(peopleFinding(t, counted('attendance', 0, 0, 4, 5))?.text).toMatch(/^1 person on the list here is not on the machine yet/)
  })
})

describe('the clock’s difference', () => {
  it.each([
    [null, 'not known yet', false],
    [0, 'within a minute', false],
    [-60, 'within a minute', false],
    [61, '1 minute ahead', true],
    [-300, '5 minutes behind', true],
    [8 * 3600, '8 hours ahead', true],
    [-400 * 86_400, '400 days behind', true],
  ])('%s seconds: %s', (seconds, text, off) => {
    expect(skewText(t, seconds)).toBe(text)
    expect(clockIsOff(seconds)).toBe(off)
  })
})
