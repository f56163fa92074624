import { useTranslation } from 'react-i18next'
import { wholeSheet, type SheetFilter } from '../../../api/attendance'
import type { Sheet, SheetRow } from '../../../api/attendanceTypes'
import { weekdayName } from '../../../kit/dateWords'
import { cellParts } from '../marks'
import { PaperHead, PaperSigned, usePaper, type Printing } from '../paper'
import { Sign } from '../Sign'
import { Legend } from './Legend'
import { dateClass } from './SheetHead'
import { TOTALS } from './totalColumns'

/** The whole month on paper. */
export const usePrintSheet = (filter: SheetFilter, unitName: string | undefined): Printing =>
  usePaper(() => wholeSheet(filter), (sheet, printedAt) => <Paper sheet={sheet} unitName={unitName} printedAt={printedAt} />)

function Paper({ sheet, unitName, printedAt }: { sheet: Sheet; unitName: string | undefined; printedAt: string }) {
  const { t } = useTranslation()
  return (
    <div className="print-sheet paper-month">
      <PaperHead
        title={t('paper.monthTitle', { month: sheet.month })}
        of={unitName}
        printedAt={printedAt}
        state={t(`paper.${sheet.locked ? 'locked' : sheet.provisional ? 'provisional' : 'open'}`)}
      />
      <table>
        <thead>
          <tr>
            <th scope="col" className="paper-name">{t('people.name')}<span>{sheet.month}</span></th>
            {sheet.dates.map((date) => (
              <th key={date.date} scope="col" className={dateClass(date)}>
                {Number(date.date.slice(8))}
                <br />
                {date.kind === 'ordinary' ? weekdayName(date.weekday, 'mini') : t(`sheet.kindShort.${date.kind}`)}
              </th>
            ))}
            {TOTALS.filter(({ key }) => key !== 'lifted').map((column) => <th key={column.key} scope="col" className="paper-total">{column.title(t)}</th>)}
            <th scope="col" className="paper-signature">{t('paper.signature')}</th>
          </tr>
        </thead>
        <tbody>{sheet.items.map((row) => <Line key={row.employeeId} row={row} sheet={sheet} />)}</tbody>
      </table>
      <Legend />
      <PaperSigned />
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
      <td className="paper-signature" aria-label={t('paper.signature')} />
    </tr>
  )
}
