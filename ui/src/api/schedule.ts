import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Assignment, AssignmentTarget, CalendarDay, CalendarImport, Leave, NewShift, Rotation, ScheduleCell, ScheduleReport, ScheduleRow, Shift } from '../pages/schedule/types'
import { client, unwrap } from './client'
import { everyPage } from './everyPage'
import { PAGE, useChange, useList, WHOLE } from './queries'

/** What each change of a plan makes stale: what anybody is to do on a date may be another. */
export const PLAN = ['shifts', 'rotations', 'assignments', 'calendar', 'leaves', 'schedule', 'schedulePreview', 'attendance'] as const

interface Answer {
  data?: unknown
  error?: unknown
  response: Response
}
type Init = Record<string, unknown>
const raw = client as unknown as Record<'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', (path: string, init?: Init) => Promise<Answer>>
const ask = <T>(call: Promise<Answer>): Promise<T> => unwrap(call as Promise<{ data?: T; error?: unknown; response: Response }>)
interface Page<T> {
  items: T[]
  total: number
  next: string | null
}

const whole = <T>(path: string, query: Init = {}) => everyPage((cursor) => ask<Page<T>>(raw.GET(path, { params: { query: { ...query, limit: WHOLE, cursor } } })))

export const useShifts = () => useQuery({ queryKey: ['shifts'], queryFn: () => whole<Shift>('/api/shifts') })
export const useAddShift = () => useChange((body: NewShift) => ask<Shift>(raw.POST('/api/shifts', { body })), PLAN)
export const useChangeShift = () => useChange(({ id, ...body }: NewShift & { id: string }) => ask<Shift>(raw.PATCH('/api/shifts/{id}', { params: { path: { id } }, body })), PLAN)
export const useDeleteShift = () => useChange((id: string) => ask<undefined>(raw.DELETE('/api/shifts/{id}', { params: { path: { id } } })), PLAN)

export const useRotations = () => useQuery({ queryKey: ['rotations'], queryFn: () => whole<Rotation>('/api/rotations') })
export const useAddRotation = () => useChange((body: Omit<Rotation, 'id'>) => ask<Rotation>(raw.POST('/api/rotations', { body })), PLAN)
export const useChangeRotation = () => useChange(({ id, ...body }: Rotation) => ask<Rotation>(raw.PATCH('/api/rotations/{id}', { params: { path: { id } }, body })), PLAN)
export const useDeleteRotation = () => useChange((id: string) => ask<undefined>(raw.DELETE('/api/rotations/{id}', { params: { path: { id } } })), PLAN)

export type NewAssignment = Omit<Assignment, 'id' | 'target'> & { target: Pick<AssignmentTarget, 'kind' | 'id'> }
/** All of them, or those that apply to somebody. */
export const useAssignments = (employeeId: string) =>
  useQuery({
    queryKey: ['assignments', employeeId],
    queryFn: () => whole<Assignment>('/api/shift-assignments', employeeId === '' ? {} : { employeeId }),
    placeholderData: keepPreviousData,
  })
export const useAddAssignment = () => useChange((body: NewAssignment) => ask<Assignment>(raw.POST('/api/shift-assignments', { body })), PLAN)
export const useDeleteAssignment = () => useChange((id: number) => ask<undefined>(raw.DELETE('/api/shift-assignments/{id}', { params: { path: { id } } })), PLAN)

export const useCalendar = (year: number) =>
  useQuery({ queryKey: ['calendar', year], queryFn: () => whole<CalendarDay>('/api/calendar-days', { year }), placeholderData: keepPreviousData })
export const useSetCalendarDay = () => useChange((body: CalendarDay) => ask<CalendarDay>(raw.POST('/api/calendar-days', { body })), PLAN)
export const useDeleteCalendarDay = () => useChange((date: string) => ask<undefined>(raw.DELETE('/api/calendar-days/{date}', { params: { path: { date } } })), PLAN)

/** Where a calendar comes from: a file, a text (the State Council's notice, CSV or JSON), or a year that comes with Rollcall. */
export type CalendarSource = { file: File } | { text: string } | { builtIn: number }
export const useImportCalendar = () =>
  useChange(({ source, dryRun }: { source: CalendarSource; dryRun: boolean }) => {
    const form = new FormData()
    if ('file' in source) form.append('file', source.file)
    else if ('text' in source) form.append('text', source.text)
    else form.append('builtIn', String(source.builtIn))
    return ask<CalendarImport>(raw.POST('/api/calendar-days/import', { params: { query: { dryRun } }, body: {}, bodySerializer: () => form }))
  }, PLAN)

export interface LeaveFilter {
  employeeId?: string | undefined
  departmentId?: string | undefined
  from?: string | undefined
  to?: string | undefined
}
export const useLeaves = (filter: LeaveFilter) =>
  useList(['leaves', filter], (cursor) => ask<Page<Leave>>(raw.GET('/api/leaves', { params: { query: { ...filter, limit: PAGE, cursor } } })))
export type NewLeave = Omit<Leave, 'id' | 'name'>
export const useAddLeave = () => useChange((body: NewLeave) => ask<Leave>(raw.POST('/api/leaves', { body })), PLAN)
export const useChangeLeave = () =>
  useChange(({ id, ...body }: Omit<NewLeave, 'employeeId'> & { id: number }) => ask<Leave>(raw.PATCH('/api/leaves/{id}', { params: { path: { id } }, body })), PLAN)
export const useDeleteLeave = () => useChange((id: number) => ask<undefined>(raw.DELETE('/api/leaves/{id}', { params: { path: { id } } })), PLAN)

export interface ScheduleFilter {
  from: string
  to: string
  departmentId?: string | undefined
  branchId?: string | undefined
  search?: string | undefined
}
export const useSchedule = (filter: ScheduleFilter) =>
  useList(['schedule', filter], (cursor) => ask<Page<ScheduleRow>>(raw.GET('/api/schedule', { params: { query: { ...filter, limit: PAGE, cursor } } })))

/** So many cells in one call. */
export const CELLS_AT_ONCE = 20_000
export const previewSchedule = (cells: readonly ScheduleCell[], signal: AbortSignal): Promise<ScheduleReport> => ask(raw.POST('/api/schedule/preview', { body: { cells }, signal }))
export const useSaveSchedule = () => useChange((cells: readonly ScheduleCell[]) => ask<ScheduleReport>(raw.PUT('/api/schedule', { body: { cells } })), PLAN)
