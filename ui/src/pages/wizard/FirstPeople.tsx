import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../api/problem'
import { useAddEmployee, useAddToRoster } from '../../api/queries'
import type { Machine } from '../../api/types'
import { explain, Failure, Field, useSubmit } from '../../kit'

/** Name and number, one person after another. */
export function FirstPeople({ machine, onNext }: { machine: Pick<Machine, 'sn' | 'name'>; onNext: () => void }) {
  const { t } = useTranslation()
  const create = useAddEmployee()
  const add = useAddToRoster()
  const [name, setName] = useState('')
  const [pin, setPin] = useState('')
  const [done, setDone] = useState<readonly { id: string; name: string; pin: string }[]>([])
  /** Created, but the number was refused: trying again must not create the same person twice. */
  const [created, setCreated] = useState<{ id: string; name: string } | null>(null)

  const { submit, busy, problem } = useSubmit(async () => {
    const person = created?.name === name.trim() ? created : await create.mutateAsync({ name: name.trim() })
    setCreated(person)
    const answer = await add.mutateAsync({ sn: machine.sn, entries: [{ employeeId: person.id, pin: pin.trim() }] })
    const refusal = answer.rejected[0]
    if (refusal) throw new ApiProblem(422, refusal.code, refusal.detail)
    setDone([...done, { id: person.id, name: person.name, pin: pin.trim() }])
    setCreated(null)
    setName('')
    setPin('')
    document.querySelector<HTMLInputElement>('#first-person input')?.focus()
  })
  const aboutPin = problem?.code.startsWith('pin.') === true
  const aboutName = problem?.code.startsWith('employee.name_') === true || problem?.field('name') !== undefined

  return (
    <div className="wizard-step">
      <h2>{t('wizard.peopleTitle', { name: machine.name })}</h2>
      <p>{t('wizard.peopleHint')}</p>
      <ul className="lines" aria-live="polite" style={{ listStyle: 'none' }}>
        {done.map((person) => <li key={person.id} style={{ display: 'block' }}>{t('wizard.peopleDone', { name: person.name, pin: person.pin })}</li>)}
      </ul>
      {problem && !aboutPin && !aboutName && <Failure title={t('people.addFailed')} error={problem} />}
      <form className="form" id="first-person" onSubmit={(event) => { event.preventDefault(); submit() }}>
        <div className="form-row">
          <Field label={t('people.name')} error={problem && aboutName ? explain(problem) : undefined}>
            {(given) => <Input {...given} autoFocus autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />}
          </Field>
          <Field label={t('roster.colPin')} hint={t('roster.pinHint')} error={problem && aboutPin ? explain(problem) : undefined}>
            {(given) => <Input {...given} inputMode="numeric" autoComplete="off" value={pin} onChange={(event) => setPin(event.target.value)} />}
          </Field>
        </div>
        <div className="form-foot">
          <Button htmlType="submit" type={done.length === 0 ? 'primary' : 'default'} loading={busy}>{t('wizard.peopleSubmit')}</Button>
          <Button type={done.length === 0 ? 'default' : 'primary'} onClick={onNext}>{t('wizard.peopleNext')}</Button>
        </div>
      </form>
    </div>
  )
}
