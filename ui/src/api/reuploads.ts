import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { client, unwrap } from './client'
import type { Mapping } from './imports'
import { useChange } from './queries'
import type { PunchFileReport, ReuploadAsked } from './types'

/** Punches that come again, the days that lack some, and files of them. */
export interface Period {
  from: string
  to: string
}

const path = (sn: string) => ({ path: { sn } })

export const useReupload = (sn: string) =>
  useChange((body: ReuploadAsked) => unwrap(client.POST('/api/machines/{sn}/reuploads', { params: path(sn), body })), ['jobs', 'gaps'])

export const useGaps = (sn: string, { from, to }: Period) =>
  useQuery({
    queryKey: ['gaps', sn, from, to],
    queryFn: () => unwrap(client.GET('/api/machines/{sn}/gaps', { params: { ...path(sn), query: { from, to } } })),
    placeholderData: keepPreviousData,
  })

export const useCheckGaps = (sn: string) =>
  useChange((body: Period) => unwrap(client.POST('/api/machines/{sn}/gaps/check', { params: path(sn), body })), ['jobs', 'gaps'])

interface Wanted {
  file: File
  mapping?: Mapping | undefined
  dryRun: boolean
}

export const usePunchFile = (sn: string) =>
  useChange(async ({ file, mapping, dryRun }: Wanted): Promise<PunchFileReport> => {
    const form = new FormData()
    form.append('file', file)
    if (mapping) form.append('mapping', JSON.stringify(mapping))
    return unwrap(
      client.POST('/api/machines/{sn}/punch-files', {
        params: { ...path(sn), query: { dryRun } },
        body: { file: '' },
        bodySerializer: () => form,
      }),
    )
  }, ['punches', 'rejected', 'machine', 'machines', 'gaps', 'overview'])
