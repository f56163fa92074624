import type { Mapping } from '../../../api/imports'
import type { ApiProblem } from '../../../api/problem'
import type { PunchFileReport } from '../../../api/types'

export type FileColumns = PunchFileReport['columns']

export const HOLDS = ['pin', 'time', 'date', 'clock', 'status', 'verify', 'workCode'] as const

/** The columns that come with the refusal of a table that does not say enough; none with any other. */
export function columnsOf({ code, body }: ApiProblem): FileColumns {
  const columns = (body as Partial<PunchFileReport> | null)?.columns
  return code === 'punch_file.no_column' && Array.isArray(columns) ? columns : []
}

/** What the service has understood by itself; what it has not is left out. */
export const mappingOf = (columns: FileColumns): Mapping => Object.fromEntries(columns.map(({ header, field }) => [header, field ?? '']))

/** What two columns would hold: only one can. */
export function heldTwice(mapping: Mapping): string[] {
  const used = Object.values(mapping).filter((field) => field !== '')
  return [...new Set(used.filter((field, index) => used.indexOf(field) !== index))]
}
