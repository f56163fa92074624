import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { DayDetail, DayFact } from '../../../api/attendanceTypes'
import { useWidth } from '../../../kit'
import { clockOf, timelineOf } from './timeline'

const SIDE = 14
const TALL = 22
const LANE = 15
const LABEL = 28

const kindOf = (fact: DayFact): 'used' | 'corrected' | 'unused' => (fact.use === null ? 'unused' : fact.source === 'correction' ? 'corrected' : 'used')

/** The day as it went: the shift as bars, breaks and leave hatched, each punch where it was made. The table below says the same. */
export function TimelineChart({ detail }: { detail: DayDetail }) {
  const { t } = useTranslation()
  const frame = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const line = timelineOf(detail, width)
  const x = (minute: number) => SIDE + ((minute - line.from) / (line.to - line.from)) * (width - SIDE * 2)
  // No more room above than the labels need.
  const top = LABEL + LANE * Math.max(0, ...line.marks.map(({ lane }) => lane))
  const height = top + TALL + 28
  const bar = (name: string, { from, to }: { from: number; to: number }) => (
    <rect key={`${name} ${String(from)}`} className={`tl-${name}`} x={x(from)} width={Math.max(1, x(to) - x(from))} y={top} height={TALL} rx={2}>
      <title>{`${t(`attendance.timeline.${name as 'segment'}`)} ${clockOf(from)}–${clockOf(to)}`}</title>
    </rect>
  )
  return (
    <div ref={frame} className="timeline">
      <svg viewBox={`0 0 ${String(width)} ${String(height)}`} style={{ height, width: '100%' }} role="img" aria-label={t('attendance.timeline.label', { from: clockOf(line.from), to: clockOf(line.to) })}>
        <defs>
          <pattern id="tl-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <path d="M0 0v6" className="tl-hatch-line" />
          </pattern>
        </defs>
        <rect className="tl-window" x={SIDE} width={width - SIDE * 2} y={top + TALL / 2 - 1} height={2} />
        {line.hours.map((minute) => (
          <g key={minute}>
            <line className="tl-hour" x1={x(minute)} x2={x(minute)} y1={top - 4} y2={top + TALL + 4} />
            <text className="tl-hour-text" x={x(minute)} y={height - 6} textAnchor="middle">{clockOf(minute)}</text>
          </g>
        ))}
        {line.segments.map((span) => bar('segment', span))}
        {line.breaks.map((span) => bar('break', span))}
        {line.leave.map((span) => bar('leave', span))}
        {line.marks.map(({ fact, minute, lane }) => {
          const kind = kindOf(fact)
          const at = x(minute)
          const label = top - 8 - lane * LANE
          return (
            <g key={`${fact.source} ${String(fact.id)}`} className={`tl-fact tl-${kind}`}>
              <title>{`${clockOf(minute)} ${t(`attendance.fact.${kind}`)}`}</title>
              <line x1={at} x2={at} y1={label + 2} y2={top + TALL / 2} />
              {kind === 'corrected' ? <path d={`M${String(at)} ${String(top + 4)}l6 7-6 7-6-7z`} /> : <circle cx={at} cy={top + TALL / 2} r={kind === 'used' ? 5 : 3.5} />}
              <text x={at} y={label} textAnchor={minute - line.from < 40 ? 'start' : line.to - minute < 40 ? 'end' : 'middle'}>{clockOf(minute)}</text>
            </g>
          )
        })}
      </svg>
      <ul className="tl-legend" aria-label={t('attendance.legend')}>
        {(['segment', 'break', 'leave', 'used', 'corrected', 'unused'] as const).map((name) => (
          <li key={name}><Swatch name={name} /> {name === 'segment' || name === 'break' || name === 'leave' ? t(`attendance.timeline.${name}`) : t(`attendance.fact.${name}`)}</li>
        ))}
      </ul>
    </div>
  )
}

function Swatch({ name }: { name: 'segment' | 'break' | 'leave' | 'used' | 'corrected' | 'unused' }) {
  return (
    <svg viewBox="0 0 14 12" aria-hidden="true">
      {name === 'segment' || name === 'break' || name === 'leave' ? (
        <rect className={`tl-${name}`} x="1" y="1" width="12" height="10" rx="2" />
      ) : (
        <g className={`tl-fact tl-${name}`}>{name === 'corrected' ? <path d="M7 0l6 6-6 6-6-6z" /> : <circle cx="7" cy="6" r={name === 'used' ? 5 : 3.5} />}</g>
      )}
    </svg>
  )
}
