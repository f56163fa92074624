import { useQuery } from '@tanstack/react-query'
import { currentLanguage } from '../i18n'
import { client, unwrap } from './client'
import type { PeopleFilter } from './people'
import { asProblem } from './problem'
import { PEOPLE, useChange } from './queries'
import type { ImportReport, LastImport } from './types'

export type FileFormat = 'xlsx' | 'csv'
/** Column header → field; an empty one is left out. */
export type Mapping = Readonly<Record<string, string>>

interface Wanted {
  file: File
  mapping?: Mapping | undefined
  dryRun: boolean
  partial?: boolean
}

/** With a bad row nothing is taken in, and the report comes in the refusal. */
export const useImport = () =>
  useChange(async ({ file, mapping, dryRun, partial = false }: Wanted): Promise<ImportReport> => {
    const form = new FormData()
    form.append('file', file)
    if (mapping) form.append('mapping', JSON.stringify(mapping))
    return unwrap(
      client.POST('/api/imports/employees', {
        params: { query: { dryRun, partial } },
        body: { file: '' },
        bodySerializer: () => form,
      }),
    )
  }, [...PEOPLE, 'departments', 'branches', 'lastImport', 'preview'])

/** The import that may still be undone; none is nothing to be told of. */
export const useLastImport = () =>
  useQuery({
    queryKey: ['lastImport'],
    queryFn: (): Promise<LastImport | null> =>
      unwrap(client.GET('/api/imports/employees/last')).catch((error: unknown) => {
        if (asProblem(error).status === 404) return null
        throw error
      }),
  })

export const useUndoImport = () =>
  useChange(
    (id: number) => unwrap(client.POST('/api/imports/employees/{id}/undo', { params: { path: { id } } })),
    [...PEOPLE, 'departments', 'branches', 'lastImport', 'preview'],
  )

/** Headings in the language of the screen. */
const fileLanguage = () => (currentLanguage() === 'en' ? 'en' : 'zh')

export const importTemplate = (format: FileFormat): Promise<Blob> =>
  unwrap(client.GET('/api/imports/employees/template', { params: { query: { format, language: fileLanguage() } }, parseAs: 'blob' }))

export const exportPeople = (format: FileFormat, filter: PeopleFilter): Promise<Blob> =>
  unwrap(client.GET('/api/exports/employees', { params: { query: { format, language: fileLanguage(), ...filter } }, parseAs: 'blob' }))
