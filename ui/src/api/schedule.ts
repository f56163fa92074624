import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { DAYS } from './attendance'
import { client, unwrap } from './client'
import { everyPage } from './everyPage'
import { PAGE, useChange, useList, WHOLE } from './queries'
import type { Assignment, CalendarDay, Leave, LeaveKind, NewAssignment, NewShift, Rotation, ScheduleCell, Shift } from './scheduleTypes'

/** What each change of a plan makes stale: what anybody is to do on a date may be another, and what became of the day. */
export const PLAN = ['shifts', 'rotations', 'assignments', 'calendar', 'leaves', 'schedule', 'schedulePreview', ...DAYS] as const

export const useShifts = () =>
  useQuery({
    queryKey: ['shifts'],
    queryFn: (): Promise<Shift[]> => everyPage((cursor) => unwrap(client.GET('/api/shifts', { params: { query: { limit: WHOLE, cursor } } }))),
  })
export const useAddShift = () => useChange((body: NewShift) => unwrap(client.POST('/api/shifts', { body })), PLAN)
export const useChangeShift = () =>
  useChange(({ id, ...body }: NewShift & { id: string }) => unwrap(client.PATCH('/api/shifts/{id}', { params: { path: { id } }, body })), PLAN)
export const useDeleteShift = () => useChange((id: string) => unwrap(client.DELETE('/api/shifts/{id}', { params: { path: { id } } })), PLAN)

export const useRotations = () =>
  useQuery({
    queryKey: ['rotations'],
    queryFn: (): Promise<Rotation[]> => everyPage((cursor) => unwrap(client.GET('/api/rotations', { params: { query: { limit: WHOLE, cursor } } }))),
  })
export const useAddRotation = () => useChange((body: Omit<Rotation, 'id'>) => unwrap(client.POST('/api/rotations', { body })), PLAN)
export const useChangeRotation = () =>
  useChange(({ id, ...body }: Rotation) => unwrap(client.PATCH('/api/rotations/{id}', { params: { path: { id } }, body })), PLAN)
export const useDeleteRotation = () => useChange((id: string) => unwrap(client.DELETE('/api/rotations/{id}', { params: { path: { id } } })), PLAN)

/** All of them, or those that apply to somebody. */
export const useAssignments = (employeeId: string) =>
  useQuery({
    queryKey: ['assignments', employeeId],
    queryFn: async (): Promise<Assignment[]> => {
      const filter = employeeId === '' ? {} : { employeeId }
      const all = await everyPage((cursor) => unwrap(client.GET('/api/shift-assignments', { params: { query: { ...filter, limit: WHOLE, cursor } } })))
      return all.map(({ target, ...rest }) => ({ ...rest, target: { ...target, name: target.name ?? target.id } }))
    },
    placeholderData: keepPreviousData,
  })
export const useAddAssignment = () => useChange((body: NewAssignment) => unwrap(client.POST('/api/shift-assignments', { body })), PLAN)
/** What was worked by it stays: only its last day changes. */
export const useEndAssignment = () =>
  useChange(({ id, to }: { id: number; to: string | null }) => unwrap(client.PATCH('/api/shift-assignments/{id}', { params: { path: { id } }, body: { to } })), PLAN)
export const useDeleteAssignment = () => useChange((id: number) => unwrap(client.DELETE('/api/shift-assignments/{id}', { params: { path: { id } } })), PLAN)

export const useCalendar = (year: number) =>
  useQuery({
    queryKey: ['calendar', year],
    queryFn: (): Promise<CalendarDay[]> => everyPage((cursor) => unwrap(client.GET('/api/calendar-days', { params: { query: { year, limit: WHOLE, cursor } } }))),
    placeholderData: keepPreviousData,
  })
export const useSetCalendarDay = () =>
  useChange(
    ({ asWeekday, ...day }: CalendarDay) => unwrap(client.POST('/api/calendar-days', { body: { ...day, ...(asWeekday === null ? {} : { asWeekday }) } })),
    PLAN,
  )
export const useDeleteCalendarDay = () => useChange((date: string) => unwrap(client.DELETE('/api/calendar-days/{date}', { params: { path: { date } } })), PLAN)

/** Where a calendar comes from: a file, a text (the State Council's notice, CSV or JSON), or a year that comes with Rollcall. */
export type CalendarSource = { file: File } | { text: string } | { builtIn: number }
/** `year`: of a notice that does not say of which it is. */
export const useImportCalendar = () =>
  useChange(({ source, year, dryRun }: { source: CalendarSource; year: number; dryRun: boolean }) => {
    const form = new FormData()
    if ('file' in source) form.append('file', source.file)
    else if ('text' in source) form.append('text', source.text)
    else form.append('builtIn', String(source.builtIn))
    return unwrap(
      client.POST('/api/calendar-days/import', {
        params: { query: { dryRun, ...('builtIn' in source ? {} : { year }) } },
        body: {},
        bodySerializer: () => form,
      }),
    )
  }, PLAN)

export interface LeaveFilter {
  employeeId?: string | undefined
  departmentId?: string | undefined
  from?: string | undefined
  to?: string | undefined
}
export const useLeaves = (filter: LeaveFilter) =>
  useList<Leave>(['leaves', filter], (cursor) => unwrap(client.GET('/api/leaves', { params: { query: { ...filter, limit: PAGE, cursor } } })))

interface LeaveBody {
  kind: LeaveKind
  from: string
  to: string
  start: string | null
  end: string | null
  note: string
}
export const useAddLeave = () => useChange((body: LeaveBody & { employeeId: string }) => unwrap(client.POST('/api/leaves', { body })), PLAN)
export const useChangeLeave = () =>
  useChange(({ id, ...body }: LeaveBody & { id: number }) => unwrap(client.PATCH('/api/leaves/{id}', { params: { path: { id } }, body })), PLAN)
export const useDeleteLeave = () => useChange((id: number) => unwrap(client.DELETE('/api/leaves/{id}', { params: { path: { id } } })), PLAN)

export interface ScheduleFilter {
  from: string
  to: string
  departmentId?: string | undefined
  branchId?: string | undefined
  search?: string | undefined
}
export const useSchedule = (filter: ScheduleFilter) =>
  useList(['schedule', filter], (cursor) => unwrap(client.GET('/api/schedule', { params: { query: { ...filter, limit: PAGE, cursor } } })))

/** So many cells in one call. */
export const CELLS_AT_ONCE = 20_000
export const previewSchedule = (cells: readonly ScheduleCell[], signal: AbortSignal) =>
  unwrap(client.POST('/api/schedule/preview', { body: { cells: [...cells] }, signal }))
export const useSaveSchedule = () => useChange((cells: readonly ScheduleCell[]) => unwrap(client.PUT('/api/schedule', { body: { cells: [...cells] } })), PLAN)
