import type { Mapping } from '../../../api/imports'
import type { ImportReport } from '../../../api/types'

/** What a column may be beside the fields. */
export const TOP_COLUMNS = ['id', 'name', 'branch', 'department', 'hiredOn', 'leftOn'] as const

/** What the service has understood by itself; what it has not is left out. */
export const mappingOf = (columns: ImportReport['columns']): Mapping =>
  Object.fromEntries(columns.map(({ header, field }) => [header, field ?? '']))

/** Fields that two columns would fill: only one can. */
export function doubled(mapping: Mapping): string[] {
  const used = Object.values(mapping).filter((field) => field !== '')
  return [...new Set(used.filter((field, index) => used.indexOf(field) !== index))]
}

/** Without one of these nothing says who a row is about. */
export const enough = (mapping: Mapping): boolean => Object.values(mapping).some((field) => ['name', 'id', 'employeeNumber'].includes(field))
