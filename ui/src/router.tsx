import type { ComponentType } from 'react'
import { createBrowserRouter, Navigate } from 'react-router'
import { Crashed, NotFound } from './shell/lost'
import { Shell } from './shell/Shell'

/** Each page is a file of its own in the bundle, fetched when first opened. */
const page = <Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) => async () => ({
  Component: (await load())[name],
})

export const router = createBrowserRouter([
  {
    path: '/',
    element: <Shell />,
    errorElement: <Crashed />,
    hydrateFallbackElement: <div />,
    children: [
      {
        errorElement: <Crashed />,
        children: [
          { index: true, lazy: page(() => import('./pages/overview/Overview'), 'Overview') },
          { path: 'machines', lazy: page(() => import('./pages/machines/Machines'), 'Machines') },
          { path: 'machines/connect', lazy: page(() => import('./pages/wizard/Wizard'), 'Wizard') },
          { path: 'machines/:sn', lazy: page(() => import('./pages/machine/MachinePage'), 'MachinePage') },
          { path: 'people', lazy: page(() => import('./pages/people/People'), 'People') },
          { path: 'punches', lazy: page(() => import('./pages/punches/Punches'), 'Punches') },
          {
            path: 'attendance',
            lazy: page(() => import('./pages/attendance/AttendancePage'), 'AttendancePage'),
            children: [
              { index: true, element: <Navigate to="/attendance/days" replace /> },
              { path: 'days', lazy: page(() => import('./pages/attendance/days/DayReport'), 'DayReport') },
              { path: 'sheet', lazy: page(() => import('./pages/attendance/sheet/MonthSheet'), 'MonthSheet') },
              { path: 'exceptions', lazy: page(() => import('./pages/attendance/exceptions/Exceptions'), 'Exceptions') },
              { path: 'appeals', lazy: page(() => import('./pages/attendance/appeals/Appeals'), 'Appeals') },
              { path: 'schedule', lazy: page(() => import('./pages/schedule/ScheduleGrid'), 'ScheduleGrid') },
              { path: 'shifts', lazy: page(() => import('./pages/schedule/Shifts'), 'Shifts') },
              { path: 'assignments', lazy: page(() => import('./pages/schedule/Assignments'), 'Assignments') },
              { path: 'calendar', lazy: page(() => import('./pages/schedule/CalendarPage'), 'CalendarPage') },
              { path: 'leave', lazy: page(() => import('./pages/schedule/Leaves'), 'Leaves') },
            ],
          },
          { path: 'people/import', lazy: page(() => import('./pages/people/import/ImportPage'), 'ImportPage') },
          { path: 'jobs', lazy: page(() => import('./pages/jobs/Jobs'), 'Jobs') },
          { path: 'audit', element: <Navigate to="/jobs?tab=log" replace /> },
          { path: 'settings', lazy: page(() => import('./pages/settings/SettingsPage'), 'SettingsPage') },
          { path: 'index.html', element: <Navigate to="/" replace /> },
          { path: '*', element: <NotFound /> },
        ],
      },
    ],
  },
])
