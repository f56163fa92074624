import { Alert, Button, Input, Modal, Select, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChangeEntry } from '../../../api/queries'
import type { Machine, Role, RosterEntry } from '../../../api/types'
import { explain, Failure, Field, focusFirst, named, SendForm, useNotice, useSubmit } from '../../../kit'
import { ROLES } from './roles'

/** One person on one machine: number, role, enabled. */
export function EditEntry({ machine, entry, onClose, onRemove }: { machine: Machine; entry: RosterEntry; onClose: () => void; onRemove: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const change = useChangeEntry()
  const [pin, setPin] = useState(entry.pin ?? '')
  const [role, setRole] = useState<Role>(entry.role)
  const [enabled, setEnabled] = useState(entry.enabled)

  const { submit, busy, problem } = useSubmit(async () => {
    await change.mutateAsync({
      sn: machine.sn,
      employeeId: entry.employeeId,
      ...(pin.trim() === (entry.pin ?? '') ? {} : { pin: pin.trim() === '' ? null : pin.trim() }),
      ...(role === entry.role ? {} : { role }),
      ...(enabled === entry.enabled ? {} : { enabled }),
    })
    notice.done(t('roster.saved'))
    onClose()
  })
  const aboutPin = problem?.code.startsWith('pin.') === true || problem?.field('pin') !== undefined
  const why = entry.failure ?? entry.pinProblem

  return (
    <Modal
      open
      afterOpenChange={focusFirst}
      title={t('roster.editTitle', { name: entry.name })}
      onCancel={onClose}
      footer={
        <div className="form-foot" style={{ justifyContent: 'space-between' }}>
          <Button danger onClick={onRemove}>{t('action.remove')}</Button>
          <span className="form-foot">
            <Button onClick={onClose}>{t('action.cancel')}</Button>
            <Button type="primary" loading={busy} onClick={submit}>{t('action.save')}</Button>
          </span>
        </div>
      }
    >
      <SendForm onSend={submit}>
        {problem && !aboutPin && <Failure title={t('kit.saveFailed')} error={problem} />}
        {why && <Alert type={entry.failure ? 'error' : 'warning'} showIcon title={t(`rosterState.${entry.state}`)} description={explain(why)} />}
        <Field label={t('roster.colPin')} hint={t('roster.pinHint')} error={problem && aboutPin ? explain(problem.field('pin') ?? problem) : undefined}>
          {(given) => <Input {...given} inputMode="numeric" autoComplete="off" value={pin} onChange={(event) => setPin(event.target.value)} />}
        </Field>
        <Field label={t('roster.colRole')} hint={t(`roster.roleHint.${role}`)}>
          {({ id }) => <Select<Role> id={id} popupRender={named(t('roster.colRole'))} value={role} onChange={setRole} options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))} />}
        </Field>
        <Field label={t('roster.colEnabled')} hint={t('roster.enabledHint')}>
          {({ id }) => <span><Switch id={id} checked={enabled} onChange={setEnabled} /></span>}
        </Field>
      </SendForm>
    </Modal>
  )
}
