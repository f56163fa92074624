import { TeamOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useId, useState } from 'react'
import { TargetName, useOrg, type Target } from '../../kit/org'
import { TargetPicker } from './TargetPicker'

interface Props {
  label: string
  choose: string
  nobody: string
  peopleOnly?: boolean
  value: readonly Target[]
  count: (targets: readonly Target[]) => string
  error?: string | undefined
  onChange: (targets: readonly Target[]) => void
}

const SHOWN = 8

/** Who is meant, in a form: the first few of them, and the dialog that chooses. */
export function ChosenField({ label, choose, value, error, onChange, ...picker }: Props) {
  const id = useId()
  const { org } = useOrg()
  const [picking, setPicking] = useState(false)
  return (
    <div className="form-field" role="group" aria-labelledby={id}>
      <div className="panel-head chosen-head">
        <strong id={id}>{label}</strong>
        <Button size="small" icon={<TeamOutlined aria-hidden="true" />} onClick={() => setPicking(true)}>{choose}</Button>
      </div>
      {value.length === 0 ? (
        <p className={error ? 'field-error' : 'muted'} {...(error ? { role: 'alert' } : {})}>{error ?? picker.nobody}</p>
      ) : (
        <p className="chosen-line">
          {value.slice(0, SHOWN).map((target) => <TargetName key={`${target.kind}:${target.id}`} target={target} org={org} />)}
          {value.length > SHOWN && <span className="muted">… {picker.count(value)}</span>}
        </p>
      )}
      {picking && <TargetPicker title={choose} value={value} onOk={onChange} onClose={() => setPicking(false)} {...picker} />}
    </div>
  )
}
