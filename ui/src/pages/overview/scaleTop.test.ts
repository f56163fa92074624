import { expect, it } from 'vitest'
import { scaleTop } from './scaleTop'

it.each([[0, 4], [3, 4], [5, 6], [7, 8], [10, 10], [17, 20], [38, 40], [41, 50], [420, 500], [1_000, 1_000], [1_001, 2_000]])('%i fits under %i', (highest, top) => {
  expect(scaleTop(highest)).toBe(top)
})
