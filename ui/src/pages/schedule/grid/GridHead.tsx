import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { today } from '../../../kit'
import { dayOfMonth, weekdayOf } from '../../../kit/dates'
import { weekdayName } from '../../../kit/dateWords'
import type { CalendarDay } from '../../../api/scheduleTypes'
import { HEAD, type Tracks } from './geometry'

interface Props {
  dates: readonly string[]
  calendar: ReadonlyMap<string, CalendarDay>
  tracks: Tracks
  long: boolean
  onDay: (column: number, extend: boolean) => void
}

/** The dates, with what the calendar says of them. */
export const GridHead = memo(function GridHead({ dates, calendar, tracks, long, onDay }: Props) {
  const { t } = useTranslation()
  return (
    <div role="rowgroup" className="grid-head" style={{ height: HEAD, width: tracks.name + tracks.cell * dates.length }}>
      <div role="row" aria-rowindex={1} className="grid-head-row">
        <div role="columnheader" aria-colindex={1} className="grid-name" style={{ width: tracks.name }}>{t('people.name')}</div>
        {dates.map((date, column) => {
          const special = calendar.get(date)
          const weekday = weekdayOf(date)
          const name = special ? `${date}${t('picker.and')}${t(`calendar.kind.${special.kind}`)} ${special.name}` : date
          return (
            <div
              key={date}
              role="columnheader"
              aria-colindex={column + 2}
              className={`grid-date${weekday > 5 ? ' weekend' : ''}${date === today() ? ' is-today' : ''}${special ? ` is-${special.kind}` : ''}`}
              style={{ width: tracks.cell }}
              title={name}
            >
              <button type="button" tabIndex={-1} aria-label={t('grid.selectColumn', { date: name })} onClick={(event) => onDay(column, event.shiftKey)}>
                <span>{long ? date.slice(5) : dayOfMonth(date)}</span>
                <span className="grid-weekday">
                  {special && !long ? t(`calendar.mark.${special.kind}`) : weekdayName(weekday, long ? 'short' : 'mini')}
                  {special && long && ` · ${t(`calendar.mark.${special.kind}`)}`}
                </span>
              </button>
            </div>
          )
        })}
      </div>
    </div>
  )
})
