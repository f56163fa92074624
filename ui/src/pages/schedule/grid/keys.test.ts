import { describe, expect, it } from 'vitest'
import { cellUnder, scrollFor, tracksFor } from './geometry'
import { keyOf } from './keys'

describe('a key', () => {
  it.each([
    ['1', '', { what: 'set', value: 's1' }], ['2', '', { what: 'set', value: 's2' }], ['3', '', undefined], ['0', '', { what: 'set', value: null }],
    ['Delete', '', { what: 'set', value: 'default' }], ['Enter', '', { what: 'choose', typed: '' }], ['e', '', { what: 'choose', typed: 'e' }],
    ['z', 'control', { what: 'undo' }], ['Z', 'control shift', { what: 'redo' }], ['y', 'control', { what: 'redo' }], ['r', 'control', { what: 'fillRight' }],
    ['d', 'control', { what: 'fillDown' }], ['a', 'control', { what: 'all' }], ['s', 'control', { what: 'save' }], ['c', 'control', undefined],
    ['Escape', '', { what: 'one' }], ['Tab', '', undefined], ['Shift', '', undefined], [' ', '', undefined],
  ])('%s %s', (key, modifiers, meant) => {
    expect(keyOf({ key, shift: modifiers.includes('shift'), control: modifiers.includes('control') }, ['s1', 's2'])).toEqual(meant)
  })
})

describe('places', () => {
  it('fill the width, down to what can be read', () => {
    expect(tracksFor(1026, 30, 'month')).toEqual({ cell: 29, name: 156 })
    expect(tracksFor(400, 31, 'month')).toEqual({ cell: 28, name: 132 })
    expect(tracksFor(1600, 7, 'week')).toEqual({ cell: 209, name: 137 })
  })

  it.each([
    [140, 50, { row: 0, column: 0 }],
    [132 + 28 * 3 + 1, 44 + 32 * 2 + 1, { row: 2, column: 3 }],
    [0, 0, { row: 0, column: 0 }],
    [99_999, 99_999, { row: 9, column: 30 }],
  ])('%s,%s is a cell', (x, y, at) => {
    expect(cellUnder(x, y, { cell: 28, name: 132 }, { rows: 10, columns: 31 })).toEqual(at)
  })

  it.each([
    ['what is seen stays', { row: 3, column: 2 }, { left: 0, top: 0 }],
    ['what is below comes up', { row: 30, column: 0 }, { left: 0, top: 31 * 32 - 356 }],
    ['what is at the right comes in', { row: 0, column: 30 }, { left: 31 * 28 - 468, top: 0 }],
  ])('%s', (_, at, to) => {
    expect(scrollFor(at, { cell: 28, name: 132 }, { left: 0, top: 0, width: 600, height: 400 })).toEqual(to)
  })
})
