import { memo, type CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import { explain } from '../../../kit'
import { shiftColor } from '../../../theme/shiftColors'
import { weekdayOf } from '../../../kit/dates'
import type { ScheduleProblem, ScheduleRow } from '../../../api/scheduleTypes'
import type { ShiftWords } from '../useWords'
import { cellLabel, cellText, moreText } from './cellText'
import { cellKey, shown, type Edits, type Shown } from './edits'
import { ROW, type Tracks } from './geometry'

export const cellId = (row: number, column: number): string => `cell-${String(row)}-${String(column)}`

interface Props {
  row: ScheduleRow
  index: number
  tracks: Tracks
  long: boolean
  edits: Edits
  problems: ReadonlyMap<string, ScheduleProblem[]>
  words: ShiftWords
  /** The selected columns of this row; none: -1. */
  from: number
  to: number
  onName: (index: number, extend: boolean) => void
}

const NO_PROBLEMS: readonly ScheduleProblem[] = []

/** One person's days. Only rows that change are drawn again. */
export const GridRow = memo(function GridRow({ row, index, tracks, long, edits, problems, words, from, to, onName }: Props) {
  const { t } = useTranslation()
  const style: CSSProperties = { height: ROW, transform: `translateY(${String(index * ROW)}px)`, width: tracks.name + tracks.cell * row.days.length }
  return (
    <div role="row" aria-rowindex={index + 2} className="grid-row" style={style}>
      <div role="rowheader" aria-colindex={1} className="grid-name" style={{ width: tracks.name }} title={row.departmentName === null ? row.name : `${row.name} · ${row.departmentName}`}>
        <button type="button" tabIndex={-1} aria-label={t('grid.selectRow', { name: row.name })} onClick={(event) => onName(index, event.shiftKey)}>
          {row.name}
          {row.departmentName !== null && <span className="muted">{row.departmentName}</span>}
        </button>
      </div>
      {row.days.map((day, column) => {
        const seen = shown(day, edits.get(cellKey(row.employeeId, day.date)))
        const faults = problems.get(cellKey(row.employeeId, day.date)) ?? NO_PROBLEMS
        const label = cellLabel(t, { name: row.name, day, seen, problems: faults.map(explain) }, words)
        return (
          <div
            key={day.date}
            role="gridcell"
            id={cellId(index, column)}
            aria-colindex={column + 2}
            aria-selected={column >= from && column <= to}
            aria-label={label}
            title={label}
            className={classOf(seen, day.date, day.leave !== null, faults.length > 0, words)}
            style={{ width: tracks.cell }}
          >
            <span>{cellText(t, seen, day, words, long)}</span>
            {long && <span className="cell-more">{moreText(t, seen, day, words)}</span>}
          </div>
        )
      })}
    </div>
  )
})

function classOf(seen: Shown, date: string, leave: boolean, problem: boolean, words: ShiftWords): string {
  const color = seen.kind === 'works' ? ` shift-${shiftColor(words.byId.get(seen.shiftId ?? '')?.color ?? null)}` : ''
  return [
    `grid-cell cell-${seen.kind}${color}`,
    weekdayOf(date) > 5 ? 'weekend' : '',
    seen.changed ? 'is-changed' : seen.cell ? 'is-cell' : '',
    leave ? 'has-leave' : '',
    problem ? 'has-problem' : '',
  ].filter(Boolean).join(' ')
}

