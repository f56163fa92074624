import type { ReactNode } from 'react'
import type { Sign as Name } from './marks'

/** One shape for each; what counts against somebody is filled or crossed, what does not is an outline. */
const SHAPES: Record<Name, ReactNode> = {
  normal: <path className="stroke" d="M2 6.4l2.7 2.8L10 3.2" />,
  late: <path d="M2.5 1.5L11 6 2.5 10.5z" />,
  earlyLeave: <path d="M9.5 1.5L1 6l8.5 4.5z" />,
  missingIn: <><circle className="stroke thin" cx="6" cy="6" r="4.6" /><path d="M6 1.4a4.6 4.6 0 0 1 0 9.2z" /></>,
  missingOut: <><circle className="stroke thin" cx="6" cy="6" r="4.6" /><path d="M6 1.4a4.6 4.6 0 0 0 0 9.2z" /></>,
  absent: <path className="stroke thick" d="M2.4 2.4l7.2 7.2M9.6 2.4L2.4 9.6" />,
  leave: <rect className="stroke" x="1.8" y="1.8" width="8.4" height="8.4" rx="2" />,
  rest: <path className="stroke" d="M2.5 6h7" />,
  holiday: <path className="stroke" d="M6 1.2L10.8 6 6 10.8 1.2 6z" />,
  unscheduled: <circle className="stroke dotted" cx="6" cy="6" r="4.4" />,
  notEmployed: <path className="stroke thin" d="M9 2L3 10" />,
  pending: <><circle className="stroke thin" cx="6" cy="6" r="4.8" /><path className="stroke thin" d="M6 3.2V6l2 1.4" /></>,
}

/** A mark or a status as a shape in its colour; the words stand beside it. */
export function Sign({ name }: { name: Name }) {
  return (
    <svg className={`sign sign-${name}`} viewBox="0 0 12 12" aria-hidden="true">
      {SHAPES[name]}
    </svg>
  )
}
