import { useTranslation } from 'react-i18next'
import type { Day } from '../../../api/attendanceTypes'
import { today } from '../../../kit'
import { WEEKDAYS, weekdayOf, weeksOf } from '../../../kit/dates'
import { dateWords, weekdayName } from '../../../kit/dateWords'
import { cellLabel, cellParts } from '../marks'
import { Sign } from '../Sign'

interface Props {
  month: string
  days: readonly Day[]
  onOpen: (date: string) => void
}

/** A month as a calendar, each day a button that says what it was. */
export function PersonMonth({ month, days, onOpen }: Props) {
  const { t } = useTranslation()
  const byDate = new Map(days.map((day) => [day.date, day]))
  const weeks = weeksOf(month)
  return (
    <table className="month-grid">
      <caption className="sr-only">{t('sheet.label', { month })}</caption>
      <thead>
        <tr>{WEEKDAYS.map((day) => <th key={day} scope="col">{weekdayName(day)}</th>)}</tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week.find((date) => date !== null)}>
            {week.map((date, index) => {
              const key = date ?? `empty ${String(index)}`
              const day = date === null ? undefined : byDate.get(date)
              if (date === null) return <td key={key}>{' '}</td>
              return (
                <td key={key}>
                  {day ? <DayButton day={day} onOpen={onOpen} /> : <span className={`month-day${weekdayOf(date) >= 6 ? ' off' : ''}`}>{Number(date.slice(8))}</span>}
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function DayButton({ day, onOpen }: { day: Day; onOpen: (date: string) => void }) {
  const { t } = useTranslation()
  const parts = cellParts(t, day).slice(0, 2)
  const quiet = day.status === 'rest' || day.status === 'holiday' || day.status === 'unscheduled'
  return (
    <button
      type="button"
      className={`month-day${quiet ? ' off' : ''}${day.date === today() ? ' today' : ''}${day.provisional ? ' provisional' : ''}`}
      aria-label={`${dateWords(day.date)}: ${cellLabel(t, day)}`}
      title={cellLabel(t, day)}
      onClick={() => onOpen(day.date)}
    >
      <strong>{Number(day.date.slice(8))}</strong>
      {parts.map((part) => (
        <span key={`${part.sign} ${part.text} ${String(part.lifted)}`} className={`cell-mark mark-${part.sign}${part.lifted ? ' lifted' : ''}`}>
          <Sign name={part.sign} /> {part.text}
        </span>
      ))}
    </button>
  )
}
