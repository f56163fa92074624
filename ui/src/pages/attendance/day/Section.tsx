import type { ReactNode } from 'react'

/** A part of what explains a day. */
export function Section({ title, side, children }: { title: string; side?: ReactNode; children: ReactNode }) {
  return (
    <section className="day-section" aria-label={title}>
      <div className="day-section-head">
        <h3>{title}</h3>
        {side}
      </div>
      {children}
    </section>
  )
}
