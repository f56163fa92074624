import { Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiProblem } from '../../api/problem'
import { useAddMachine, useAdopt, useChangeMachine } from '../../api/queries'
import type { Machine, Stranger } from '../../api/types'
import { explainField, Failure, Field, FormDialog, useNotice, useSubmit } from '../../kit'
import { MachineFields } from './MachineFields'

/** Adding by hand, adopting a stranger, and changing: the same fields. */
export type MachineFormFor = { kind: 'add' } | { kind: 'adopt'; stranger: Stranger } | { kind: 'change'; machine: Machine }

interface Props {
  what: MachineFormFor
  onClose: () => void
}

const FIELDS = ['sn', 'name', 'model', 'timeZone'] as const
type FieldName = (typeof FIELDS)[number]

/** Which field a refusal belongs to, so that it is shown there. */
export function fieldOf(problem: ApiProblem): FieldName | undefined {
  const pointed = FIELDS.find((name) => problem.field(name))
  if (pointed) return pointed
  if (problem.code.startsWith('machine.sn_')) return 'sn'
  if (problem.code.startsWith('machine.name_')) return 'name'
  if (problem.code.startsWith('time_zone.')) return 'timeZone'
  return undefined
}

export function MachineForm({ what, onClose }: Props) {
  const { t } = useTranslation()
  const notice = useNotice()
  const add = useAddMachine()
  const adopt = useAdopt()
  const change = useChangeMachine()
  const before = what.kind === 'change' ? what.machine : undefined
  const [sn, setSn] = useState('')
  const [machine, setMachine] = useState({
    name: before?.name ?? '',
    model: before?.model ?? (what.kind === 'adopt' ? modelOf(what.stranger) : ''),
    timeZone: before?.timeZone ?? '',
  })

  const { submit, busy, problem } = useSubmit(async () => {
    const [name, model, timeZone] = [machine.name.trim(), machine.model.trim(), machine.timeZone.trim()]
    const input = { name, ...(model === '' ? {} : { model }), ...(timeZone === '' ? {} : { timeZone }) }
    if (what.kind === 'add') {
      await add.mutateAsync({ sn: sn.trim(), ...input })
      notice.done(t('machines.added', { name: input.name }))
    } else if (what.kind === 'adopt') {
      await adopt.mutateAsync({ sn: what.stranger.sn, ...input })
      notice.done(t('machines.adopted', { name: input.name }))
    } else {
      await change.mutateAsync({ sn: what.machine.sn, ...input, model: model === '' ? null : model })
      notice.done(t('machines.renamed'))
    }
    onClose()
  })
  const at = problem ? fieldOf(problem) : undefined
  const errorOf = (field: FieldName) => explainField(problem, at, field)

  const title = what.kind === 'add' ? t('machines.addTitle') : what.kind === 'adopt' ? t('machines.adoptTitle', { sn: what.stranger.sn }) : t('machines.rename')
  const failed = what.kind === 'change' ? t('kit.saveFailed') : t('machines.addFailed')

  return (
    <FormDialog title={title} action={t(what.kind === 'change' ? 'action.save' : 'action.add')} busy={busy} onSend={submit} onClose={onClose}>
      {problem && !at && <Failure title={failed} error={problem} />}
      {what.kind === 'add' && (
        <Field label={t('machines.sn')} hint={t('machines.snHint')} error={errorOf('sn')}>
          {(given) => <Input {...given} className="mono" autoComplete="off" spellCheck={false} value={sn} onChange={(event) => setSn(event.target.value)} />}
        </Field>
      )}
      <MachineFields machine={machine} onChange={setMachine} errorOf={errorOf} />
    </FormDialog>
  )
}

/** What a stranger says it is, under the names machines use. */
export function modelOf(stranger: Stranger): string {
  for (const key of ['DeviceName', 'deviceName', 'model', 'Model']) {
    const value = stranger.info[key]
    if (value) return value
  }
  return ''
}
