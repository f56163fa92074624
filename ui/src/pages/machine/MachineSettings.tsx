import { AutoComplete, Button, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useChangeMachine } from '../../api/queries'
import type { Machine, TextEncoding } from '../../api/types'
import { explain, Failure, Field, named, Panel, SwitchRow, useNotice, useSubmit } from '../../kit'
import { zoneOptions } from '../../kit/zones'
import { DeleteMachine } from '../machines/DeleteMachine'
import { fieldOf } from '../machines/MachineForm'

/** What an encoding is called where it is chosen; the names are the same in every language. */
const ENCODINGS = { utf8: 'UTF-8', gb18030: 'GB18030 (GBK)' } as const

export function MachineSettings({ machine }: { machine: Machine }) {
  return (
    <div className="tab-body">
      <div className="grid-2">
        <About key={machine.sn} machine={machine} />
        <Use machine={machine} />
      </div>
    </div>
  )
}

function About({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const change = useChangeMachine()
  const [name, setName] = useState(machine.name)
  const [model, setModel] = useState(machine.model ?? '')
  const [timeZone, setTimeZone] = useState(machine.timeZone)
  const [encoding, setEncoding] = useState<TextEncoding>(machine.encoding)
  const changed = name.trim() !== machine.name || model.trim() !== (machine.model ?? '') || timeZone.trim() !== machine.timeZone || encoding !== machine.encoding

  const { submit, busy, problem } = useSubmit(async () => {
    await change.mutateAsync({ sn: machine.sn, name: name.trim(), model: model.trim() === '' ? null : model.trim(), timeZone: timeZone.trim(), encoding })
    notice.done(t('machineSettings.saved', { name: name.trim() }))
  })
  const at = problem ? fieldOf(problem) : undefined
  const errorOf = (field: NonNullable<typeof at>) => (problem && at === field ? explain(problem.field(field) ?? problem) : undefined)
  const seen = machine.seenEncoding === null ? t('machineSettings.encodingUnseen') : t('machineSettings.encodingSeen', { seen: ENCODINGS[machine.seenEncoding] })

  return (
    <Panel title={t('machineSettings.about')}>
      <form className="form" onSubmit={(event) => { event.preventDefault(); submit() }}>
        {problem && !at && <Failure title={t('machineSettings.saveFailed')} error={problem} />}
        <Field label={t('machines.name')} hint={t('machines.nameHint')} error={errorOf('name')}>
          {(given) => <Input {...given} autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <div className="form-row">
          <Field label={t('machines.model')} hint={t('machines.modelHint')} error={errorOf('model')}>
            {(given) => <Input {...given} autoComplete="off" value={model} onChange={(event) => setModel(event.target.value)} />}
          </Field>
          <Field label={t('machines.zone')} hint={t('machines.zoneHint')} error={errorOf('timeZone')}>
            {(given) => <AutoComplete {...given} popupRender={named(t('machines.zone'))} value={timeZone} onChange={setTimeZone} options={zoneOptions(timeZone === machine.timeZone ? '' : timeZone)} />}
          </Field>
        </div>
        <Field label={t('machineSettings.encoding')} hint={`${t('machineSettings.encodingHint')} ${seen}`}>
          {(given) => (
            <Select<TextEncoding>
              {...given}
              popupRender={named(t('machineSettings.encoding'))}
              value={encoding}
              onChange={setEncoding}
              options={[{ value: 'auto', label: t('machineSettings.encodingAuto') }, ...(['utf8', 'gb18030'] as const).map((value) => ({ value, label: ENCODINGS[value] }))]}
            />
          )}
        </Field>
        <div className="form-foot">
          <Button type="primary" htmlType="submit" disabled={!changed} loading={busy}>{t('action.save')}</Button>
        </div>
      </form>
    </Panel>
  )
}

function Use({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const navigate = useNavigate()
  const change = useChangeMachine()
  const [deleting, setDeleting] = useState(false)
  const { sn, name, enabled } = machine
  return (
    <Panel title={t('machineSettings.use')}>
      <div className="form">
        <SwitchRow
          label={t('roster.on')}
          hint={t('machineSettings.useHint')}
          checked={enabled}
          busy={change.isPending}
          onChange={(next) =>
            notice.attempt(
              change.mutateAsync({ sn, enabled: next }),
              next ? t('machines.enabled', { name }) : t('machines.disabled', { name }),
              t('machines.switchFailed'),
            )
          }
        />
        <div className="form-field">
          <div><Button danger onClick={() => setDeleting(true)}>{t('machineSettings.delete')}</Button></div>
          <p className="field-hint">{t('machineSettings.deleteHint')}</p>
        </div>
      </div>
      {deleting && <DeleteMachine machine={machine} onDeleted={() => void navigate('/machines')} onClose={() => setDeleting(false)} />}
    </Panel>
  )
}
