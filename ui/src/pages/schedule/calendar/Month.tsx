import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { today } from '../../../kit'
import { dayOfMonth, weekdayOf, WEEKDAYS, weeksOf } from '../../../kit/dates'
import { weekdayName } from '../../../kit/dateWords'
import type { CalendarDay } from '../../../api/scheduleTypes'
import { monthName } from './names'

interface Props {
  month: string
  days: ReadonlyMap<string, CalendarDay>
  /** The day of the year that Tab leads to. */
  stop: string
}

/** One month; a day that is not what its weekday says has a colour, a mark and its name. */
export const Month = memo(function Month({ month, days, stop }: Props) {
  const { i18n } = useTranslation()
  return (
    <table className="month">
      <caption>{monthName(month, i18n.language)}</caption>
      <thead>
        <tr>
          {WEEKDAYS.map((day) => <th key={day} scope="col" abbr={weekdayName(day, 'long')} className={day > 5 ? 'weekend' : undefined}>{weekdayName(day, 'mini')}</th>)}
        </tr>
      </thead>
      <tbody>
        {weeksOf(month).map((week) => (
          <tr key={week.find((date) => date !== null)}>
            {week.map((date, at) =>
              date === null ? (
                // oxlint-disable-next-line react/no-array-index-key -- an empty place has nothing but its place
                <td key={at} aria-hidden="true" />
              ) : (
                <td key={date}>
                  <DayButton date={date} day={days.get(date)} tabIndex={date === stop ? 0 : -1} />
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
})

function DayButton({ date, day, tabIndex }: { date: string; day: CalendarDay | undefined; tabIndex: number }) {
  const { t } = useTranslation()
  const weekday = weekdayOf(date)
  const kind = day?.kind ?? 'ordinary'
  const what = day ? `${t(`calendar.kind.${day.kind}`)}${t('calendar.colon')}${day.name}` : t('calendar.kind.ordinary')
  return (
    <button
      type="button"
      data-date={date}
      tabIndex={tabIndex}
      className={`day day-${kind}${weekday > 5 ? ' weekend' : ''}${date === today() ? ' day-today' : ''}`}
      aria-label={`${date} ${weekdayName(weekday, 'long')}, ${what}`}
      title={day ? what : undefined}
    >
      {dayOfMonth(date)}
      {day && <span className="day-mark" aria-hidden="true">{t(`calendar.mark.${day.kind}`)}</span>}
    </button>
  )
}
