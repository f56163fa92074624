import { useEffect, useState, type ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { wholeSheet, type SheetFilter } from '../../../api/attendance'
import type { Sheet, SheetRow } from '../../../api/attendanceTypes'
import { localTime, useNotice } from '../../../kit'
import { weekdayName } from '../../../kit/dateWords'
import { cellParts } from '../marks'
import { Sign } from '../Sign'
import { Legend } from './Legend'
import { dateClass } from './SheetHead'
import { TOTALS } from './totalColumns'

/** The whole month on paper: it is fetched to its end first, since paper does not scroll. */
export function usePrintSheet(filter: SheetFilter, unitName: string | undefined): { busy: boolean; start: () => void; paper: ReactNode } {
  const { t } = useTranslation()
  const notice = useNotice()
  const [sheet, setSheet] = useState<(Sheet & { printedAt: string }) | null>(null)
  const [busy, setBusy] = useState(false)

  useEffect(() => {
    if (!sheet) return undefined
    const done = () => setSheet(null)
    globalThis.addEventListener('afterprint', done)
    // Two frames: the table has to be laid out before it is asked for.
    const frame = requestAnimationFrame(() => requestAnimationFrame(() => globalThis.print()))
    return () => {
      cancelAnimationFrame(frame)
      globalThis.removeEventListener('afterprint', done)
    }
  }, [sheet])

  const start = () => {
    setBusy(true)
    wholeSheet(filter)
      .then((whole) => setSheet({ ...whole, printedAt: new Date().toISOString() }), (error: unknown) => notice.failed(t('sheet.printFailed'), error))
      .finally(() => setBusy(false))
  }
  return { busy, start, paper: sheet && createPortal(<Paper sheet={sheet} unitName={unitName} />, document.body) }
}

function Paper({ sheet, unitName }: { sheet: Sheet & { printedAt: string }; unitName: string | undefined }) {
  const { t } = useTranslation()
  return (
    <div className="print-sheet">
      <h1>{t('sheet.paperTitle', { month: sheet.month })}{unitName !== undefined && ` · ${unitName}`}</h1>
      <p>
        {t('sheet.printedAt', { time: localTime(sheet.printedAt).slice(0, 16) })}
        {' · '}
        {t(sheet.locked ? 'sheet.paperLocked' : sheet.provisional ? 'sheet.paperProvisional' : 'sheet.paperOpen')}
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col" className="paper-name">{t('people.colName')}<span>{sheet.month}</span></th>
            {sheet.dates.map((date) => (
              <th key={date.date} scope="col" className={dateClass(date)}>
                {Number(date.date.slice(8))}
                <br />
                {date.kind === 'ordinary' ? weekdayName(date.weekday, 'mini') : t(`sheet.kindShort.${date.kind}`)}
              </th>
            ))}
            {TOTALS.filter(({ key }) => key !== 'lifted').map((column) => <th key={column.key} scope="col" className="paper-total">{column.title(t)}</th>)}
            <th scope="col" className="paper-signature">{t('sheet.signature')}</th>
          </tr>
        </thead>
        <tbody>{sheet.items.map((row) => <Line key={row.employeeId} row={row} sheet={sheet} />)}</tbody>
      </table>
      <Legend />
      <p className="paper-signed">
        <span>{t('sheet.preparedBy')}</span>
        <span>{t('sheet.checkedBy')}</span>
        <span>{t('sheet.signedOn')}</span>
      </p>
    </div>
  )
}

function Line({ row, sheet }: { row: SheetRow; sheet: Sheet }) {
  const { t } = useTranslation()
  const days = new Map(row.days.map((day) => [day.date, day]))
  return (
    <tr>
      <th scope="row" className="paper-name">{row.name}<span>{row.departmentName}</span></th>
      {sheet.dates.map((date) => {
        const day = days.get(date.date)
        return (
          <td key={date.date} className={dateClass(date)}>
            {day && cellParts(t, day).map((part) => (
              <span key={`${part.sign} ${part.text} ${String(part.lifted)}`} className={part.lifted ? 'cell-mark lifted' : 'cell-mark'}>
                <Sign name={part.sign} />
                {part.lifted ? <s>{part.text}</s> : part.text}
              </span>
            ))}
          </td>
        )
      })}
      {TOTALS.filter(({ key }) => key !== 'lifted').map((column) => <td key={column.key} className="paper-total">{column.value(row.totals)}</td>)}
      <td className="paper-signature" aria-label={t('sheet.signature')} />
    </tr>
  )
}
