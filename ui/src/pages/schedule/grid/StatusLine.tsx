import { useTranslation } from 'react-i18next'
import { said } from '../../../words/said'
import { dateWords } from '../../../kit/dateWords'
import type { ScheduleRow } from '../../../api/scheduleTypes'
import type { ShiftWords } from '../useWords'
import { whatText } from './cellText'
import { cellKey, shown, type Edits } from './edits'
import { cellsIn, rectOf, type Range } from './selection'

/** The cell one is at, in full, and how much is selected. */
export function StatusLine({ rows, range, edits, words }: { rows: readonly ScheduleRow[]; range: Range; edits: Edits; words: ShiftWords }) {
  const { t } = useTranslation()
  const person = rows[range.anchor.row]
  const day = person?.days[range.anchor.column]
  if (!person || !day) return null
  const seen = shown(day, edits.get(cellKey(person.employeeId, day.date)))
  const rect = rectOf(range)
  return (
    <div className="grid-status">
      <span>
        <strong>{person.name}</strong> {dateWords(day.date)} · {whatText(t, seen, day, words)}
        {seen.changed ? ` · ${t('grid.isChanged')}` : seen.cell ? ` · ${t('grid.byHand')}` : ''}
        {day.leave !== null && ` · ${said(`leaves.kind.${day.leave}`) ?? day.leave}`}
      </span>
      {cellsIn(rect) > 1 && (
        <span className="muted" aria-live="polite">
          {t('grid.selection', { people: t('kit.people', { count: rect.bottom - rect.top + 1 }), days: t('kit.days', { count: rect.right - rect.left + 1 }) })}
        </span>
      )}
      <ul className="grid-legend" aria-hidden="true">
        {(['byHand', 'changed', 'leave', 'problem'] as const).map((mark) => (
          <li key={mark}><span className={`mark-sample mark-${mark}`} /> {t(`grid.legend.${mark}`)}</li>
        ))}
      </ul>
    </div>
  )
}
