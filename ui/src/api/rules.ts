import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { client, unwrap } from './client'
import { PEOPLE, useChange } from './queries'
import type { NewDispatchRule, NumberMapping } from './types'

/** Which field fills the numbers of a machine's list. Two doors lead to this one setting. */
export const useMapping = (sn: string) =>
  useQuery({
    queryKey: ['mapping', sn],
    queryFn: () => unwrap(client.GET('/api/machines/{sn}/number-mapping', { params: { path: { sn } } })),
  })

export const useSaveMapping = (sn: string) =>
  useChange(
    (body: NumberMapping) => unwrap(client.PUT('/api/machines/{sn}/number-mapping', { params: { path: { sn } }, body })),
    [...PEOPLE, 'mapping'],
  )

export const useAcceptProposals = (sn: string) =>
  useChange(
    (employeeIds: string[]) =>
      unwrap(client.POST('/api/machines/{sn}/number-mapping/accept', { params: { path: { sn } }, body: { employeeIds } })),
    PEOPLE,
  )

export const useRule = (sn: string) =>
  useQuery({
    queryKey: ['rule', sn],
    queryFn: () => unwrap(client.GET('/api/machines/{sn}/dispatch-rule', { params: { path: { sn } } })),
  })

const RULE = [...PEOPLE, 'rule', 'preview', 'jobs', 'job'] as const

export const useSaveRule = (sn: string) =>
  useChange(
    (body: NewDispatchRule) => unwrap(client.PUT('/api/machines/{sn}/dispatch-rule', { params: { path: { sn } }, body })),
    RULE,
  )

/** What a rule would do now, saved or not. */
export const usePreview = (sn: string, rule: NewDispatchRule | null) =>
  useQuery({
    queryKey: ['preview', sn, rule],
    queryFn: () =>
      rule === null
        ? unwrap(client.GET('/api/machines/{sn}/dispatch-rule/preview', { params: { path: { sn } } }))
        : unwrap(client.POST('/api/machines/{sn}/dispatch-rule/preview', { params: { path: { sn } }, body: rule })),
    placeholderData: keepPreviousData,
  })

export const useRunRule = (sn: string) =>
  useChange(
    (confirm: boolean) => unwrap(client.POST('/api/machines/{sn}/dispatch-rule/run', { params: { path: { sn } }, body: { confirm } })),
    RULE,
  )

export const useCopyRule = (sn: string) =>
  useChange(
    (to: string[]) => unwrap(client.POST('/api/machines/{sn}/dispatch-rule/copy', { params: { path: { sn } }, body: { to } })),
    RULE,
  )
