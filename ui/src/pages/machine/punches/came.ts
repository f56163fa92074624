import type { Job } from '../../../api/types'

export interface Counts {
  received: number
  new: number
  known: number
  others: number
  repeated: number
  rejected: number
  /** How many the machine says it holds of those days: as of the end, or else of the beginning. */
  theirs: number | null
}

/** The counts in a job's result; none before the machine was asked. */
export function cameOf({ result }: Pick<Job, 'result'>): Counts | undefined {
  if (typeof result !== 'object' || result === null) return undefined
  const values = result as Record<string, unknown>
  if (typeof values['received'] !== 'number') return undefined
  const count = (key: string): number => (typeof values[key] === 'number' ? values[key] : 0)
  const told = (key: string): number | null => (typeof values[key] === 'number' ? values[key] : null)
  return {
    received: count('received'),
    new: count('new'),
    known: count('known'),
    others: count('others'),
    repeated: count('repeated'),
    rejected: count('rejected'),
    theirs: told('after') ?? told('before'),
  }
}
