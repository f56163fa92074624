import type { TFunction } from 'i18next'
import { memo, type CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import type { SheetDate, SheetDay, SheetRow } from '../../../api/attendanceTypes'
import { cellLabel, cellParts } from '../marks'
import { Sign } from '../Sign'
import { dateClass } from './SheetHead'
import { STAYS, TOTALS, totalTitle } from './totalColumns'

const SHOWN = 2

interface Props {
  row: SheetRow
  index: number
  start: number
  height: number
  dates: readonly SheetDate[]
  grid: CSSProperties
  /** The column that has the keyboard, if this row has it. */
  at: number | undefined
}

/** Somebody's month. */
export const SheetLine = memo(function SheetLine({ row, index, start, height, dates, grid, at }: Props) {
  const { t } = useTranslation()
  const days = new Map(row.days.map((day) => [day.date, day]))
  return (
    <div role="row" aria-rowindex={index + 2} className="sheet-row sheet-line" style={{ ...grid, height, transform: `translateY(${String(start)}px)` }}>
      <div role="rowheader" className="sheet-name" data-place={`${String(index)} 0`} tabIndex={at === 0 ? 0 : -1} title={[row.name, row.departmentName].filter(Boolean).join(' · ')}>
        <strong>{row.name}</strong>
        <span>{row.departmentName}</span>
      </div>
      {dates.map((date, column) => (
        <Cell key={date.date} t={t} date={date} day={days.get(date.date)} place={`${String(index)} ${String(column + 1)}`} focused={at === column + 1} />
      ))}
      {TOTALS.map((column) => (
        <div key={column.key} role="gridcell" className={`sheet-total${column.stays ? ' stays' : ''}`} title={totalTitle(t, column.key, row.totals)} style={column.stays ? { right: STAYS.get(column.key) } : undefined}>
          {column.value(row.totals)}
        </div>
      ))}
    </div>
  )
})

interface CellProps {
  /** Of the line: a thousand cells that each listen for another language are felt when the sheet is scrolled. */
  t: TFunction
  date: SheetDate
  day: SheetDay | undefined
  place: string
  focused: boolean
}

function Cell({ t, date, day, place, focused }: CellProps) {
  const parts = day ? cellParts(t, day) : []
  const label = day ? `${date.date.slice(5)} ${cellLabel(t, day)}` : date.date.slice(5)
  const hidden = parts.length - SHOWN
  return (
    <div role="gridcell" className={`sheet-cell ${dateClass(date)}${day?.provisional ? ' provisional' : ''}`} data-place={place} tabIndex={focused ? 0 : -1} aria-label={label} title={label}>
      {parts.slice(0, hidden > 0 ? SHOWN - 1 : SHOWN).map((part) => (
        <span key={`${part.sign} ${part.text} ${String(part.lifted)}`} className={`cell-mark mark-${part.sign}${part.lifted ? ' lifted' : ''}`}>
          <Sign name={part.sign} />
          {part.text !== '' && <span>{part.text}</span>}
        </span>
      ))}
      {hidden > 0 && <span className="cell-more">+{hidden + 1}</span>}
    </div>
  )
}
