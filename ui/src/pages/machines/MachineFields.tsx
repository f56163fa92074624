import { AutoComplete, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Field, named } from '../../kit'
import { zoneOptions } from '../../kit/zones'

/** What is typed of a machine. */
export interface MachineText {
  name: string
  model: string
  timeZone: string
}

interface Props {
  machine: MachineText
  onChange: (machine: MachineText) => void
  errorOf: (field: keyof MachineText) => string | undefined
}

/** What a machine is called, what it is and where it hangs, wherever that is typed. */
export function MachineFields({ machine, onChange, errorOf }: Props) {
  const { t } = useTranslation()
  const [zone] = useState(machine.timeZone)
  const { name, model, timeZone } = machine
  return (
    <>
      <Field label={t('machines.name')} hint={t('machines.nameHint')} error={errorOf('name')}>
        {(given) => <Input {...given} autoComplete="off" value={name} onChange={(event) => onChange({ ...machine, name: event.target.value })} />}
      </Field>
      <div className="form-row">
        <Field label={t('machines.model')} hint={t('machines.modelHint')} error={errorOf('model')}>
          {(given) => <Input {...given} autoComplete="off" value={model} onChange={(event) => onChange({ ...machine, model: event.target.value })} />}
        </Field>
        <Field label={t('machines.zone')} hint={t('machines.zoneHint')} error={errorOf('timeZone')}>
          {/* While nothing is typed all of them are offered, not the one that it has. */}
          {(given) => <AutoComplete {...given} popupRender={named(t('machines.zone'))} value={timeZone} onChange={(next: string) => onChange({ ...machine, timeZone: next })} options={zoneOptions(timeZone === zone ? '' : timeZone)} />}
        </Field>
      </div>
    </>
  )
}
