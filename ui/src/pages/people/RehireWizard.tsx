import { Alert, Button, Checkbox, Modal, Steps } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useEmployeeMachines, useRehire } from '../../api/people'
import { asProblem, type ApiProblem } from '../../api/problem'
import type { Employee, Rehired } from '../../api/types'
import { explain, Failure, Field, focusFirst, Loading, today } from '../../kit'
import { unitKey } from '../../kit/org'
import { DateField } from './DateField'
import { PersonMachines } from './PersonMachines'
import { placeOf } from './PlaceField'
import { NewAccount, type Account } from './RehireAccount'

const STEPS = ['old', 'account', 'machines', 'done'] as const

/** Left, and back under a new account: the old one goes off its machines, the new one takes its numbers there. */
export function RehireWizard({ person, onDone, onClose }: { person: Employee; onDone: () => void; onClose: () => void }) {
  const { t } = useTranslation()
  const rehire = useRehire()
  const [step, setStep] = useState(0)
  const [leftOn, setLeftOn] = useState(person.leftOn ?? today())
  const [account, setAccount] = useState<Account>({
    kind: 'new',
    existing: undefined,
    name: person.name,
    id: '',
    place: person.departmentId === null ? '' : unitKey('department', person.departmentId),
    hiredOn: today(),
    employeeNumber: '',
  })
  const [carryTemplates, setCarryTemplates] = useState(true)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const [outcome, setOutcome] = useState<Rehired | null>(null)

  const ready = step !== 1 || (account.kind === 'existing' ? account.existing !== undefined : account.name.trim() !== '')
  const submit = async () => {
    setProblem(null)
    const number = account.employeeNumber.trim()
    const { departmentId } = placeOf(account.place)
    try {
      const answer = await rehire.mutateAsync({
        id: person.id,
        carryTemplates,
        ...(person.leftOn === null ? { leftOn } : {}),
        ...(account.kind === 'existing'
          ? { newEmployeeId: account.existing?.id ?? '' }
          : {
              newEmployee: {
                name: account.name.trim(),
                ...(account.id.trim() === '' ? {} : { id: account.id.trim() }),
                ...(departmentId === null ? {} : { departmentId }),
                ...(account.hiredOn === null ? {} : { hiredOn: account.hiredOn }),
                ...(number === '' ? {} : { fields: { employeeNumber: number } }),
              },
            }),
      })
      setOutcome(answer)
      setStep(3)
    } catch (error) {
      const found = asProblem(error)
      setProblem(found)
      if (found.code.startsWith('employee.') || found.field('newEmployee')) setStep(1)
    }
  }

  const last = step === 2
  return (
    <Modal
      open
      width={720}
      afterOpenChange={focusFirst}
      title={t('rehire.title', { name: person.name })}
      onCancel={step === 3 ? onDone : onClose}
      footer={
        step === 3 ? (
          <Button type="primary" onClick={onDone}>{t('action.close')}</Button>
        ) : (
          <>
            <Button onClick={step === 0 ? onClose : () => setStep(step - 1)}>{t(step === 0 ? 'action.cancel' : 'action.back')}</Button>
            <Button type="primary" disabled={!ready} loading={rehire.isPending} onClick={() => (last ? void submit() : setStep(step + 1))}>
              {t(last ? 'rehire.submit' : 'action.next')}
            </Button>
          </>
        )
      }
    >
      <div className="form rehire">
        <Steps size="small" current={step} items={STEPS.map((name) => ({ title: t(`rehire.step.${name}`) }))} />
        {problem && <Failure title={t('rehire.failed')} error={problem} />}
        {step === 0 && (
          <>
            <p>{t('rehire.oldHint', { name: person.name, id: person.id })}</p>
            {person.leftOn === null && (
              <Field label={t('people.lastDay')} hint={t('rehire.lastDayHint')}>
                {(given) => <DateField {...given} value={leftOn} onChange={(date) => setLeftOn(date ?? today())} />}
              </Field>
            )}
            <h3>{t('people.machines')}</h3>
            <PersonMachines person={person} />
          </>
        )}
        {step === 1 && <NewAccount old={person} account={account} onChange={setAccount} />}
        {step === 2 && (
          <>
            <Numbers person={person} />
            <Checkbox checked={carryTemplates} onChange={(event) => setCarryTemplates(event.target.checked)}>{t('rehire.carry')}</Checkbox>
            <p className="muted">{t('rehire.carryHint')}</p>
          </>
        )}
        {outcome && step === 3 && <Outcome outcome={outcome} person={person} />}
      </div>
    </Modal>
  )
}

function Numbers({ person }: { person: Employee }) {
  const { t } = useTranslation()
  const machines = useEmployeeMachines(person.id)
  const entries = machines.data?.filter(({ entry }) => entry !== null) ?? []
  if (machines.isPending) return <Loading />
  if (entries.length === 0) return <p>{t('rehire.noMachines')}</p>
  return (
    <>
      <p>{t('rehire.numbersHint')}</p>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{t('punches.machine')}</th>
            <th scope="col">{t('roster.colPin')}</th>
            <th scope="col">{t('roster.colRole')}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map(({ sn, machineName, entry }) => (
            <tr key={sn}>
              <td>{machineName}</td>
              <td>{entry?.pin ?? t('roster.noPin')}</td>
              <td>{entry && t(`role.${entry.role}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

function Outcome({ outcome, person }: { outcome: Rehired; person: Employee }) {
  const { t } = useTranslation()
  const machines = useEmployeeMachines(person.id)
  const nameOf = (sn: string) => machines.data?.find((machine) => machine.sn === sn)?.machineName ?? sn
  return (
    <>
      <Alert type="success" showIcon role="status" title={t('rehire.done', { name: person.name })} description={t('rehire.doneHint', { id: outcome.employeeId })} />
      <ul className="rehire-machines">
        {outcome.machines.map(({ sn, pin, code, detail }) => (
          <li key={sn}>
            <strong>{nameOf(sn)}</strong> {pin !== null && <span>{pin}</span>}
            <p className="muted">{code === null || code === '' ? t('rehire.onItsWay') : explain({ code, detail: detail ?? '' })}</p>
          </li>
        ))}
      </ul>
    </>
  )
}
