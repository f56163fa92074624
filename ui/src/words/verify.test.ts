import { describe, expect, it } from 'vitest'
import type { Dialect } from '../api/types'
import { textsIn } from '../i18n/forTests'
import { verifyText } from './verify'

const t = await textsIn('en')

describe('how somebody identified', () => {
  it.each<[Dialect | null, string, string]>([
    ['attendance', '1', 'fingerprint'],
    ['attendance', '3', 'password'],
    ['attendance', '4', 'card'],
    ['attendance', '5', 'fingerprint or password'],
    ['attendance', '12', 'fingerprint + password + card'],
    ['attendance', '14', 'number + fingerprint or card + fingerprint'],
    ['attendance', '15', 'face'],
    ['attendance', '25', 'palm'],
    ['attendance', '29', 'palm + face + fingerprint'],
    ['attendance', '200', 'another method'],
    ['attendance', '30', 'method 30'],
    ['attendance', '-1', 'method -1'],
    ['attendance', '', '–'],
    [null, '15', 'face'],
    ['access', '15', 'face'],
    // Sixteen digits are bits, never a number: this one is the face and not ten.
    ['access', '0000000000000010', 'face'],
    ['access', '0000000000010011', 'face + method 4'],
    ['access', '0000000000010010', 'face or method 4'],
    ['access', '0000000000000000', 'method 0000000000000000'],
    ['fk', '1', 'fingerprint'],
    ['fk', '2', 'password'],
    ['fk', '20', 'face'],
    ['fk', '33', 'fingerprint'],
    ['fk', '268435456', 'fingerprint'],
    ['fk', '536870912', 'password'],
    ['fk', '805306368', 'card'],
    ['fk', '1073741824', 'face'],
    ['fk', String(0x12000000), 'fingerprint + password'],
    ['fk', '0', 'method 0'],
    ['fk', 'FP', 'method FP'],
  ])('%s %s is %s', (dialect, verify, text) => {
    expect(verifyText(t, dialect, verify)).toBe(text)
  })
})
