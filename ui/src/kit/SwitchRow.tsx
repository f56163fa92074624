import { Switch } from 'antd'
import { useId } from 'react'

interface Props {
  label: string
  hint: string
  checked: boolean
  busy?: boolean
  onChange: (checked: boolean) => void
}

/** A switch with what it is called beside it, and what it does below. */
export function SwitchRow({ label, hint, checked, busy = false, onChange }: Props) {
  const id = useId()
  return (
    <div className="form-field">
      <div className="switch-row">
        <Switch checked={checked} loading={busy} aria-labelledby={id} aria-describedby={`${id}-hint`} onChange={onChange} />
        <strong id={id}>{label}</strong>
      </div>
      <p id={`${id}-hint`} className="field-hint">{hint}</p>
    </div>
  )
}
