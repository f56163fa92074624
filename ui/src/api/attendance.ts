import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { currentLanguage } from '../i18n'
import type { Day, DayDetail, DayDifference, DayStatus, DaySummary, Exceptions, ExceptionRow, LateDay, MarkKind, MonthLock, Quota, Sheet, SheetRow } from './attendanceTypes'
import { everyPage } from './everyPage'
import { client, unwrap } from './client'
import { PAGE, useChange, useList, WHOLE } from './queries'

/** What every change to a day, an appeal or a plan makes stale. */
export const DAYS = ['days', 'day', 'sheet', 'exceptions', 'summary', 'appeals', 'appeal', 'corrections', 'quota', 'locks', 'lateDays'] as const

/** Whose days: everybody's, or a department's or branch's with those below. */
export interface UnitFilter {
  departmentId?: string | undefined
  branchId?: string | undefined
}

export interface DayFilter extends UnitFilter {
  from: string
  to: string
  employeeId?: string | undefined
  status?: DayStatus | undefined
  mark?: MarkKind | undefined
  search?: string | undefined
}

/** A day becomes final by the passing of time, which no event tells. */
const WHILE_OPEN_MS = 30_000

const dayPage = (filter: DayFilter, limit: number, cursor: string | undefined) =>
  unwrap(client.GET('/api/attendance/days', { params: { query: { ...filter, limit, cursor } } }))

export const useDays = (filter: DayFilter) => useList<Day>(['days', filter], (cursor) => dayPage(filter, PAGE, cursor))

/** All days that are found, for paper. */
export const wholeDays = (filter: DayFilter): Promise<Day[]> => everyPage((cursor) => dayPage(filter, WHOLE, cursor))

/** All days of one person in a stretch of at most two months. */
export const usePersonDays = (employeeId: string, from: string, to: string) =>
  useQuery({
    queryKey: ['days', 'person', employeeId, from, to],
    queryFn: () => wholeDays({ employeeId, from, to }),
    placeholderData: keepPreviousData,
    enabled: employeeId !== '',
  })

/** A day with everything that explains it. */
export const useDay = (employeeId: string, date: string) =>
  useQuery({
    queryKey: ['day', employeeId, date],
    queryFn: (): Promise<DayDetail> => unwrap(client.GET('/api/attendance/days/{employeeId}/{date}', { params: { path: { employeeId, date } } })),
    enabled: employeeId !== '' && date !== '',
    refetchInterval: ({ state }) => (state.data?.day.provisional ? WHILE_OPEN_MS : false),
  })

export const useSummary = (filter: UnitFilter & { from: string; to: string }) =>
  useQuery({
    queryKey: ['summary', filter],
    queryFn: async (): Promise<DaySummary[]> => (await unwrap(client.GET('/api/attendance/summary', { params: { query: filter } }))).days,
    placeholderData: keepPreviousData,
    refetchInterval: WHILE_OPEN_MS,
  })

/** The punches of a day by quarter hour. */
export const useQuarters = (date: string) =>
  useQuery({
    queryKey: ['quarters', date],
    queryFn: () => unwrap(client.GET('/api/punches/quarters', { params: { query: { date } } })),
    placeholderData: keepPreviousData,
  })

export interface SheetFilter extends UnitFilter {
  month: string
  search?: string | undefined
}

export const useSheet = (filter: SheetFilter) => useList<SheetRow, Sheet>(['sheet', filter], (cursor) => sheetPage(filter, PAGE, cursor))

const sheetPage = (filter: SheetFilter, limit: number, cursor: string | undefined): Promise<Sheet> =>
  unwrap(client.GET('/api/attendance/sheet', { params: { query: { ...filter, limit, cursor } } }))

/** All of a month's sheet, for paper. */
export async function wholeSheet(filter: SheetFilter): Promise<Sheet> {
  const sheet = await sheetPage(filter, WHOLE, undefined)
  const rest = sheet.next === null ? [] : await everyPage((cursor) => sheetPage(filter, WHOLE, cursor ?? sheet.next ?? undefined))
  return { ...sheet, items: [...sheet.items, ...rest] }
}

export const useExceptions = (filter: UnitFilter & { from: string; to: string; mark?: MarkKind | undefined }) =>
  useList<ExceptionRow, Exceptions>(['exceptions', filter], (cursor) =>
    unwrap(client.GET('/api/attendance/exceptions', { params: { query: { ...filter, limit: PAGE, cursor } } })),
  )

export const useLocks = () =>
  useQuery({
    queryKey: ['locks'],
    queryFn: async (): Promise<MonthLock[]> => (await unwrap(client.GET('/api/attendance/locks'))).items,
  })

/** What came to light of a month after it was locked. */
export const useLateDays = (month: string, wanted: boolean) =>
  useQuery({
    queryKey: ['lateDays', month],
    queryFn: (): Promise<LateDay[]> =>
      everyPage((cursor) => unwrap(client.GET('/api/attendance/locks/{month}/late', { params: { path: { month }, query: { limit: WHOLE, cursor } } }))),
    enabled: wanted,
  })

export const useLockMonth = () =>
  useChange((body: { month: string; confirm?: boolean }): Promise<MonthLock> => unwrap(client.POST('/api/attendance/locks', { body })), DAYS)

export const useUnlockMonth = () =>
  useChange((month: string): Promise<unknown> => unwrap(client.DELETE('/api/attendance/locks/{month}', { params: { path: { month } } })), DAYS)

export const useRecompute = () =>
  useChange((body: UnitFilter & { from: string; to: string; employeeIds?: string[] }): Promise<{ jobId: number }> => unwrap(client.POST('/api/attendance/recompute', { body })), [...DAYS, 'jobs'])

/** What a recomputation changed. */
export const useDifferences = (jobId: number | null) =>
  useList<DayDifference>(['differences', jobId], (cursor) =>
    jobId === null
      ? Promise.resolve({ items: [], total: 0, next: null })
      : unwrap(client.GET('/api/attendance/recomputes/{id}/differences', { params: { path: { id: jobId }, query: { limit: PAGE, cursor } } })),
  )

export const useQuota = (employeeId: string, month: string) =>
  useQuery({
    queryKey: ['quota', employeeId, month],
    queryFn: (): Promise<Quota> => unwrap(client.GET('/api/attendance/quota', { params: { query: { employeeId, month } } })),
    enabled: employeeId !== '' && month !== '',
  })

/** Headings in the language of the screen. */
const fileLanguage = () => (currentLanguage() === 'en' ? 'en' : 'zh')

export const exportDays = (filter: DayFilter): Promise<Blob> =>
  unwrap(client.GET('/api/attendance/days/export', { params: { query: { ...filter, format: 'xlsx', language: fileLanguage() } }, parseAs: 'blob' }))

export const exportSheet = (filter: SheetFilter): Promise<Blob> =>
  unwrap(client.GET('/api/attendance/sheet/export', { params: { query: { ...filter, format: 'xlsx', language: fileLanguage() } }, parseAs: 'blob' }))

/** Whether there is any shift to judge days by. */
export const useShiftCount = () =>
  useQuery({
    queryKey: ['shifts', 'count'],
    queryFn: async (): Promise<number> => (await unwrap(client.GET('/api/shifts', { params: { query: { limit: 1 } } }))).total,
  })
