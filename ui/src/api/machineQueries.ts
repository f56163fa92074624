import { useQuery } from '@tanstack/react-query'
import { client, unwrap } from './client'
import { PAGE, useChange, useList } from './queries'
import type { Command, NewCommand } from './types'

/** What the page of one machine asks: its orders, its own log, whom it knows, and its trace. */
export const useKinds = (sn: string) =>
  useQuery({
    queryKey: ['kinds', sn],
    queryFn: () => unwrap(client.GET('/api/machines/{sn}/kinds', { params: { path: { sn } } })),
  })

export const useCommands = (sn: string) =>
  useList(['commands', sn], (cursor) =>
    unwrap(client.GET('/api/machines/{sn}/commands', { params: { path: { sn }, query: { limit: PAGE, cursor } } })),
  )

export const useOrder = (sn: string) =>
  useChange(
    (body: NewCommand) => unwrap(client.POST('/api/machines/{sn}/commands', { params: { path: { sn } }, body })),
    ['commands', 'machine', 'machines'],
  )

export const useCancelCommand = (sn: string) =>
  useChange(
    (id: Command['id']) => unwrap(client.POST('/api/machines/{sn}/commands/{id}/cancel', { params: { path: { sn, id } } })),
    ['commands', 'machine', 'machines'],
  )

export const useSeenPeople = (sn: string) =>
  useList(['seen', sn], (cursor) =>
    unwrap(client.GET('/api/machines/{sn}/seen-people', { params: { path: { sn }, query: { limit: PAGE, cursor } } })),
  )

export const useMachineLog = (sn: string) =>
  useList(['log', sn], (cursor) =>
    unwrap(client.GET('/api/machines/{sn}/log', { params: { path: { sn }, query: { limit: PAGE, cursor } } })),
  )

/** Somebody has looked: there is only one machine of this SN, and it may be told things again. */
export const useResolveTwins = (sn: string) =>
  useChange<void, unknown>(
    () => unwrap(client.POST('/api/machines/{sn}/twins/resolve', { params: { path: { sn } } })),
    ['machine', 'machines', 'overview'],
  )

/** It changes with every poll of the machine: read when asked for, not by itself under somebody who is reading it. */
export const useTrace = (sn: string) =>
  useQuery({
    queryKey: ['trace', sn],
    queryFn: () => unwrap(client.GET('/api/machines/{sn}/trace', { params: { path: { sn } } })),
    staleTime: Infinity,
    gcTime: 0,
  })

/** The whole trace as text, for support. */
export const traceText = (sn: string): Promise<string> =>
  unwrap(client.GET('/api/machines/{sn}/trace/export', { params: { path: { sn } }, parseAs: 'text' }))
