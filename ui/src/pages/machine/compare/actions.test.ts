import { expect, it } from 'vitest'
import type { Comparison } from '../../../api/types'
import { actionsFor, nameOf, resolutions } from './actions'

const row = (pin: string, kind: Comparison['kind'], name = ''): Comparison => ({
  pin,
  kind,
  employeeId: null,
  here: null,
  there: { name, role: 'user', inactive: false, templates: { fingerprints: 0, faces: 0, palms: 0, veins: 0, photos: 0 }, card: false, password: false },
  differences: [],
})
const rows = [row('1', 'same', 'A'), row('2', 'different', 'B'), row('3', 'onlyHere'), row('4', 'onlyThere', '王芳'), row('5', 'onlyThere', ' ')]

it('offers what fits a difference', () => {
  expect(rows.slice(0, 4).map((each) => actionsFor(each))).toEqual([[], ['push', 'adopt'], ['push'], ['claim', 'delete']])
})

it('leaves out what an action is not for', () => {
  expect(resolutions('push', rows)).toEqual([{ pin: '2', action: 'push' }, { pin: '3', action: 'push' }])
  expect(resolutions('delete', rows)).toEqual([{ pin: '4', action: 'delete' }, { pin: '5', action: 'delete' }])
})

it('calls whom the machine has no name for by their number', () => {
  expect(rows.slice(1, 4).map((each) => nameOf(each))).toEqual(['B', '3', '王芳'])
  expect(nameOf({ ...row('4', 'different', 'Wang'), here: { name: '王芳', role: 'user', enabled: true } as Comparison['here'] })).toBe('王芳')
})

it('makes new people only of those with a name', () => {
  expect(resolutions('claim', rows)).toEqual([{ pin: '4', action: 'claim', newName: '王芳' }])
})
