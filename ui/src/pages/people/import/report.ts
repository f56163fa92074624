import { asProblem, type ApiProblem } from '../../../api/problem'
import type { ImportReport } from '../../../api/types'

/** The report that comes with a refusal for bad rows; every other refusal is one. */
export function reportOf(problem: ApiProblem): ImportReport {
  const body = problem.body as Partial<ImportReport> | null
  if (problem.code !== 'import.rows_invalid' || !Array.isArray(body?.rows)) throw asProblem(problem)
  return {
    importId: null,
    added: body.added ?? 0,
    changed: body.changed ?? 0,
    unchanged: body.unchanged ?? 0,
    rejected: body.rejected ?? 0,
    columns: body.columns ?? [],
    rows: body.rows,
    newDepartments: body.newDepartments ?? [],
    newBranches: body.newBranches ?? [],
  }
}
