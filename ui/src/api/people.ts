import { useQuery } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import { client, unwrap } from './client'
import { everyPage } from './everyPage'
import { PAGE, PEOPLE, useChange, useList, WHOLE, type EmployeeStatus } from './queries'
import type { Employee, Rehire } from './types'

export interface PeopleFilter {
  search?: string | undefined
  departmentId?: string | undefined
  branchId?: string | undefined
  status?: EmployeeStatus | undefined
}

export const usePeople = (filter: PeopleFilter) =>
  useList(['employees', filter], (cursor) => unwrap(client.GET('/api/employees', { params: { query: { ...filter, limit: PAGE, cursor } } })))

/** Whom somebody means who types a name or a number. */
export function usePeopleFound(search: string, status?: EmployeeStatus) {
  const wanted = useDeferredValue(search.trim())
  return usePeople({ status, search: wanted === '' ? undefined : wanted })
}

/** Everybody a filter finds, for what has to know all of them. */
export const everybody = (filter: PeopleFilter): Promise<Employee[]> =>
  everyPage((cursor) => unwrap(client.GET('/api/employees', { params: { query: { ...filter, limit: WHOLE, cursor } } })))

export const useEverybody = (wanted: boolean) =>
  useQuery({ queryKey: ['employees', 'everybody'], queryFn: () => everybody({ status: 'active' }), enabled: wanted, staleTime: 30_000 })

/** The machines somebody is or was on, with the numbers they had there. */
export const useEmployeeMachines = (id: string) =>
  useQuery({
    queryKey: ['employeeMachines', id],
    queryFn: async () => (await unwrap(client.GET('/api/employees/{id}/machines', { params: { path: { id } } }))).items,
    enabled: id !== '',
  })

export const useRehire = () =>
  useChange(
    ({ id, ...body }: Rehire & { id: string }) => unwrap(client.POST('/api/employees/{id}/rehire', { params: { path: { id } }, body })),
    [...PEOPLE, 'employeeMachines', 'departments', 'branches'],
  )

/** A photo by the id of its file, so that another photo is another answer. */
export const usePhoto = (id: string, fileId: string | null) =>
  useQuery({
    queryKey: ['photo', id, fileId],
    queryFn: () => unwrap(client.GET('/api/employees/{id}/photo', { params: { path: { id } }, parseAs: 'blob' })),
    enabled: fileId !== null,
    staleTime: Infinity,
  })

export const useSavePhoto = () =>
  useChange(
    ({ id, file }: { id: string; file: Blob }) =>
      unwrap(
        client.PUT('/api/employees/{id}/photo', {
          params: { path: { id } },
          body: '',
          bodySerializer: () => file,
          headers: { 'content-type': file.type },
        }),
      ),
    ['employees'],
  )

export const useDeletePhoto = () =>
  useChange((id: string) => unwrap(client.DELETE('/api/employees/{id}/photo', { params: { path: { id } } })), ['employees'])
