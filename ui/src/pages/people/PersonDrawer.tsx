import { Alert, Button, DatePicker, Drawer, Input } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem, type ApiProblem } from '../../api/problem'
import { useAddEmployee, useChangeEmployee } from '../../api/queries'
import type { Employee } from '../../api/types'
import { EnterSends, explain, explainError, Field, focusFirst, today, useNotice } from '../../kit'

const FIELDS = ['employeeNumber', 'mobile', 'email', 'gender', 'idNumber', 'birthday', 'position'] as const
const TOP = ['name', 'id', 'hiredOn', 'leftOn'] as const
type Top = (typeof TOP)[number]

function topOf(problem: ApiProblem): Top | undefined {
  const named = TOP.find((name) => problem.field(name))
  if (named) return named
  if (problem.code.startsWith('employee.name_')) return 'name'
  if (problem.code.startsWith('employee.id_')) return 'id'
  return problem.code === 'employee.left_before_hired' ? 'leftOn' : undefined
}

function DateField({ id, value, onChange, ...rest }: { id: string; value: string | null; onChange: (date: string | null) => void; status?: 'error' }) {
  return (
    <DatePicker
      {...rest}
      id={id}
      format="YYYY-MM-DD"
      value={value === null ? null : dayjs(value)}
      onChange={(date: dayjs.Dayjs | null) => onChange(date ? date.format('YYYY-MM-DD') : null)}
    />
  )
}

/** One person: add, edit, mark as left. */
export function PersonDrawer({ person, onClose }: { person: Employee | null; onClose: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const add = useAddEmployee()
  const change = useChangeEmployee()
  const [name, setName] = useState(person?.name ?? '')
  const [id, setId] = useState('')
  const [hiredOn, setHiredOn] = useState(person?.hiredOn ?? null)
  const [leftOn, setLeftOn] = useState(person?.leftOn ?? null)
  const [fields, setFields] = useState<Record<string, string>>(person?.fields ?? {})
  const [problem, setProblem] = useState<ApiProblem | null>(null)

  const at = problem ? topOf(problem) : undefined
  const errorOf = (field: Top) => (problem && at === field ? explain(problem.field(field) ?? problem) : undefined)

  const save = async (last: string | null = leftOn) => {
    setProblem(null)
    const values = Object.fromEntries(
      FIELDS.flatMap((key) => {
        const value = (fields[key] ?? '').trim()
        const before = person?.fields[key] ?? ''
        return value === before ? [] : [[key, value === '' ? null : value]]
      }),
    ) as Record<string, string | null>
    try {
      if (person === null) {
        const added = await add.mutateAsync({
          name: name.trim(),
          ...(id.trim() === '' ? {} : { id: id.trim() }),
          ...(hiredOn === null ? {} : { hiredOn }),
          ...(last === null ? {} : { leftOn: last }),
          fields: values,
        })
        notice.done(t('people.added', { name: added.name }))
      } else {
        await change.mutateAsync({ id: person.id, name: name.trim(), hiredOn, leftOn: last, fields: values })
        if (person.leftOn === null && last !== null) notice.done(t('people.leftDone', { name: name.trim() }))
        else if (person.leftOn !== null && last === null) notice.done(t('people.leftUndone', { name: name.trim() }))
        else notice.done(t('people.saved'))
      }
      onClose()
    } catch (error) {
      setProblem(asProblem(error))
    }
  }

  return (
    <Drawer
      open
      afterOpenChange={focusFirst}
      size={460}
      title={person === null ? t('people.addTitle') : t('people.editTitle', { name: person.name })}
      onClose={onClose}
      footer={
        <div className="form-foot" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="primary" loading={add.isPending || change.isPending} onClick={() => void save()}>
            {person === null ? t('action.add') : t('action.save')}
          </Button>
        </div>
      }
    >
      <form className="form" onSubmit={(event) => { event.preventDefault(); void save() }}>
        {problem && !at && (
          <Alert type="error" showIcon role="alert" title={person === null ? t('people.addFailed') : t('people.saveFailed')} description={explainError(problem)} />
        )}
        <Field label={t('people.name')} error={errorOf('name')}>
          {(given) => <Input {...given} autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
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
        {person !== null && person.leftOn === null && (
          <div className="tip">
            <p className="muted">{t('people.markLeftHint')}</p>
            <Button onClick={() => void save(leftOn ?? today())}>{t('people.markLeft')}{` · ${leftOn ?? today()}`}</Button>
          </div>
        )}
        <div className="form-row">
          {FIELDS.map((key) => (
            <Field key={key} label={t(`field.${key}`)} error={fieldError(problem, key)}>
              {(given) => <Input {...given} autoComplete="off" value={fields[key] ?? ''} onChange={(event) => setFields({ ...fields, [key]: event.target.value })} />}
            </Field>
          ))}
        </div>
        <EnterSends />
      </form>
    </Drawer>
  )
}

function fieldError(problem: ApiProblem | null, key: string): string | undefined {
  const found = problem?.field(`fields/${key}`)
  return found ? explain(found) : undefined
}
