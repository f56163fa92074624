import { Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAddRotation, useChangeRotation } from '../../../api/schedule'
import { explain, Failure, Field, focusFirst, FormDrawer, Panel, SendForm, today, useNotice, useSubmit } from '../../../kit'
import { DateField } from '../../people/DateField'
import type { Rotation } from '../../../api/scheduleTypes'
import { useShiftWords } from '../useWords'
import { StepsField } from './StepsField'
import { TwoWeeks } from './TwoWeeks'

/** A cycle, with what it makes of the next two weeks. */
export function RotationForm({ rotation, onClose }: { rotation: Rotation | null; onClose: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const words = useShiftWords()
  const add = useAddRotation()
  const change = useChangeRotation()
  const [name, setName] = useState(rotation?.name ?? '')
  const [steps, setSteps] = useState<(string | null)[]>(rotation?.steps ?? [])
  const [anchor, setAnchor] = useState(today())
  const fault = name.trim() === '' ? 'rotation.name_empty' : steps.length === 0 ? 'rotation.steps' : steps.every((step) => step === null) ? 'rotation.only_rest' : undefined
  const { submit, busy, problem, tried, clear } = useSubmit(async () => {
    const body = { name: name.trim(), steps }
    if (rotation) await change.mutateAsync({ id: rotation.id, ...body })
    else await add.mutateAsync(body)
    notice.done(t(rotation ? 'rotations.saved' : 'shifts.added', { name: body.name }))
    onClose()
  }, fault === undefined)
  const code = problem?.code ?? (tried ? fault : undefined)
  const said = code === undefined ? undefined : explain({ code, detail: problem?.detail ?? '' })
  const aboutName = code?.includes('name') === true
  const aboutSteps = code === 'rotation.steps' || code === 'rotation.only_rest' || code === 'rotation.shift_unknown'

  return (
    <FormDrawer
      afterOpenChange={focusFirst}
      size={760}
      title={rotation ? t('rotations.editTitle', { name: rotation.name }) : t('rotations.addTitle')}
      action={t(rotation ? 'action.save' : 'action.add')}
      busy={busy}
      onSend={submit}
      onClose={onClose}
    >
      <SendForm onSend={submit}>
        {problem && !aboutName && !aboutSteps && <Failure title={t('rotations.saveFailed')} error={problem} />}
        <Field label={t('rotations.name')} hint={t('rotations.nameHint')} error={aboutName ? said : undefined}>
          {(given) => <Input {...given} autoComplete="off" value={name} onChange={(event) => { setName(event.target.value); clear() }} />}
        </Field>
        <StepsField steps={steps} words={words} error={aboutSteps ? said : undefined} onChange={(next) => { setSteps(next); clear() }} />
      </SendForm>
      <div className="rotation-preview">
        <Panel title={t('rotations.preview')}>
          <Field label={t('rotations.previewFrom')}>{(given) => <DateField {...given} value={anchor} onChange={(date) => setAnchor(date ?? today())} />}</Field>
          {steps.length > 0 && <TwoWeeks steps={steps} anchor={anchor} words={words} />}
        </Panel>
      </div>
    </FormDrawer>
  )
}
