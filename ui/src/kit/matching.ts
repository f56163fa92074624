import type { Mapping } from '../api/imports'

interface FileColumn {
  header: string
  field?: string | null
}

/** What the service has understood by itself; what it has not is left out. */
export const mappingOf = (columns: readonly FileColumn[]): Mapping => Object.fromEntries(columns.map(({ header, field }) => [header, field ?? '']))

/** What two columns would fill: only one can. */
export function doubled(mapping: Mapping): string[] {
  const used = Object.values(mapping).filter((field) => field !== '')
  return [...new Set(used.filter((field, index) => used.indexOf(field) !== index))]
}
