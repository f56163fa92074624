import type { ApiProblem } from '../../../api/problem'
import type { PunchFileReport } from '../../../api/types'

export type FileColumns = PunchFileReport['columns']

export const HOLDS = ['pin', 'time', 'date', 'clock', 'status', 'verify', 'workCode'] as const

/** The columns that come with the refusal of a table that does not say enough; none with any other. */
export function columnsOf({ code, body }: ApiProblem): FileColumns {
  const columns = (body as Partial<PunchFileReport> | null)?.columns
  return code === 'punch_file.no_column' && Array.isArray(columns) ? columns : []
}
