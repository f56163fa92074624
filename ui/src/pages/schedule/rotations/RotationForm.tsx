import { Button, Drawer, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem, type ApiProblem } from '../../../api/problem'
import { useAddRotation, useChangeRotation } from '../../../api/schedule'
import { EnterSends, explain, Failure, Field, focusFirst, Panel, today, useNotice } from '../../../kit'
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
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const [tried, setTried] = useState(false)
  const fault = name.trim() === '' ? 'rotation.name_empty' : steps.length === 0 ? 'rotation.steps' : steps.every((step) => step === null) ? 'rotation.only_rest' : undefined
  const code = problem?.code ?? (tried ? fault : undefined)
  const said = code === undefined ? undefined : explain({ code, detail: problem?.detail ?? '' })
  const aboutName = code?.includes('name') === true
  const aboutSteps = code === 'rotation.steps' || code === 'rotation.only_rest' || code === 'rotation.shift_unknown'

  const save = async () => {
    setTried(true)
    setProblem(null)
    if (fault !== undefined) return
    const body = { name: name.trim(), steps }
    try {
      if (rotation) await change.mutateAsync({ id: rotation.id, ...body })
      else await add.mutateAsync(body)
      notice.done(t(rotation ? 'rotations.saved' : 'rotations.added', { name: body.name }))
      onClose()
    } catch (error) {
      setProblem(asProblem(error))
    }
  }

  return (
    <Drawer
      open
      afterOpenChange={focusFirst}
      size={760}
      title={rotation ? t('rotations.editTitle', { name: rotation.name }) : t('rotations.addTitle')}
      onClose={onClose}
      footer={
        <div className="form-foot" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="primary" loading={add.isPending || change.isPending} onClick={() => void save()}>{t(rotation ? 'action.save' : 'action.add')}</Button>
        </div>
      }
    >
      <form className="form" onSubmit={(event) => { event.preventDefault(); void save() }}>
        {problem && !aboutName && !aboutSteps && <Failure title={t('rotations.saveFailed')} error={problem} />}
        <Field label={t('rotations.name')} hint={t('rotations.nameHint')} error={aboutName ? said : undefined}>
          {(given) => <Input {...given} autoComplete="off" value={name} onChange={(event) => { setName(event.target.value); setProblem(null) }} />}
        </Field>
        <StepsField steps={steps} words={words} error={aboutSteps ? said : undefined} onChange={(next) => { setSteps(next); setProblem(null) }} />
        <EnterSends />
      </form>
      <div className="rotation-preview">
        <Panel title={t('rotations.preview')}>
          <Field label={t('rotations.previewFrom')}>{(given) => <DateField {...given} value={anchor} onChange={(date) => setAnchor(date ?? today())} />}</Field>
          {steps.length > 0 && <TwoWeeks steps={steps} anchor={anchor} words={words} />}
        </Panel>
      </div>
    </Drawer>
  )
}
