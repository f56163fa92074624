import { useQuery } from '@tanstack/react-query'
import { client, unwrap } from './client'
import { everyPage } from './everyPage'
import { useChange, WHOLE } from './queries'
import type { NewField } from './types'

/** Branches and departments, and the fields people have. Both are small, and taken whole. */
export const useBranches = () =>
  useQuery({
    queryKey: ['branches'],
    queryFn: () => everyPage((cursor) => unwrap(client.GET('/api/branches', { params: { query: { limit: WHOLE, cursor } } }))),
  })

export const useDepartments = () =>
  useQuery({
    queryKey: ['departments'],
    queryFn: () => everyPage((cursor) => unwrap(client.GET('/api/departments', { params: { query: { limit: WHOLE, cursor } } }))),
  })

export const useFields = () =>
  useQuery({
    queryKey: ['fields'],
    queryFn: () => everyPage((cursor) => unwrap(client.GET('/api/fields', { params: { query: { limit: WHOLE, cursor } } }))),
  })

/** A move changes where people are, and with it who belongs where. */
const ORGANISATION = ['branches', 'departments', 'employees', 'preview', 'roster'] as const

export interface UnitInput {
  name: string
  parentId?: string | null
  branchId?: string | null
}

export const useAddBranch = () =>
  useChange(({ name, parentId }: UnitInput) => unwrap(client.POST('/api/branches', { body: { name, parentId } })), ORGANISATION)

export const useAddDepartment = () =>
  useChange((body: UnitInput) => unwrap(client.POST('/api/departments', { body })), ORGANISATION)

export const useChangeBranch = () =>
  useChange(
    ({ id, ...body }: { id: string; name?: string; parentId?: string | null }) =>
      unwrap(client.PATCH('/api/branches/{id}', { params: { path: { id } }, body })),
    ORGANISATION,
  )

export const useChangeDepartment = () =>
  useChange(
    ({ id, ...body }: { id: string; name?: string; parentId?: string | null; branchId?: string | null }) =>
      unwrap(client.PATCH('/api/departments/{id}', { params: { path: { id } }, body })),
    ORGANISATION,
  )

export const useDeleteUnit = () =>
  useChange(
    ({ kind, id }: { kind: 'branch' | 'department'; id: string }) =>
      kind === 'branch'
        ? unwrap(client.DELETE('/api/branches/{id}', { params: { path: { id } } }))
        : unwrap(client.DELETE('/api/departments/{id}', { params: { path: { id } } })),
    ORGANISATION,
  )

export const useAddField = () => useChange((body: NewField) => unwrap(client.POST('/api/fields', { body })), ['fields'])

export const useChangeField = () =>
  useChange(
    ({ key, ...body }: { key: string; label?: string; choices?: string[] }) =>
      unwrap(client.PATCH('/api/fields/{key}', { params: { path: { key } }, body })),
    ['fields'],
  )

export const useDeleteField = () =>
  useChange((key: string) => unwrap(client.DELETE('/api/fields/{key}', { params: { path: { key } } })), ['fields', 'employees'])
