import { describe, expect, it } from 'vitest'
import { textsIn } from '../i18n/forTests'
import { accessEventText, concerned, operationText } from './events'

await textsIn('en')

describe('what happened at a door', () => {
  it.each([
    [0, 'opened after verification'],
    [27, 'refused: unknown card'],
    [200, 'door opened'],
    [55, 'refused: event 55'],
    [142, 'alarm 142'],
    [4999, 'event 4999'],
    [-3, 'event -3'],
  ])('%i is “%s”', (code, text) => {
    expect(accessEventText(code)).toBe(text)
  })
})

describe('what somebody did at the machine', () => {
  it.each([
    [0, 'Switched on'],
    [9, 'Person deleted'],
    [30, 'Person enrolled'],
    [119, 'Operation 119'],
  ])('%i is “%s”', (code, text) => {
    expect(operationText(code)).toBe(text)
  })

  it.each([
    [6, ['1003', '6', '8', '0'], { pin: '1003' }],
    [9, ['1003'], { pin: '1003' }],
    [3, ['55'], { alarm: 'tampered with' }],
    [3, ['77'], { alarm: 'reason 77' }],
    [4, ['1003'], undefined],
    [9, ['0'], undefined],
    [9, [], undefined],
  ])('%i with %j concerns %j', (code, objects, whom) => {
    expect(concerned(code, objects)).toEqual(whom)
  })
})
