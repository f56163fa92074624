import { Input } from 'antd'
import { useState } from 'react'
import { clockText, readTime } from './minutes'

interface Props {
  label?: string
  id?: string
  value: string
  onChange: (time: string) => void
  status?: 'error'
  'aria-describedby'?: string
  'aria-invalid'?: boolean
}

/** A time as one types it: `9`, `930` and `9:30` all do; on leaving, it reads as times do. */
export function TimeInput({ label, value, onChange, status, ...rest }: Props) {
  const [typing, setTyping] = useState<string | null>(null)
  const wrong = typing === null && value !== '' && readTime(value) === undefined
  return (
    <Input
      {...rest}
      className="time-input"
      {...(label === undefined ? {} : { 'aria-label': label })}
      inputMode="numeric"
      autoComplete="off"
      placeholder="--:--"
      status={wrong ? 'error' : (status ?? '')}
      value={typing ?? value}
      onChange={(event) => {
        setTyping(event.target.value)
        const minute = readTime(event.target.value)
        // Half a time is not told on, so that a preview beside it does not jump with every key.
        onChange(minute === undefined ? event.target.value : clockText(minute))
      }}
      onBlur={() => setTyping(null)}
    />
  )
}
