import { describe, expect, it } from 'vitest'
import { moveStep, staggered, stepOn, turned } from '../rotations/rotate'
import { shortNames } from '../shortNames'
import type { PlannedDay } from '../../../api/scheduleTypes'
import { parseTsv, pasteOnto, readerFor, toTsv } from './clipboard'
import { cellsOf, DEFAULT, portions, redone, shown, UNCHANGED, undone, valueOf, without, write, type History } from './edits'
import { drawnTo, fillDown, fillRight, repeated } from './fill'
import { cellsIn, everything, moved, rectOf, single, wholeColumn, wholeRow, within, type Range } from './selection'

const size = { rows: 100, columns: 31 }
const at = (row: number, column: number) => ({ row, column })
const rect = (top: number, left: number, bottom: number, right: number) => ({ top, left, bottom, right })
const written = (range: Range) => `${String(range.anchor.row)},${String(range.anchor.column)}:${String(range.focus.row)},${String(range.focus.column)}`

describe('the selection', () => {
  it.each([
    ['ArrowRight', '', '5,6:5,6'],
    ['ArrowLeft', '', '5,4:5,4'],
    ['ArrowUp', '', '4,5:4,5'],
    ['ArrowDown', 'shift', '5,5:6,5'],
    ['ArrowRight', 'control', '5,30:5,30'],
    ['ArrowLeft', 'control shift', '5,5:5,0'],
    ['ArrowDown', 'control', '99,5:99,5'],
    ['Home', '', '5,0:5,0'],
    ['End', 'shift', '5,5:5,30'],
    ['Home', 'control', '0,0:0,0'],
    ['End', 'control shift', '5,5:99,30'],
    ['PageDown', '', '25,5:25,5'],
    ['PageUp', 'shift', '5,5:0,5'],
    [' ', 'shift', '5,0:5,30'],
    [' ', 'control', '0,5:99,5'],
  ])('%s %s leads to %s', (key, modifiers, to) => {
    const next = moved(single(at(5, 5)), { key, shift: modifiers.includes('shift'), control: modifiers.includes('control') }, size, 20)
    expect(next && written(next)).toBe(to)
  })

  it('stays where it is for other keys, and inside at the edges', () => {
    expect(moved(single(at(5, 5)), { key: 'a', shift: false, control: false }, size, 20)).toBeUndefined()
    expect(moved(single(at(0, 0)), { key: 'ArrowUp', shift: false, control: false }, size, 20)).toEqual(single(at(0, 0)))
    expect(within(single(at(50, 30)), { rows: 3, columns: 7 })).toEqual(single(at(2, 6)))
  })

  it('goes by whole rows and columns', () => {
    expect(rectOf(wholeRow(4, size, 6))).toEqual(rect(4, 0, 6, 30))
    expect(rectOf(wholeColumn(3, size))).toEqual(rect(0, 3, 99, 3))
    expect(cellsIn(rectOf(everything(size)))).toBe(3100)
    expect(rectOf({ anchor: at(5, 5), focus: at(2, 8) })).toEqual(rect(2, 5, 5, 8))
  })
})

describe('the clipboard', () => {
  it.each([
    ['早班\t休\n夜班\t\n', [['早班', '休'], ['夜班', '']]],
    ['早班', [['早班']]],
    ['a\tb\r\nc\td\r\n', [['a', 'b'], ['c', 'd']]],
    ['"x\ny"\tz', [['x\ny', 'z']]],
    ['"say ""hi"""\t', [['say "hi"', '']]],
    ['', [['']]],
    ['a\rb', [['a'], ['b']]],
  ])('%j is read', (text, table) => {
    expect(parseTsv(text)).toEqual(table)
  })

  it('is written so that it can be read', () => {
    const table = [['早班', 'a\tb'], ['"q"', '']]
    expect(parseTsv(toTsv(table))).toEqual(table)
  })

  const read = readerFor([
    { id: 's1', name: '早班', short: '早', times: '08:00–16:00' },
    { id: 's2', name: 'Night shift', short: 'NS', times: '22:00–06:00' },
    { id: 's3', name: 'R', short: 'R', times: '10:00–18:00' },
    { id: 's4', name: '备勤', short: '备勤', times: '10:00–18:00' },
  ])
  it.each([
    ['早班', { value: 's1' }], [' 早 ', { value: 's1' }], ['night  SHIFT', { value: 's2' }], ['ｎｓ', { value: 's2' }],
    ['08:00-16:00', { value: 's1' }], ['22:00～06:00', { value: 's2' }], ['22:00 – 06:00', { value: 's2' }],
    // Two shifts have these times, so that they name neither.
    ['10:00-18:00', 'unknown'],
    // A shift that is called like a word for rest is meant.
    ['R', { value: 's3' }],
    ['休', { value: null }], ['Off', { value: null }], ['/', { value: null }], ['默认', { value: DEFAULT }], ['', 'keep'], ['  ', 'keep'], ['晚班', 'unknown'],
  ])('%j means %j', (text, meaning) => {
    expect(read(text)).toEqual(meaning)
  })

  it('fills the selection with one cell', () => {
    const { writes, outside } = pasteOnto(rect(1, 1, 2, 3), [['x']], size)
    expect([writes.length, outside]).toEqual([6, 0])
  })

  it('is tiled over whole multiples', () => {
    const { writes } = pasteOnto(rect(0, 0, 0, 3), [['a', 'b']], size)
    expect(writes.map(({ value }) => value)).toEqual(['a', 'b', 'a', 'b'])
  })

  it('is laid down from the corner otherwise, and cut at the edge', () => {
    const table = [['a', 'b', 'c'], ['d', 'e', 'f']]
    expect(pasteOnto(rect(4, 4, 4, 5), table, size)).toMatchObject({ outside: 0, rect: rect(4, 4, 5, 6) })
    const cut = pasteOnto(rect(99, 29, 99, 29), table, size)
    expect(cut.writes).toEqual([{ at: at(99, 29), value: 'a' }, { at: at(99, 30), value: 'b' }])
    expect(cut.outside).toBe(4)
  })
})

const copied = (copies: ReturnType<typeof repeated>) => copies.map(({ to, from }) => `${String(to.row)},${String(to.column)}<${String(from.row)},${String(from.column)}`)
const told = ({ edits }: History) => [...edits].map(([key, value]) => `${key}=${String(value)}`)

describe('filling', () => {
  it('repeats a block', () => {
    expect(copied(repeated(rect(0, 2, 0, 3), rect(0, 2, 0, 6)))).toEqual(['0,4<0,2', '0,5<0,3', '0,6<0,2'])
    expect(copied(repeated(rect(0, 2, 0, 3), rect(0, 0, 0, 3)))).toEqual(['0,0<0,2', '0,1<0,3'])
  })

  it('goes right and down from the first, or from the neighbour', () => {
    expect(copied(fillRight(rect(0, 0, 1, 2)))).toEqual(['0,1<0,0', '0,2<0,0', '1,1<1,0', '1,2<1,0'])
    expect(copied(fillRight(rect(0, 3, 0, 3)))).toEqual(['0,3<0,2'])
    expect(copied(fillRight(rect(0, 0, 0, 0)))).toEqual([])
    expect(copied(fillDown(rect(0, 0, 2, 0)))).toEqual(['1,0<0,0', '2,0<0,0'])
    expect(copied(fillDown(rect(3, 5, 3, 5)))).toEqual(['3,5<2,5'])
  })

  it.each([
    [at(2, 9), rect(2, 2, 3, 9)],
    [at(9, 4), rect(2, 2, 9, 4)],
    [at(0, 3), rect(0, 2, 3, 4)],
    [at(3, 0), rect(2, 0, 3, 4)],
    [at(3, 3), rect(2, 2, 3, 4)],
  ])('is drawn to %j', (to, drawn) => {
    expect(drawnTo(rect(2, 2, 3, 4), to)).toEqual(drawn)
  })
})

const day = (date: string, more: Partial<PlannedDay> = {}): PlannedDay => ({ date, planned: 'works', shiftId: 's1', cell: false, leave: null, holiday: null, makeUp: null, ...more })
const wish = (value: string | null, more: Partial<PlannedDay> = {}, date = '2026-03-02', employeeId = 'e1') => ({ employeeId, day: day(date, more), value })

describe('changes', () => {
  it.each([
    ['the shift that is there anyway', wish('s1'), 0],
    ['another shift', wish('s2'), 1],
    ['rest on a working day', wish(null), 1],
    ['rest on a day of rest', wish(null, { planned: 'rest', shiftId: null }), 0],
    ['rest on a holiday', wish(null, { planned: 'holiday', shiftId: null }), 1],
    ['the default where nothing was set', wish(DEFAULT), 0],
    ['the default where something was', wish(DEFAULT, { cell: true }), 1],
  ])('%s', (_, wanted, count) => {
    expect(write(UNCHANGED, [wanted]).edits.size).toBe(count)
  })

  it('are taken back and made again, step by step', () => {
    const one = write(UNCHANGED, [wish('s2'), wish('s2', {}, '2026-03-03')])
    const two = write(one, [wish(null)])
    expect(told(two)).toEqual(['2026-03-02 e1=null', '2026-03-03 e1=s2'])
    expect(told(undone(two))).toEqual(['2026-03-02 e1=s2', '2026-03-03 e1=s2'])
    expect(told(undone(undone(two)))).toEqual([])
    expect(told(redone(redone(undone(undone(two))))).toSorted()).toEqual(told(two).toSorted())
    expect(undone(UNCHANGED)).toBe(UNCHANGED)
    expect(redone(UNCHANGED)).toBe(UNCHANGED)
    // Setting a cell back to what it was is no change any more.
    expect(told(write(one, [wish('s1'), wish('s1', {}, '2026-03-03')]))).toEqual([])
  })

  it('are forgotten when saved, but for those changed since', () => {
    const sent = write(UNCHANGED, [wish('s2'), wish('s2', {}, '2026-03-03')])
    const since = write(sent, [wish('s3', {}, '2026-03-03')])
    expect(cellsOf(without(since, cellsOf(sent.edits)).edits)).toEqual([{ employeeId: 'e1', date: '2026-03-03', shiftId: 's3' }])
  })

  it('are sent with each person in one piece', () => {
    const cells = cellsOf(write(UNCHANGED, [wish('s2', {}, '2026-03-02', 'e2'), wish('s2', {}, '2026-03-03', 'e1'), wish('s2', {}, '2026-03-02', 'e1')]).edits)
    expect(cells.map(({ employeeId, date }) => `${employeeId} ${date}`)).toEqual(['e1 2026-03-02', 'e1 2026-03-03', 'e2 2026-03-02'])
    expect(portions(cells, 2).map((each) => each.length)).toEqual([2, 1])
    expect(portions(cells, 3).map((each) => each.length)).toEqual([3])
    expect(portions([], 3)).toEqual([])
  })

  it.each([
    [day('2026-03-02'), undefined, { kind: 'works', shiftId: 's1', cell: false, changed: false }, 's1'],
    [day('2026-03-02', { cell: true, planned: 'rest', shiftId: null }), undefined, { kind: 'rest', shiftId: null, cell: true, changed: false }, null],
    [day('2026-03-02', { planned: 'holiday', shiftId: null }), undefined, { kind: 'holiday', shiftId: null, cell: false, changed: false }, DEFAULT],
    [day('2026-03-02', { planned: 'unscheduled', shiftId: null }), undefined, { kind: 'unscheduled', shiftId: null, cell: false, changed: false }, DEFAULT],
    [day('2026-03-02'), 's9', { kind: 'works', shiftId: 's9', cell: true, changed: true }, 's9'],
    [day('2026-03-02'), null, { kind: 'rest', shiftId: null, cell: true, changed: true }, null],
    [day('2026-03-02', { cell: true }), DEFAULT, { kind: 'default', shiftId: null, cell: false, changed: true }, DEFAULT],
  ])('%# are shown, and taken along', (planned, edit, seen, taken) => {
    expect(shown(planned, edit)).toEqual(seen)
    expect(valueOf(shown(planned, edit))).toBe(taken)
  })
})

describe('a rotation', () => {
  const steps = ['a', 'b', null]
  it('knows its step on every date, before the anchor too', () => {
    expect(['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04', '2026-02-28'].map((date) => stepOn(steps, '2026-03-01', date))).toEqual(['a', 'b', null, 'a', null])
    expect(stepOn([], '2026-03-01', '2026-03-01')).toBeUndefined()
  })

  it('goes on from a step, and begins later for each person', () => {
    expect(turned(steps, 1, 4)).toEqual(['b', null, 'a', 'b'])
    expect(staggered(steps, 0, 1, 3, 3)).toEqual([['a', 'b', null], ['b', null, 'a'], [null, 'a', 'b']])
    expect(staggered(steps, 0, -1, 2, 2)).toEqual([['a', 'b'], [null, 'a']])
  })

  it('has steps that change places', () => {
    expect(moveStep(steps, 0, 1)).toEqual(['b', 'a', null])
    expect(moveStep(steps, 0, -1)).toEqual(steps)
  })
})

describe('short names', () => {
  it.each([
    [['早班', '中班', '晚班'], ['早', '中', '晚']],
    [['早班', '早班二'], ['早', '早班']],
    [['白班12小时', '白班8小时'], ['白班', '白时']],
    [['Early shift', 'Evening shift', 'Night'], ['ES', 'Eve', 'Nig']],
    [['Day', 'Day 2', 'Day'], ['Day', 'D2', 'D3']],
    [['班', '!!'], ['班', '?2']],
  ])('%j', (names, short) => {
    expect([...shortNames(names.map((name, index) => ({ id: String(index), name }))).values()]).toEqual(short)
  })

  it('are never the same', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({ id: String(index), name: '早班' }))
    expect(new Set(shortNames(many).values()).size).toBe(30)
  })
})
