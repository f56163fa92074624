import { describe, expect, it } from 'vitest'
import { bodyOf, draftOf, faultOf, lengthOf, newDraft, whenText, type Draft } from './draft'

const who = [{ kind: 'employee' as const, id: 'e1', name: '李娜' }]
const draft = (more: Partial<Draft> = {}): Draft => ({ ...newDraft('2026-03-02'), people: who, ...more })

describe('leave as it is entered', () => {
  it.each([
    [draft(), undefined],
    [draft({ people: [] }), 'peopleMissing'],
    [draft({ to: '2026-03-01' }), 'orderWrong'],
    [draft({ to: '' }), 'orderWrong'],
    [draft({ timed: true, start: '13.5' }), 'timeWrong'],
    [draft({ timed: true, start: '14', end: '13:30' }), 'endsBefore'],
    [draft({ timed: true, start: '14', end: '13:30', to: '2026-03-03' }), undefined],
    [draft({ timed: false, start: 'x' }), undefined],
  ])('%# is refused for %s', (given, fault) => {
    expect(faultOf(given)).toBe(fault)
  })

  it('is sent with times as times', () => {
    expect(bodyOf(draft({ timed: true, start: '930', end: '', note: ' x ' }))).toEqual({ kind: 'annual', from: '2026-03-02', to: '2026-03-02', start: '09:30', end: null, note: 'x' })
    expect(bodyOf(draft({ start: '930' })).start).toBeNull()
  })

  it('comes back as it was', () => {
    const leave = { id: 1, employeeId: 'e1', name: '李娜', ...bodyOf(draft({ timed: true, start: '09:30', end: '12:00' })) }
    expect(bodyOf(draftOf(leave))).toEqual(bodyOf(draft({ timed: true, start: '09:30', end: '12:00' })))
  })
})

describe('leave in a list', () => {
  const days = { from: '2026-03-02', to: '2026-03-04', start: null, end: null }
  it.each([
    [days, '2026-03-02 – 2026-03-04', 3],
    [{ ...days, to: '2026-03-02' }, '2026-03-02', 1],
    [{ ...days, to: '2029-03-01' }, '2026-03-02 – 2029-03-01', 1096],
    [{ ...days, start: '13:30' }, '2026-03-02 13:30 – 2026-03-04', 3],
    [{ ...days, to: '2026-03-02', start: '13:30' }, '2026-03-02 13:30–24:00', 'part'],
    [{ ...days, to: '2026-03-02', end: '12:00' }, '2026-03-02 00:00–12:00', 'part'],
  ])('%j reads %s', (leave, text, length) => {
    expect(whenText(leave)).toBe(text)
    expect(lengthOf(leave)).toBe(length)
  })
})
