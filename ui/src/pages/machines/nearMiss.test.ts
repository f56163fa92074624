import { describe, expect, it } from 'vitest'
import type { Machine, Stranger } from '../../api/types'
import { distance, nearMisses } from './nearMiss'

const machine = (sn: string, lastSeenAt: string | null) => ({ sn, lastSeenAt }) as Machine
const stranger = (sn: string) => ({ sn }) as Stranger
const pairs = (machines: Machine[], strangers: Stranger[]) => nearMisses(machines, strangers).map((near) => [near.machine.sn, near.stranger.sn])

describe('distance', () => {
  it.each([
    ['CQZ7000000001', 'CQZ7000000001', 0],
    ['CQZ7000000001', 'cqz7000000001', 0],
    ['CQZ7000000001', 'CQZ700000001', 1],
    ['CQZ7000000001', 'CQZ70000000O1', 0.4],
    ['CQZ7000000012', 'CQZ7000000021', 1],
    ['CQZ7000000001', 'CQZ7OO0000001', 0.8],
    ['', 'AB', 2],
  ])('%s, %s: %i', (left, right, apart) => {
    expect(distance(left, right)).toBe(apart)
    expect(distance(right, left)).toBe(apart)
  })
})

describe('nearMisses', () => {
  it('names the nearest stranger of a machine that never connected', () => {
    expect(pairs([machine('AAAA1111', null)], [stranger('AAAA1122'), stranger('AAAA1112'), stranger('ZZZZ')])).toEqual([['AAAA1111', 'AAAA1112']])
  })

  it('names a stranger once, with the machine that was misread rather than its neighbour', () => {
    expect(pairs([machine('AAAA1004', null), machine('AAAA1OO5', null)], [stranger('AAAA1005')])).toEqual([['AAAA1OO5', 'AAAA1005']])
  })

  it('leaves machines alone that have connected: they have neighbours with the next number', () => {
    expect(pairs([machine('AAAA1111', '2026-11-22T08:00:00Z')], [stranger('AAAA1112')])).toEqual([])
  })
})
