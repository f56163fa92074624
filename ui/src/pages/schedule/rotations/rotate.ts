import { daysApart } from '../../../kit/dates'

const wrap = (value: number, size: number): number => ((value % size) + size) % size

/** The step of a date, when the first one falls on the anchor. */
export const stepOn = <T>(steps: readonly T[], anchor: string, date: string): T | undefined =>
  steps.length === 0 ? undefined : steps[wrap(daysApart(anchor, date), steps.length)]

/** So many days of a cycle from one of its steps on. */
export function turned<T>(steps: readonly T[], from: number, days: number): T[] {
  return steps.length === 0 ? [] : Array.from({ length: days }, (_, day) => steps[wrap(from + day, steps.length)] as T)
}

/** For several people under each other: each begins `stagger` steps later than the one above. */
export const staggered = <T>(steps: readonly T[], from: number, stagger: number, people: number, days: number): T[][] =>
  Array.from({ length: people }, (_, person) => turned(steps, from + person * stagger, days))

/** A step one place on, or back. */
export const moveStep = <T>(steps: readonly T[], index: number, by: number): T[] => {
  const to = index + by
  if (to < 0 || to >= steps.length) return [...steps]
  const next = [...steps]
  const [step] = next.splice(index, 1)
  next.splice(to, 0, step as T)
  return next
}
