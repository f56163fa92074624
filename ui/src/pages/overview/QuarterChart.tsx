import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { number, useWidth } from '../../kit'
import { scaleTop } from './scaleTop'

const TALL = 190
const LEFT = 34
const BOTTOM = 22
const TOP = 8

const quarterName = (index: number): string =>
  `${String(Math.floor(index / 4)).padStart(2, '0')}:${String((index % 4) * 15).padStart(2, '0')}`

/** One bar per quarter hour of the day, and the same as a table for whoever cannot see bars. */
export function QuarterChart({ counts, date, nowIndex, height = TALL }: { counts: readonly number[]; date: string; nowIndex: number | undefined; height?: number }) {
  const { t } = useTranslation()
  const [asTable, setAsTable] = useState(false)
  const frame = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const top = scaleTop(Math.max(0, ...counts))
  const x = (index: number) => LEFT + (index * (width - LEFT)) / 96
  const y = (count: number) => TOP + (height - TOP - BOTTOM) * (1 - count / top)
  const label = t('overview.perQuarter', { date })

  return (
    <div ref={frame}>
      {asTable ? (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard
        <div className="chart-table" style={{ maxHeight: height }} tabIndex={0} role="region" aria-label={label}>
          <p className="field-hint">{t('overview.chartHint')}</p>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('overview.quarter')}</th>
                <th scope="col">{t('overview.count')}</th>
              </tr>
            </thead>
            <tbody>
              {counts.map((count, index) =>
                count === 0 ? null : (
                  <tr key={quarterName(index)}>
                    <td>{quarterName(index)}</td>
                    <td>{number(count)}</td>
                  </tr>
                ),
              )}
            </tbody>
          </table>
        </div>
      ) : (
        <svg className="chart" viewBox={`0 0 ${String(width)} ${String(height)}`} style={{ height }} role="img" aria-label={label}>
          {[0, top / 2, top].map((count) => (
            <g key={count}>
              <line className="grid" x1={LEFT} x2={width} y1={y(count)} y2={y(count)} />
              <text x={LEFT - 6} y={y(count) + 4} textAnchor="end">{number(count)}</text>
            </g>
          ))}
          {[0, 3, 6, 9, 12, 15, 18, 21].map((hour) => (
            <text key={hour} x={x(hour * 4)} y={height - 5}>{quarterName(hour * 4)}</text>
          ))}
          {counts.map((count, index) =>
            count === 0 ? null : (
              <rect key={quarterName(index)} className="bar" x={x(index) + 1} width={(width - LEFT) / 96 - 2} y={y(count)} height={y(0) - y(count)}>
                <title>{`${quarterName(index)}: ${number(count)}`}</title>
              </rect>
            ),
          )}
          {nowIndex !== undefined && <line className="now" x1={x(nowIndex + 1)} x2={x(nowIndex + 1)} y1={TOP} y2={y(0)} />}
        </svg>
      )}
      <button type="button" className="link-button" onClick={() => setAsTable(!asTable)}>
        {asTable ? t('overview.chartHide') : t('overview.chartTable')}
      </button>
    </div>
  )
}
