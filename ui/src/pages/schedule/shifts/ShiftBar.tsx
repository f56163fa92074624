import { clockText } from '../minutes'
import { shiftColor } from '../../../theme/shiftColors'
import type { ShiftRule } from '../../../api/scheduleTypes'
import { midnightsOf, partsOf, place, ticksOf, type Axis } from './bar'

const percent = (value: number): string => `${String(value)}%`

/** A day of a shift, drawn: when it is worked, its breaks, what is let pass, and from when to when punches count. */
export function ShiftBar({ rule, color, axis, label }: { rule: ShiftRule; color: string | null; axis: Axis; label: string }) {
  return (
    <div className={`shift-bar shift-${shiftColor(color)}`} role="img" aria-label={label} title={label}>
      {midnightsOf(axis).map((minute) => <span key={minute} className="bar-midnight" style={{ left: percent(place(axis, minute)) }} />)}
      {partsOf(rule).map(({ what, start, end }) => (
        <span
          key={`${what} ${String(start)}`}
          className={`bar-part bar-${what}`}
          style={{ left: percent(place(axis, start)), width: percent(place(axis, end) - place(axis, start)) }}
        />
      ))}
    </div>
  )
}

/** The hours under, or over, the bars of one axis. */
export function BarHours({ axis, atMost }: { axis: Axis; atMost: number }) {
  return (
    <span className="bar-hours" aria-hidden="true">
      {ticksOf(axis, atMost).map((minute) => (
        <span key={minute} style={{ left: percent(place(axis, minute)) }}>
          {clockText(minute).slice(0, 2)}
        </span>
      ))}
    </span>
  )
}
