import { useId, type ReactNode } from 'react'

interface Given {
  id: string
  'aria-describedby'?: string
  'aria-invalid'?: boolean
  status?: 'error'
}

/** A labelled input with its hint and, in its place, what is wrong with it. */
export function Field({ label, hint, error, children }: { label: string; hint?: string; error?: string | undefined; children: (given: Given) => ReactNode }) {
  const id = useId()
  const note = error ?? hint
  return (
    <div className="form-field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        ...(note ? { 'aria-describedby': `${id}-note` } : {}),
        ...(error ? { 'aria-invalid': true, status: 'error' as const } : {}),
      })}
      {note && (
        <p id={`${id}-note`} className={error ? 'field-error' : 'field-hint'} {...(error ? { role: 'alert' } : {})}>
          {note}
        </p>
      )}
    </div>
  )
}
