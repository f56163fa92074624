import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAdopt } from '../../api/queries'
import type { Machine, Stranger } from '../../api/types'
import { explainField, Failure, Field, useSubmit } from '../../kit'
import { fieldOf, modelOf } from '../machines/MachineForm'

export function NameIt({ stranger, onNamed, onBack }: { stranger: Stranger; onNamed: (machine: Machine) => void; onBack: () => void }) {
  const { t } = useTranslation()
  const adopt = useAdopt()
  const [name, setName] = useState('')
  const [model, setModel] = useState(modelOf(stranger))

  const { submit, busy, problem } = useSubmit(async () => {
    onNamed(await adopt.mutateAsync({ sn: stranger.sn, name: name.trim(), ...(model.trim() === '' ? {} : { model: model.trim() }) }))
  })
  const at = problem ? fieldOf(problem) : undefined

  return (
    <form className="wizard-step" onSubmit={(event) => { event.preventDefault(); submit() }}>
      <h2>{t('wizard.nameTitle', { sn: stranger.sn })}</h2>
      {problem && at !== 'name' && at !== 'model' && <Failure title={t('machines.addFailed')} error={problem} />}
      <Field label={t('machines.name')} hint={t('machines.nameHint')} error={explainField(problem, at, 'name')}>
        {(given) => <Input {...given} autoFocus autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Field label={t('machines.model')} hint={t('machines.modelHint')} error={explainField(problem, at, 'model')}>
        {(given) => <Input {...given} autoComplete="off" value={model} onChange={(event) => setModel(event.target.value)} />}
      </Field>
      <div className="form-foot">
        <Button onClick={onBack}>{t('action.back')}</Button>
        <Button type="primary" htmlType="submit" loading={busy}>{t('wizard.nameSubmit')}</Button>
      </div>
    </form>
  )
}
