import { expect, it } from 'vitest'
import { changeText } from './changeText'

it.each([
  [{ name: '正门', enabled: true }, { name: '北门', enabled: true }, 'name: 正门 → 北门'],
  [null, { name: '正门', model: null }, 'name: 正门'],
  [{ pin: '7', role: 'user' }, null, 'pin: 7, role: user'],
  [{ pin: '7' }, { pin: null }, 'pin: 7 → none'],
  [{ fields: { mobile: '1' } }, { fields: { mobile: '2' } }, 'mobile: 1 → 2'],
  ['a', 'b', 'a → b'],
])('%j → %j', (before, after, text) => {
  expect(changeText(before, after, (value) => String(value ?? 'none'), (key) => key)).toBe(text)
})
