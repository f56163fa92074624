import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import type { SheetDate } from '../../../api/attendanceTypes'
import { dateWords, weekdayName } from '../../../kit/dateWords'
import { Sign } from '../Sign'
import { STAYS, TOTALS } from './totalColumns'

/** A date as what it is: an ordinary day by its weekday, a holiday and a make-up workday by their word. */
export const dateClass = ({ weekday, kind }: SheetDate): string => (kind === 'holiday' ? 'off holiday' : kind === 'workday' ? 'makeup' : weekday >= 6 ? 'off' : '')

export function SheetHead({ dates, grid }: { dates: readonly SheetDate[]; grid: CSSProperties }) {
  const { t } = useTranslation()
  return (
    <div role="rowgroup" className="sheet-head">
      <div role="row" aria-rowindex={1} className="sheet-row" style={grid}>
        <div role="columnheader" className="sheet-name">{t('people.name')}</div>
        {dates.map((day, index) => (
          <div key={day.date} data-column={index + 1} role="columnheader" className={`sheet-date ${dateClass(day)}`} title={`${dateWords(day.date)}${day.kind === 'ordinary' ? '' : ` · ${t(`sheet.kind.${day.kind}`)}`}`}>
            <strong>{Number(day.date.slice(8))}</strong>
            <span>{day.kind === 'ordinary' ? weekdayName(day.weekday, 'mini') : t(`sheet.kindShort.${day.kind}`)}</span>
          </div>
        ))}
        {TOTALS.map((column) => (
          <div key={column.key} role="columnheader" className={`sheet-total${column.stays ? ' stays' : ''}`} title={column.hint(t)} style={column.stays ? { right: STAYS.get(column.key) } : undefined}>
            {column.sign && <Sign name={column.sign} />}
            <span>{column.title(t)}</span>
          </div>
        ))}
      </div>
    </div>
  )
}
