import type { RosterEntry, RosterOutcome } from '../../../api/types'
import type { Refusal } from '../../../kit'

/** Who of a batch stayed as they were, by name. */
export function refusalsOf({ rejected }: Pick<RosterOutcome, 'rejected'>, entries: readonly Pick<RosterEntry, 'employeeId' | 'name'>[]): Refusal[] {
  return rejected.map(({ employeeId, code, detail }) => ({ key: employeeId, who: entries.find((entry) => entry.employeeId === employeeId)?.name ?? employeeId, code, detail }))
}
