import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSummary, type UnitFilter } from '../../../api/attendance'
import { number, Panel, useWidth } from '../../../kit'
import { firstOf, lastOf } from '../../../kit/dates'
import { scaleTop } from '../../overview/scaleTop'
import { dateWords } from '../../../kit/dateWords'
import { signOf } from '../marks'
import { Sign } from '../Sign'
import { heightOf, STACKED, stackOf } from './stack'

const HEIGHT = 150
const LEFT = 40
const BOTTOM = 20
const TOP = 8

/** The month as one column a day, and the same as a table. Kinds differ by hatching as well as by colour. */
export function MonthChart({ month, unit }: { month: string; unit: UnitFilter }) {
  const { t } = useTranslation()
  const summary = useSummary({ from: firstOf(month), to: lastOf(month), ...unit })
  const [asTable, setAsTable] = useState(false)
  const frame = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const days = summary.data ?? []
  const top = scaleTop(Math.max(0, ...days.map(heightOf)))
  const step = (width - LEFT) / Math.max(1, days.length)
  const y = (count: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - count / top)
  const label = t('sheet.chartLabel', { month })
  return (
    <Panel
      title={label}
      side={<button type="button" className="link-button" onClick={() => setAsTable(!asTable)}>{asTable ? t('overview.chartHide') : t('overview.chartTable')}</button>}
    >
      <div ref={frame}>
        {asTable ? (
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard
          <div className="chart-table" tabIndex={0} role="region" aria-label={label}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('attendance.date')}</th>
                  {STACKED.map((name) => <th key={name} scope="col">{t(`attendance.status.${name}`)}</th>)}
                </tr>
              </thead>
              <tbody>
                {days.map((day) => (
                  <tr key={day.date}>
                    <th scope="row">{dateWords(day.date)}</th>
                    {STACKED.map((name) => <td key={name}>{number(day[name])}</td>)}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        ) : (
          <svg className="chart" viewBox={`0 0 ${String(width)} ${String(HEIGHT)}`} style={{ height: HEIGHT }} role="img" aria-label={label}>
            <Hatchings />
            {[0, top / 2, top].map((count) => (
              <g key={count}>
                <line className="grid" x1={LEFT} x2={width} y1={y(count)} y2={y(count)} />
                <text x={LEFT - 6} y={y(count) + 4} textAnchor="end">{number(count)}</text>
              </g>
            ))}
            {days.map((day, index) => (
              <g key={day.date}>
                {stackOf(day).map(({ name, from, to }) => (
                  <g key={name}>
                    <rect className={`stack stack-${name}`} x={LEFT + index * step + 2} width={Math.max(1, step - 4)} y={y(to)} height={y(from) - y(to)}>
                      <title>{`${dateWords(day.date)} ${t(`attendance.status.${name}`)}: ${number(day[name])}`}</title>
                    </rect>
                    <rect className={`hatch hatch-${name}`} x={LEFT + index * step + 2} width={Math.max(1, step - 4)} y={y(to)} height={y(from) - y(to)} />
                  </g>
                ))}
                <text x={LEFT + (index + 0.5) * step} y={HEIGHT - 5} textAnchor="middle">{Number(day.date.slice(8))}</text>
              </g>
            ))}
          </svg>
        )}
      </div>
      <ul className="sheet-legend">
        {STACKED.map((name) => (
          <li key={name}>
            <svg className="stack-swatch" viewBox="0 0 12 12" aria-hidden="true"><rect className={`stack stack-${name}`} width="12" height="12" /><rect className={`hatch hatch-${name}`} width="12" height="12" /></svg>
            <Sign name={signOf(name)} /> {t(`attendance.status.${name}`)}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Hatchings() {
  return (
    <defs>
      <pattern id="hatch-one" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0v5" /></pattern>
      <pattern id="hatch-other" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><path d="M0 0v5" /></pattern>
      <pattern id="hatch-dots" width="5" height="5" patternUnits="userSpaceOnUse"><circle cx="2.5" cy="2.5" r="1" /></pattern>
      <pattern id="hatch-cross" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0v5M0 0h5" /></pattern>
    </defs>
  )
}
