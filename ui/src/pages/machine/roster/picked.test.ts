import { expect, it } from 'vitest'
import { chunks, entryOf, picked, withMore } from './picked'

const person = (id: string, employeeNumber?: string) => ({ id, name: id, fields: (employeeNumber === undefined ? {} : { employeeNumber }) as Record<string, string> })

it.each([
  ['1001', false, '1001'],
  ['000123', false, '000123'],
  ['0', false, ''],
  ['1234567890', false, ''],
  ['A12', false, ''],
  ['1001', true, ''],
])('the employee number %s with a mapping %s gives “%s”', (number, mapped, pin) => {
  expect(picked(person('e1', number), mapped).pin).toBe(pin)
})

it('adds nobody twice and keeps what was typed', () => {
  const first = { ...picked(person('e1'), false), pin: '7' }
  expect(withMore([first], [picked(person('e1', '9'), false), picked(person('e2'), false), picked(person('e2'), false)]).map(({ id, pin }) => [id, pin])).toEqual([['e1', '7'], ['e2', '']])
})

it('sends no empty number', () => {
  expect(entryOf(picked(person('e1'), true))).toEqual({ employeeId: 'e1', role: 'user' })
})

it('goes in portions', () => {
  expect(chunks([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
})
