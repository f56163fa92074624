import { useQuery } from '@tanstack/react-query'
import { DAYS } from './attendance'
import type { Appeal, AppealState, Correction, NewAppeal, NewCorrection } from './attendanceTypes'
import { client, unwrap } from './client'
import { PAGE, useChange, useList, WHOLE } from './queries'

export interface AppealFilter {
  departmentId?: string | undefined
  state?: AppealState | undefined
  employeeId?: string | undefined
  from?: string | undefined
  to?: string | undefined
}

export const useAppeals = (filter: AppealFilter) =>
  useList<Appeal>(['appeals', filter], (cursor) => unwrap(client.GET('/api/appeals', { params: { query: { ...filter, limit: PAGE, cursor } } })))

/** How many wait for a decision. */
export const useOpenAppeals = () =>
  useQuery({
    queryKey: ['appeals', 'open'],
    queryFn: async (): Promise<number> => (await unwrap(client.GET('/api/appeals', { params: { query: { state: 'open', limit: 1 } } }))).total,
  })

export const useAppeal = (id: number | null) =>
  useQuery({
    queryKey: ['appeal', id],
    queryFn: (): Promise<Appeal> => unwrap(client.GET('/api/appeals/{id}', { params: { path: { id: id ?? 0 } } })),
    enabled: id !== null,
  })

export const useRaiseAppeal = () => useChange((body: NewAppeal): Promise<Appeal> => unwrap(client.POST('/api/appeals', { body })), DAYS)

export const useWithdrawAppeal = () =>
  useChange((id: number): Promise<Appeal> => unwrap(client.POST('/api/appeals/{id}/withdraw', { params: { path: { id } }, body: {} })), DAYS)

export const useDecideAppeals = () =>
  useChange(
    (body: { ids: number[]; decision: 'approve' | 'reject'; note?: string }) => unwrap(client.POST('/api/appeals/decide', { body })),
    DAYS,
  )

export const useSaveEvidence = () =>
  useChange(
    ({ id, file }: { id: number; file: File }): Promise<unknown> =>
      unwrap(
        client.PUT('/api/appeals/{id}/evidence', {
          params: { path: { id }, query: { name: file.name } },
          body: '',
          bodySerializer: () => file,
          headers: { 'content-type': file.type },
        }),
      ),
    DAYS,
  )

export const evidence = (id: number): Promise<Blob> => unwrap(client.GET('/api/appeals/{id}/evidence', { params: { path: { id } }, parseAs: 'blob' }))

export const useEvidence = (id: number, wanted: boolean) =>
  useQuery({ queryKey: ['evidence', id], queryFn: () => evidence(id), enabled: wanted, staleTime: Infinity })

export const useDropEvidence = () =>
  useChange((id: number): Promise<unknown> => unwrap(client.DELETE('/api/appeals/{id}/evidence', { params: { path: { id } } })), DAYS)

/** What was put right for one person in a stretch of days. */
export const useCorrections = (employeeId: string, from: string, to: string) =>
  useQuery({
    queryKey: ['corrections', employeeId, from, to],
    queryFn: async (): Promise<Correction[]> =>
      (await unwrap(client.GET('/api/corrections', { params: { query: { employeeId, from, to, limit: WHOLE } } }))).items,
    enabled: employeeId !== '',
  })

export const useAddCorrection = () => useChange((body: NewCorrection): Promise<Correction> => unwrap(client.POST('/api/corrections', { body })), DAYS)

export const useWithdrawCorrection = () =>
  useChange((id: number): Promise<unknown> => unwrap(client.DELETE('/api/corrections/{id}', { params: { path: { id } } })), DAYS)
