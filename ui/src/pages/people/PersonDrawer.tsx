import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { ApiProblem } from '../../api/problem'
import { useAddEmployee, useChangeEmployee } from '../../api/queries'
import type { Employee } from '../../api/types'
import { explainField, Failure, Field, focusFirst, FormDrawer, SendForm, today, useNotice, useSubmit } from '../../kit'
import { unitKey } from '../../kit/org'
import { PersonDays } from '../attendance/person/PersonDays'
import { DateField } from './DateField'
import { PersonFields } from './PersonFields'
import { PersonMachines } from './PersonMachines'
import { Photo } from './Photo'
import { PlaceField, placeOf } from './PlaceField'
import { RehireWizard } from './RehireWizard'

const TOP = ['name', 'id', 'place', 'hiredOn', 'leftOn'] as const
type Top = (typeof TOP)[number]

function topOf(problem: ApiProblem): Top | undefined {
  const given = TOP.find((name) => problem.field(name))
  if (given) return given
  if (problem.code.startsWith('employee.name_')) return 'name'
  if (problem.code.startsWith('employee.id_')) return 'id'
  if (problem.code.startsWith('department.') || problem.code.startsWith('branch.')) return 'place'
  return problem.code === 'employee.left_before_hired' ? 'leftOn' : undefined
}

const placeKey = (person: Employee): string =>
  person.departmentId !== null ? unitKey('department', person.departmentId) : person.branchId !== null ? unitKey('branch', person.branchId) : ''

/** One person: add, edit, photo, machines, mark as left. `unit`: where a new one is put at first. */
export function PersonDrawer({ person, unit, onClose }: { person: Employee | null; unit: string; onClose: () => void }) {
  // As it was when it was opened: only what was changed here is sent, whatever has become of the person since.
  const [opened] = useState(person)
  const { t } = useTranslation()
  const notice = useNotice()
  const add = useAddEmployee()
  const change = useChangeEmployee()
  const [name, setName] = useState(person?.name ?? '')
  const [id, setId] = useState('')
  const [place, setPlace] = useState(person ? placeKey(person) : unit)
  const [hiredOn, setHiredOn] = useState(person?.hiredOn ?? null)
  const [leftOn, setLeftOn] = useState(person?.leftOn ?? null)
  const [fields, setFields] = useState<Record<string, string>>(person?.fields ?? {})
  const [rehiring, setRehiring] = useState(false)

  const { submit, busy, problem } = useSubmit(async (last: string | null) => {
    const before = opened?.fields ?? {}
    const values = Object.fromEntries(
      Object.entries(fields).flatMap(([key, value]) => (value.trim() === (before[key] ?? '') ? [] : [[key, value.trim() === '' ? null : value.trim()]])),
    ) as Record<string, string | null>
    if (opened === null) {
      const { departmentId, branchId } = placeOf(place)
      const added = await add.mutateAsync({
        name: name.trim(),
        ...(id.trim() === '' ? {} : { id: id.trim() }),
        ...(departmentId === null ? {} : { departmentId }),
        ...(branchId === null ? {} : { branchId }),
        ...(hiredOn === null ? {} : { hiredOn }),
        ...(last === null ? {} : { leftOn: last }),
        fields: values,
      })
      notice.done(t('people.added', { name: added.name }))
    } else {
      await change.mutateAsync({
        id: opened.id,
        ...(name.trim() === opened.name ? {} : { name: name.trim() }),
        ...(place === placeKey(opened) ? {} : placeOf(place)),
        ...(hiredOn === opened.hiredOn ? {} : { hiredOn }),
        ...(last === opened.leftOn ? {} : { leftOn: last }),
        fields: values,
      })
      if (opened.leftOn === null && last !== null) notice.done(t('people.leftDone', { name: name.trim() }))
      else if (opened.leftOn !== null && last === null) notice.done(t('people.leftUndone', { name: name.trim() }))
      else notice.done(t('people.saved'))
    }
    onClose()
  })
  const at = problem ? topOf(problem) : undefined
  const errorOf = (field: Top) => explainField(problem, at, field)

  const save = () => submit(leftOn)

  return (
    <FormDrawer
      afterOpenChange={focusFirst}
      size={560}
      title={person === null ? t('people.addTitle') : t('people.editTitle', { name: person.name })}
      action={t(person === null ? 'action.add' : 'action.save')}
      busy={busy}
      onSend={save}
      onClose={onClose}
    >
      <SendForm onSend={save}>
        {person && <Photo person={person} />}
        {problem && !at && <Failure title={person === null ? t('people.addFailed') : t('kit.saveFailed')} error={problem} />}
        <div className="form-row">
          <Field label={t('people.name')} error={errorOf('name')}>
            {(given) => <Input {...given} autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />}
          </Field>
          <Field label={t('people.place')} error={errorOf('place')}>
            {(given) => <PlaceField {...given} value={place} onChange={setPlace} />}
          </Field>
        </div>
        <Field label={t('people.id')} hint={t('people.idHint')} error={errorOf('id')}>
          {(given) =>
            person === null ? (
              <Input {...given} className="mono" autoComplete="off" value={id} onChange={(event) => setId(event.target.value)} />
            ) : (
              <Input {...given} className="mono" readOnly variant="filled" value={person.id} />
            )
          }
        </Field>
        <div className="form-row">
          <Field label={t('people.hiredOn')} error={errorOf('hiredOn')}>
            {(given) => <DateField {...given} value={hiredOn} onChange={setHiredOn} />}
          </Field>
          <Field label={t('people.leftOn')} error={errorOf('leftOn')}>
            {(given) => <DateField {...given} value={leftOn} onChange={setLeftOn} />}
          </Field>
        </div>
        <PersonFields values={fields} problem={problem} onChange={(key, value) => setFields((before) => ({ ...before, [key]: value }))} />
      </SendForm>
      {person && (
        <div className="person-more">
          <div className="person-machine">
            <h3>{t('people.machines')}</h3>
            <Link to={`/punches?tab=all&person=${encodeURIComponent(person.id)}`}>{t('people.punches')}</Link>
          </div>
          <PersonMachines person={person} />
          <h3>{t('attendance.person')}</h3>
          <PersonDays employeeId={person.id} />
          <h3>{t('people.leaving')}</h3>
          <div className="tip">
            <p className="muted">{t(person.leftOn === null ? 'people.markLeftHint' : 'people.rehireHint')}</p>
            <div className="form-foot">
              {person.leftOn === null && <Button onClick={() => submit(leftOn ?? today())}>{t('people.markLeft')}{` · ${leftOn ?? today()}`}</Button>}
              <Button onClick={() => setRehiring(true)}>{t('people.rehire')}</Button>
            </div>
          </div>
        </div>
      )}
      {person && rehiring && <RehireWizard person={person} onDone={onClose} onClose={() => setRehiring(false)} />}
    </FormDrawer>
  )
}
