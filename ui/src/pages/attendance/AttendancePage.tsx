import { useTranslation } from 'react-i18next'
import { NavLink, Outlet } from 'react-router'
import { useFilters } from '../../kit'
import { DayDrawer } from './day/DayDrawer'
import { dayKey, dayOf } from './openDay'

/** What became of the days, and what was planned for them. */
const PARTS = [
  ['days', 'sheet', 'exceptions', 'appeals'],
  ['schedule', 'shifts', 'assignments', 'calendar', 'leave'],
] as const

/** The frame of everything about days; each part is a page of its own under its own address. A day opens over any of them. */
export function AttendancePage() {
  const { t } = useTranslation()
  const { get, set } = useFilters()
  const day = dayOf(get('day'))
  return (
    <main className="page">
      <header className="page-head part-head">
        <h1>{t('attendance.title')}</h1>
        <nav aria-label={t('attendance.parts')} className="part-nav">
          {PARTS.map((group, index) => (
            <ul key={group[0]} aria-label={t(index === 0 ? 'attendance.groupDays' : 'attendance.groupPlan')}>
              {group.map((part) => (
                <li key={part}>
                  <NavLink to={`/attendance/${part}`}>{t(`attendance.part.${part}`)}</NavLink>
                </li>
              ))}
            </ul>
          ))}
        </nav>
      </header>
      <Outlet />
      {day && <DayDrawer {...day} onDate={(date) => set({ day: dayKey(day.employeeId, date) })} onClose={() => set({ day: undefined })} />}
    </main>
  )
}
