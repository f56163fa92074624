import { describe, expect, it } from 'vitest'
import type { Assignment } from '../../../api/scheduleTypes'
import { bodyOf, draftOf, faultOf, NEW_DRAFT, onlyEnds, type Draft } from './draft'

const who = { kind: 'department' as const, id: 'd1', name: '生产部' }
const assignment: Assignment = { id: 7, target: who, shiftId: 's1', rotationId: null, anchor: null, from: '2026-01-01', to: null, weekdays: [1, 2, 3, 4, 5], worksOnHolidays: false }
const draft = (more: Partial<Draft> = {}): Draft => ({ ...draftOf(assignment), ...more })

describe('an assignment as it is entered', () => {
  it.each([
    [NEW_DRAFT, 'assignment.nobody'],
    [draft({ what: '' }), 'assignment.nothing'],
    [draft({ from: '' }), 'assignment.from_missing'],
    [draft({ to: '2025-12-31' }), 'assignment.to_before_from'],
    [draft({ weekdays: [] }), 'assignment.weekdays'],
    [draft({ kind: 'rotation', weekdays: [] }), undefined],
    [draft(), undefined],
  ])('%# is refused for %s', (given, fault) => {
    expect(faultOf(given)).toBe(fault)
  })

  it('is sent as a shift on its weekdays, or as a rotation on all of them from an anchor', () => {
    expect(bodyOf(draft(), who)).toEqual({ target: { kind: 'department', id: 'd1' }, shiftId: 's1', rotationId: null, anchor: null, from: '2026-01-01', to: null, weekdays: [1, 2, 3, 4, 5], worksOnHolidays: false })
    expect(bodyOf(draft({ kind: 'rotation', what: 'r1', to: '2026-06-30' }), who)).toMatchObject({ shiftId: null, rotationId: 'r1', anchor: '2026-01-01', to: '2026-06-30', weekdays: [1, 2, 3, 4, 5, 6, 7] })
  })

  it.each([
    [draft({ to: '2026-06-30' }), true],
    [draft(), true],
    [draft({ weekdays: [1] }), false],
    [draft({ to: '2026-06-30', what: 's2' }), false],
  ])('%# only ends: %s', (given, only) => {
    expect(onlyEnds(given, assignment)).toBe(only)
  })
})
