import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient, type QueryKey } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import type { Rows } from '../kit'
import { client, unwrap } from './client'
import type { EmployeeChange, MachineChange, NewEmployee, NewRosterEntry, RosterChange, SettingsChange } from './types'

/** What each page asks, and what each change makes stale. Live events do the rest (live.ts). */
interface Page<T> {
  items: T[]
  total: number
  next: string | null
}

export const PAGE = 200
/** Small lists (machines, strangers) are taken whole, so that they can be sorted and searched on the spot. */
export const WHOLE = 1000

/**
 * A list by pages; the next page is fetched when the table nears its end. Rows stay while refetching. What a list says
 * beside its items is in its first page.
 */
export function useList<T, P extends Page<T> = Page<T>>(
  key: QueryKey,
  fetchPage: (cursor: string | undefined) => Promise<P & Page<T>>,
): Rows<T> & { first: (P & Page<T>) | undefined } {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => fetchPage(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  })
  const { fetchNextPage, isFetchingNextPage, hasNextPage, refetch } = query
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data])
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, isFetchingNextPage])
  return {
    rows,
    total: query.data?.pages[0]?.total ?? 0,
    loading: query.isPending,
    error: query.error,
    retry: () => void refetch(),
    more: hasNextPage ? more : undefined,
    first: query.data?.pages[0],
  }
}

export const useHealth = () =>
  useQuery({ queryKey: ['health'], queryFn: () => unwrap(client.GET('/api/health')), refetchInterval: 30_000 })

export const useListener = () => useQuery({ queryKey: ['listener'], queryFn: () => unwrap(client.GET('/api/listener')) })

export const useOverview = () =>
  useQuery({ queryKey: ['overview'], queryFn: () => unwrap(client.GET('/api/overview')), refetchInterval: 60_000 })

/** Going offline is the passing of time, which no event tells: look again now and then. */
export const useMachines = () =>
  useQuery({
    queryKey: ['machines'],
    queryFn: () => unwrap(client.GET('/api/machines', { params: { query: { limit: WHOLE } } })),
    refetchInterval: 20_000,
  })

export const useMachine = (sn: string) =>
  useQuery({
    queryKey: ['machine', sn],
    queryFn: () => unwrap(client.GET('/api/machines/{sn}', { params: { path: { sn } } })),
    // While an order waits, somebody watches for the machine's next contact.
    refetchInterval: ({ state }) => ((state.data?.queue.waiting ?? 0) > 0 ? 5_000 : 20_000),
  })

export const useStrangers = () =>
  useQuery({
    queryKey: ['strangers'],
    queryFn: () => unwrap(client.GET('/api/strangers', { params: { query: { limit: 500 } } })),
  })

export interface PunchFilter {
  sn?: string | undefined
  employeeId?: string | undefined
  pin?: string | undefined
  from?: string | undefined
  to?: string | undefined
  matched?: boolean | undefined
}

export const usePunches = (filter: PunchFilter) =>
  useList(['punches', filter], (cursor) =>
    unwrap(client.GET('/api/punches', { params: { query: { ...filter, limit: PAGE, cursor } } })),
  )

/** The latest arrivals, for walls that are watched. */
export const useLatestPunches = (limit: number, filter: PunchFilter = {}) =>
  useQuery({
    queryKey: ['punches', 'latest', limit, filter],
    queryFn: () => unwrap(client.GET('/api/punches', { params: { query: { ...filter, order: 'arrival', limit } } })),
  })

export const useRejected = () =>
  useList(['rejected'], (cursor) =>
    unwrap(client.GET('/api/punches/rejected', { params: { query: { limit: PAGE, cursor } } })),
  )

export type EmployeeStatus = 'active' | 'left'

/** A person that may have been chosen by address (`?person=…`). */
export const useEmployee = (id: string) =>
  useQuery({
    queryKey: ['employees', 'one', id],
    queryFn: () => unwrap(client.GET('/api/employees/{id}', { params: { path: { id } } })),
    enabled: id !== '',
  })

export const useAudit = () =>
  useList(['audit'], (cursor) => unwrap(client.GET('/api/audit', { params: { query: { limit: PAGE, cursor } } })))

export const useSettings = () => useQuery({ queryKey: ['settings'], queryFn: () => unwrap(client.GET('/api/settings')) })

/** A change; afterwards everything it may have touched is read again. */
export function useChange<Input, Output>(change: (input: Input) => Promise<Output>, stale: readonly string[]) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: () =>
      queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'audit' || stale.includes(String(queryKey[0])) }),
  })
}

export const FLEET = ['machines', 'machine', 'strangers', 'overview'] as const

export interface MachineInput {
  sn: string
  name: string
  model?: string | undefined
  timeZone?: string | undefined
}

export const useAddMachine = () =>
  useChange((body: MachineInput) => unwrap(client.POST('/api/machines', { body })), FLEET)

export const useAdopt = () =>
  useChange(
    ({ sn, ...body }: MachineInput) =>
      unwrap(client.POST('/api/strangers/{sn}/adopt', { params: { path: { sn } }, body })),
    FLEET,
  )

export const useChangeMachine = () =>
  useChange(
    ({ sn, ...body }: MachineChange & { sn: string }) =>
      unwrap(client.PATCH('/api/machines/{sn}', { params: { path: { sn } }, body })),
    [...FLEET, 'punches'],
  )

export const useDeleteMachine = () =>
  useChange(
    (sn: string) => unwrap(client.DELETE('/api/machines/{sn}', { params: { path: { sn } } })),
    [...FLEET, 'roster', 'punches'],
  )

/**
 * A mistyped SN cannot be edited: the machine under its true SN takes over name, zone and people, then the
 * mistyped one, which never connected and so holds nothing, goes.
 */
export const useCorrectSn = () =>
  useChange(async ({ wrong, right }: { wrong: string; right: string }) => {
    const machine = await unwrap(client.GET('/api/machines/{sn}', { params: { path: { sn: wrong } } }))
    const adopted = await unwrap(
      client.POST('/api/strangers/{sn}/adopt', {
        params: { path: { sn: right } },
        body: { name: machine.name, timeZone: machine.timeZone, ...(machine.model === null ? {} : { model: machine.model }) },
      }),
    )
    let cursor: string | undefined
    do {
      const page = await unwrap(
        client.GET('/api/machines/{sn}/roster', { params: { path: { sn: wrong }, query: { limit: WHOLE, cursor } } }),
      )
      const entries: NewRosterEntry[] = page.items.map(({ employeeId, pin, role, enabled }) => ({
        employeeId,
        role,
        enabled,
        ...(pin === null ? {} : { pin }),
      }))
      if (entries.length > 0) {
        await unwrap(client.POST('/api/machines/{sn}/roster', { params: { path: { sn: right } }, body: { entries } }))
      }
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
    await unwrap(client.DELETE('/api/machines/{sn}', { params: { path: { sn: wrong } } }))
    return adopted
  }, [...FLEET, 'roster'])

export const PEOPLE = ['employees', 'branches', 'departments', 'roster', 'punches', 'overview', 'machines', 'machine'] as const

export const useAddEmployee = () =>
  useChange((body: NewEmployee) => unwrap(client.POST('/api/employees', { body })), PEOPLE)

export const useChangeEmployee = () =>
  useChange(
    ({ id, ...body }: EmployeeChange & { id: string }) =>
      unwrap(client.PATCH('/api/employees/{id}', { params: { path: { id } }, body })),
    PEOPLE,
  )

export const useAddToRoster = () =>
  useChange(
    ({ sn, entries }: { sn: string; entries: NewRosterEntry[] }) =>
      unwrap(client.POST('/api/machines/{sn}/roster', { params: { path: { sn } }, body: { entries } })),
    PEOPLE,
  )

export const useChangeEntry = () =>
  useChange(
    ({ sn, employeeId, ...body }: RosterChange & { sn: string; employeeId: string }) =>
      unwrap(client.PATCH('/api/machines/{sn}/roster/{employeeId}', { params: { path: { sn, employeeId } }, body })),
    PEOPLE,
  )

export const useChangeSettings = () =>
  useChange((body: SettingsChange) => unwrap(client.PUT('/api/settings', { body })), ['settings', 'overview'])
