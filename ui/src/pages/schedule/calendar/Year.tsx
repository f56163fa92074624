import { useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { today } from '../../../kit'
import type { CalendarDay } from '../../../api/scheduleTypes'
import { dayFrom } from './edit'
import { Month } from './Month'

interface Props {
  year: number
  days: ReadonlyMap<string, CalendarDay>
  onDay: (date: string) => void
}

const dateOf = (event: MouseEvent | KeyboardEvent): string | undefined => (event.target as HTMLElement).closest<HTMLElement>('[data-date]')?.dataset['date']

/** Twelve months. The year is one stop of Tab; within it, arrows go from day to day. */
export function Year({ year, days, onDay }: Props) {
  const { t } = useTranslation()
  const frame = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState(today())
  const stop = at.startsWith(`${String(year)}-`) ? at : `${String(year)}-01-01`
  const months = useMemo(() => Array.from({ length: 12 }, (_, index) => `${String(year)}-${String(index + 1).padStart(2, '0')}`), [year])

  return (
    // The buttons within are what one acts on; this only hears them all.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className="year"
      role="group"
      aria-label={t('calendar.grid', { year })}
      aria-describedby="calendar-keys"
      ref={frame}
      onClick={(event) => {
        const date = dateOf(event)
        if (date === undefined) return
        setAt(date)
        onDay(date)
      }}
      onKeyDown={(event) => {
        const from = dateOf(event)
        const to = from === undefined ? undefined : dayFrom(from, event.key, year)
        if (to === undefined) return
        event.preventDefault()
        setAt(to)
        frame.current?.querySelector<HTMLElement>(`[data-date="${to}"]`)?.focus()
      }}
    >
      <p id="calendar-keys" className="sr-only">{t('calendar.hint')}</p>
      {months.map((month) => <Month key={month} month={month} days={days} stop={stop.startsWith(month) ? stop : ''} />)}
    </div>
  )
}
