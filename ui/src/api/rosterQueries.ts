import { useQuery } from '@tanstack/react-query'
import { client, unwrap } from './client'
import { everyPage } from './everyPage'
import { PEOPLE, useChange, useList, WHOLE } from './queries'
import type { ComparisonKind, EntryState, ResolveRow, Role, RosterBatch } from './types'

export interface RosterFilter {
  search?: string | undefined
  state?: EntryState | undefined
  role?: Role | undefined
  enabled?: boolean | undefined
  departmentId?: string | undefined
}

const rosterPage = (sn: string, filter: RosterFilter, cursor: string | undefined) =>
  unwrap(client.GET('/api/machines/{sn}/roster', { params: { path: { sn }, query: { ...filter, limit: WHOLE, cursor } } }))

export const useRoster = (sn: string, filter: RosterFilter = {}) => useList(['roster', sn, filter], (cursor) => rosterPage(sn, filter, cursor))

/** All of it, for what is done to everybody at once. */
export const wholeRoster = (sn: string, filter: RosterFilter = {}) => everyPage((cursor) => rosterPage(sn, filter, cursor))

/** Who is on the list. */
export function useOnList(sn: string): ReadonlySet<string> {
  const entries = useQuery({ queryKey: ['roster', sn, 'everybody'], queryFn: () => wholeRoster(sn) })
  return new Set(entries.data?.map(({ employeeId }) => employeeId))
}

const WORK = [...PEOPLE, 'jobs', 'job', 'commands', 'comparison', 'preview', 'employeeMachines'] as const

export const useSync = (sn: string) =>
  useChange(
    (body: { full?: boolean; employeeIds?: string[] }) =>
      unwrap(client.POST('/api/machines/{sn}/roster/sync', { params: { path: { sn } }, body })),
    WORK,
  )

export const useBatch = (sn: string) =>
  useChange(
    (body: RosterBatch) => unwrap(client.POST('/api/machines/{sn}/roster/batch', { params: { path: { sn } }, body })),
    WORK,
  )

/** What is on the machine, as far as it has been read, beside what is on its list. */
export const useComparison = (sn: string, kind: ComparisonKind | undefined) =>
  useList(['comparison', sn, kind ?? ''], (cursor) =>
    unwrap(client.GET('/api/machines/{sn}/comparison', { params: { path: { sn }, query: { kind, limit: WHOLE, cursor } } })),
  )

const countOf = (sn: string, kind: ComparisonKind) =>
  unwrap(client.GET('/api/machines/{sn}/comparison', { params: { path: { sn }, query: { kind, limit: 1 } } }))

/** How many there are of each kind, and as of when. */
export const useComparisonCounts = (sn: string) =>
  useQuery({
    queryKey: ['comparison', sn, 'counts'],
    queryFn: async () => {
      const [same, different, onlyHere, onlyThere] = await Promise.all([countOf(sn, 'same'), countOf(sn, 'different'), countOf(sn, 'onlyHere'), countOf(sn, 'onlyThere')])
      return { readAt: same.readAt, same: same.total, different: different.total, onlyHere: onlyHere.total, onlyThere: onlyThere.total }
    },
  })

export const useReadAgain = (sn: string) =>
  useChange<void, { jobId: number }>(() => unwrap(client.POST('/api/machines/{sn}/comparison/read', { params: { path: { sn } } })), WORK)

export const useResolve = (sn: string) =>
  useChange(
    (rows: ResolveRow[]) => unwrap(client.POST('/api/machines/{sn}/comparison/resolve', { params: { path: { sn } }, body: { rows } })),
    WORK,
  )
