import { Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useChangeMachine } from '../../api/queries'
import type { Machine, TextEncoding } from '../../api/types'
import { explainField, Failure, Field, named, Panel, SwitchRow, useNotice, useSubmit } from '../../kit'
import { DeleteMachine } from '../machines/DeleteMachine'
import { MachineFields } from '../machines/MachineFields'
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
  const [typed, setTyped] = useState({ name: machine.name, model: machine.model ?? '', timeZone: machine.timeZone })
  const [encoding, setEncoding] = useState<TextEncoding>(machine.encoding)
  const [name, model, timeZone] = [typed.name.trim(), typed.model.trim(), typed.timeZone.trim()]
  const changed = name !== machine.name || model !== (machine.model ?? '') || timeZone !== machine.timeZone || encoding !== machine.encoding

  const { submit, busy, problem } = useSubmit(async () => {
    await change.mutateAsync({ sn: machine.sn, name, model: model === '' ? null : model, timeZone, encoding })
    notice.done(t('machineSettings.saved', { name }))
  })
  const at = problem ? fieldOf(problem) : undefined
  const seen = machine.seenEncoding === null ? t('machineSettings.encodingUnseen') : t('machineSettings.encodingSeen', { seen: ENCODINGS[machine.seenEncoding] })

  return (
    <Panel title={t('machineSettings.about')}>
      <form className="form" onSubmit={(event) => { event.preventDefault(); submit() }}>
        {problem && !at && <Failure title={t('machineSettings.saveFailed')} error={problem} />}
        <MachineFields machine={typed} onChange={setTyped} errorOf={(field) => explainField(problem, at, field)} />
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
