import { describe, expect, it } from 'vitest'
import { clockText, hours, readTime } from './minutes'

describe('a typed time', () => {
  it.each([
    ['9', 540], ['930', 570], ['0930', 570], ['9:30', 570], ['9.30', 570], ['９：３０', 570], [' 22:00 ', 1320], ['24:00', 0], ['24', 0], ['0', 0],
    ['', undefined], ['25', undefined], ['9:60', undefined], ['24:01', undefined], ['9:3', undefined], ['nine', undefined],
  ])('%s is %s', (typed, minute) => {
    expect(readTime(typed)).toBe(minute)
  })

  it.each([[0, '00:00'], [1560, '02:00'], [-60, '23:00'], [1439, '23:59']])('%s reads %s', (minute, text) => {
    expect(clockText(minute)).toBe(text)
  })

  it('is told in hours', () => {
    expect([hours(480), hours(450), hours(100)]).toEqual([8, 7.5, 1.67])
  })
})
