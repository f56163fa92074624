import { describe, expect, it } from 'vitest'
import { organisation } from '../../../kit/org/tree'
import type { Branch, Department } from '../../../api/types'
import type { Assignment, AssignmentTarget } from '../../../api/scheduleTypes'
import { groupsOf, lossesOf, narrowerThan, whenOf, winnerOn } from './precedence'

const target = (kind: AssignmentTarget['kind'], id: string): AssignmentTarget => ({ kind, id, name: `${kind} ${id}` })
const assignment = (id: number, more: Partial<Assignment> = {}): Assignment => ({
  id, target: target('department', 'd1'), shiftId: 's1', rotationId: null, anchor: null, from: '2026-01-01', to: null, weekdays: [1, 2, 3, 4, 5], worksOnHolidays: false, ...more,
})

const org = organisation(
  [{ id: 'b1', name: '总部', parentId: null, employees: 9 }] as Branch[],
  [
    { id: 'd1', name: '生产部', parentId: null, branchId: 'b1', employees: 6 },
    { id: 'd2', name: '一车间', parentId: 'd1', branchId: null, employees: 3 },
    { id: 'd3', name: '销售部', parentId: null, branchId: null, employees: 3 },
  ] as Department[],
)

const place = (id: string) => (id === 'e1' ? 'department:d2' : undefined)
const depth = ({ id: unit }: AssignmentTarget) => (unit === 'd2' ? 2 : 1)

describe('assignments', () => {
  it('stand by their targets, the newest first', () => {
    const groups = groupsOf([assignment(1), assignment(3), assignment(2, { target: target('employee', 'e1') }), assignment(4, { target: target('branch', 'b1') })])
    expect(groups.department.map(({ assignments }) => assignments.map(({ id }) => id))).toEqual([[3, 1]])
    expect([groups.employee.length, groups.branch.length]).toEqual([1, 1])
  })

  it.each([
    ['nothing newer', assignment(1), [], []],
    ['the same from a day on', assignment(1), [assignment(2, { from: '2026-06-01' })], [{ id: 2, weekdays: [1, 2, 3, 4, 5], wholly: false }]],
    ['all of it', assignment(1, { from: '2026-02-01' }), [assignment(2)], [{ id: 2, weekdays: [1, 2, 3, 4, 5], wholly: true }]],
    ['one weekday', assignment(1), [assignment(2, { weekdays: [5, 6] })], [{ id: 2, weekdays: [5], wholly: false }]],
    ['other weekdays', assignment(1), [assignment(2, { weekdays: [6, 7] })], []],
    ['a span before', assignment(1), [assignment(2, { from: '2025-01-01', to: '2025-12-31' })], []],
    ['a span within', assignment(1, { to: '2026-03-31' }), [assignment(2, { from: '2026-01-01', to: '2026-03-31' })], [{ id: 2, weekdays: [1, 2, 3, 4, 5], wholly: true }]],
  ])('lose %s', (_, own, others, losses) => {
    expect(lossesOf(own, { target: own.target, assignments: [own, ...others] }).map(({ to, weekdays, wholly }) => ({ id: to.id, weekdays, wholly }))).toEqual(losses)
  })

  it('know what below them goes before them', () => {
    const others = [target('department', 'd1'), target('department', 'd2'), target('department', 'd3'), target('employee', 'e1'), target('employee', 'e2')]
    expect(narrowerThan(target('branch', 'b1'), others, org, place).map(({ id }) => id)).toEqual(['d1', 'd2', 'e1'])
    expect(narrowerThan(target('department', 'd2'), others, org, place).map(({ id }) => id)).toEqual(['e1'])
    expect(narrowerThan(target('employee', 'e1'), others, org, place)).toEqual([])
  })

  it.each([
    [{}, 'now'],
    [{ from: '2026-12-01' }, 'later'],
    [{ to: '2026-02-28' }, 'past'],
    [{ to: '2026-03-02' }, 'now'],
  ])('%j applies %s', (more, when) => {
    expect(whenOf(assignment(1, more), '2026-03-02')).toBe(when)
  })

  it.each([
    ['the narrowest', [assignment(9, { target: target('branch', 'b1') }), assignment(2), assignment(1, { target: target('department', 'd2') })], 1],
    ['the person', [assignment(9), assignment(1, { target: target('employee', 'e1') })], 1],
    ['the newest', [assignment(2), assignment(5)], 5],
    ['one that works on the weekday', [assignment(1, { target: target('employee', 'e1'), weekdays: [6] }), assignment(2)], 2],
    ['none that is over', [assignment(1, { to: '2026-01-31' })], undefined],
  ])('are won by %s', (_, applying, id) => {
    expect(winnerOn(applying, '2026-03-02', 1, depth)?.id).toBe(id)
  })
})
