import { said } from './said'

const between = (code: number, from: number, to: number): boolean => code >= from && code <= to

/** An access control event in words; for one that has none, at least what range it is in. */
export function accessEventText(code: number): string {
  const values = { code }
  const named = said(`accessEvent.${String(code)}`)
  if (named !== undefined) return named
  if (between(code, 20, 99)) return said('accessEvent.otherRefused', values) ?? String(code)
  if (between(code, 100, 199)) return said('accessEvent.otherAlarm', values) ?? String(code)
  return said('accessEvent.other', values) ?? String(code)
}

/** What somebody did at an attendance machine. */
export const operationText = (code: number): string => said(`operation.${String(code)}`) ?? said('operation.other', { code }) ?? String(code)

const ALARM = 3
/** Whose first object is the number of the person concerned. */
const OF_A_PERSON = new Set([2, 6, 7, 8, 9, 10, 11, 12, 26, 30, 31, 36, 68, 69, 70, 71, 100, 101, 106, 113, 114])

/** What an operation's objects mean, as far as it is known: the number concerned, or why there was an alarm. */
export function concerned(code: number, objects: readonly string[]): { pin: string } | { alarm: string } | undefined {
  const first = objects[0]?.trim() ?? ''
  if (first === '') return undefined
  if (code === ALARM) return { alarm: said(`alarm.${first}`) ?? said('alarm.other', { code: first }) ?? first }
  return OF_A_PERSON.has(code) && first !== '0' ? { pin: first } : undefined
}
