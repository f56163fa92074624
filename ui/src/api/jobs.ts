import { useQuery } from '@tanstack/react-query'
import { client, unwrap } from './client'
import { PAGE, useChange, useList } from './queries'
import type { Job } from './types'

export interface JobFilter {
  state?: Job['state'] | undefined
  kind?: Job['kind'] | undefined
  sn?: string | undefined
}

const OPEN: ReadonlySet<Job['state']> = new Set(['waiting', 'running'])
export const isOpen = (job: Pick<Job, 'state'>): boolean => OPEN.has(job.state)
/** Still to be watched or answered. */
export const isUnfinished = (job: Pick<Job, 'state'>): boolean => isOpen(job) || job.state === 'needsConfirmation'

export const useJobs = (filter: JobFilter) =>
  useList(['jobs', filter], (cursor) => unwrap(client.GET('/api/jobs', { params: { query: { ...filter, limit: PAGE, cursor } } })))

/** The newest jobs of one kind at one machine: what runs there, and how the last one ended. */
export const useLatestJob = (sn: string, kind: Job['kind']) =>
  useQuery({
    queryKey: ['jobs', 'latest', sn, kind],
    queryFn: async () => (await unwrap(client.GET('/api/jobs', { params: { query: { sn, kind, limit: 1 } } }))).items[0] ?? null,
    refetchInterval: ({ state }) => (state.data && isOpen(state.data) ? 2_000 : false),
  })

/** Jobs that wait for a yes, wherever. */
export const useJobsToConfirm = () =>
  useQuery({
    queryKey: ['jobs', 'toConfirm'],
    queryFn: () => unwrap(client.GET('/api/jobs', { params: { query: { state: 'needsConfirmation', limit: PAGE } } })),
  })

/** One job with its log. */
export const useJob = (id: number | null) =>
  useQuery({
    queryKey: ['job', id],
    queryFn: () => unwrap(client.GET('/api/jobs/{id}', { params: { path: { id: id ?? 0 } } })),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data && isOpen(state.data) ? 2_000 : false),
  })

const JOBS = ['jobs', 'job', 'roster', 'machine', 'machines', 'rule', 'preview', 'comparison', 'gaps'] as const

export const useCancelJob = () =>
  useChange((id: number) => unwrap(client.POST('/api/jobs/{id}/cancel', { params: { path: { id } } })), JOBS)

export const useConfirmJob = () =>
  useChange((id: number) => unwrap(client.POST('/api/jobs/{id}/confirm', { params: { path: { id } } })), JOBS)
