import type { TFunction } from 'i18next'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Dialect } from '../api/types'

export type Method = 'automatic' | 'password' | 'number' | 'fingerprint' | 'card' | 'face' | 'vein' | 'palm' | 'elsewhere'
/** Ways, any of which it was; each a set of methods used together. A number is a bit that no document names. */
export type Ways = readonly (readonly (Method | number)[])[]

/** Attendance machines, and access machines of the old style. 0 and 2 mean one thing on old firmware, another on new. */
const NUMBERED: readonly string[] = [
  'automatic|password', 'fingerprint', 'number|card', 'password', 'card', 'fingerprint|password', 'fingerprint|card', 'card|password',
  'number+fingerprint', 'fingerprint+password', 'card+fingerprint', 'card+password', 'fingerprint+password+card', 'number+fingerprint+password',
  'number+fingerprint|card+fingerprint', 'face', 'face+fingerprint', 'face+password', 'face+card', 'face+fingerprint+card',
  'face+fingerprint+password', 'vein', 'vein+password', 'vein+card', 'vein+password+card', 'palm', 'palm+card', 'palm+face', 'palm+fingerprint',
  'palm+face+fingerprint',
]
const OTHER = 200

/** FK machines of the first kind: a number; the low five bits where more are set. */
const FK_NUMBERED: Record<number, string> = {
  1: 'fingerprint', 2: 'password', 3: 'card', 4: 'fingerprint+password', 5: 'fingerprint+card', 6: 'password+fingerprint',
  7: 'card+fingerprint', 8: 'fingerprint+face', 20: 'face', 21: 'face+card', 22: 'face+password', 23: 'card+face', 24: 'password+face',
  25: 'face+fingerprint',
}
/** FK machines of the second kind: one method in every four bits, from the top. */
const FK_STEPS: readonly (Method | undefined)[] = [undefined, 'fingerprint', 'password', 'card', 'face']
const STEPS = 8

const METHODS = new Set<string>(['automatic', 'password', 'number', 'fingerprint', 'card', 'face', 'vein', 'palm'])
const isMethod = (name: string): name is Method => METHODS.has(name)
const ways = (text: string): Ways => text.split('|').map((way) => way.split('+').filter(isMethod))

function numbered(code: number): Ways | undefined {
  if (code === OTHER) return [['elsewhere']]
  const text = NUMBERED[code]
  return text === undefined ? undefined : ways(text)
}

/** `0000000000000010`: bits from the right; the first says “all of them”, the second is the face. */
function bits(text: string): Ways | undefined {
  const set = [...text].toReversed().flatMap((digit, bit) => (digit === '1' ? [bit] : []))
  const together = set[0] === 0
  const methods = set.filter((bit) => bit > 0).map((bit): Method | number => (bit === 1 ? 'face' : bit))
  if (methods.length === 0) return undefined
  return together ? [methods] : methods.map((method) => [method])
}

function fk(code: number): Ways | undefined {
  if (code < 2 ** 24) {
    const text = FK_NUMBERED[code] ?? FK_NUMBERED[code % 32]
    return text === undefined ? undefined : ways(text)
  }
  const methods: Method[] = []
  for (let step = 0; step < STEPS; step += 1) {
    const method = FK_STEPS[Math.floor(code / 16 ** (STEPS - 1 - step)) % 16]
    if (method) methods.push(method)
  }
  return methods.length === 0 ? undefined : [methods]
}

/** How somebody identified, from what the machine sent; undefined for what no table has. */
export function verifyWays(dialect: Dialect | null, verify: string): Ways | undefined {
  const text = verify.trim()
  if (dialect !== 'fk' && /^[01]{16}$/.test(text)) return bits(text)
  if (!/^\d{1,10}$/.test(text)) return undefined
  return dialect === 'fk' ? fk(Number(text)) : numbered(Number(text))
}

export function verifyText(t: TFunction, dialect: Dialect | null, verify: string): string {
  if (verify.trim() === '') return '–'
  const found = verifyWays(dialect, verify)
  if (!found) return t('verify.other', { code: verify })
  return found
    .map((way) => way.map((method) => (typeof method === 'number' ? t('verify.bit', { bit: method }) : t(`verify.${method}`))).join(' + '))
    .join(t('verify.or'))
}

export function useVerifyText(): (punch: { dialect: Dialect | null; verify: string }) => string {
  const { t } = useTranslation()
  return useCallback(({ dialect, verify }) => verifyText(t, dialect, verify), [t])
}
