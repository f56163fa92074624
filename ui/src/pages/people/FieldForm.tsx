import { Button, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAddField, useChangeField } from '../../api/organisation'
import type { ApiProblem } from '../../api/problem'
import type { CustomField } from '../../api/types'
import { explainField, Failure, Field, named, useNotice, useSubmit } from '../../kit'

const TYPES = ['text', 'number', 'date', 'choice'] as const
const GROUPS = ['basic', 'personal'] as const
const NAMED = ['label', 'key', 'choices'] as const

function aboutOf(problem: ApiProblem): (typeof NAMED)[number] | undefined {
  const given = NAMED.find((name) => problem.field(name))
  if (given) return given
  if (problem.code.startsWith('field.key_')) return 'key'
  if (problem.code.startsWith('field.label_')) return 'label'
  return problem.code.startsWith('field.choice') ? 'choices' : undefined
}

/** A field of the customer's own. Its key and type stay as they were given: values hang on them. */
export function FieldForm({ field, onClose }: { field: CustomField | null; onClose: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const add = useAddField()
  const change = useChangeField()
  const [label, setLabel] = useState(field?.label ?? '')
  const [key, setKey] = useState(field?.key ?? '')
  const [type, setType] = useState<CustomField['type']>(field?.type ?? 'text')
  const [group, setGroup] = useState<CustomField['group']>(field?.group ?? 'basic')
  const [choices, setChoices] = useState((field?.choices ?? []).join('\n'))

  const { submit, busy, problem } = useSubmit(async () => {
    const listed = type === 'choice' ? { choices: choices.split('\n').map((line) => line.trim()).filter((line) => line !== '') } : {}
    if (field) await change.mutateAsync({ key: field.key, label: label.trim(), ...listed })
    else await add.mutateAsync({ key: key.trim(), label: label.trim(), type, group, ...listed })
    notice.done(t(field ? 'fields.saved' : 'fields.added', { name: label.trim() }))
    onClose()
  })
  const about = problem ? aboutOf(problem) : undefined
  const errorOf = (name: NonNullable<typeof about>) => explainField(problem, about, name)

  return (
    <form className="form field-form" aria-label={field ? `${t('action.edit')}: ${field.label}` : t('fields.add')} onSubmit={(event) => { event.preventDefault(); submit() }}>
      {problem && !about && <Failure title={t('fields.saveFailed')} error={problem} />}
      <div className="form-row">
        <Field label={t('fields.label')} error={errorOf('label')}>
          {(given) => <Input {...given} autoFocus autoComplete="off" value={label} onChange={(event) => setLabel(event.target.value)} />}
        </Field>
        <Field label={t('fields.key')} hint={t('fields.keyHint')} error={errorOf('key')}>
          {(given) => <Input {...given} className="mono" autoComplete="off" {...(field ? { readOnly: true, variant: 'filled' as const } : {})} value={key} onChange={(event) => setKey(event.target.value)} />}
        </Field>
      </div>
      {!field && (
        <div className="form-row">
          <Field label={t('fields.type')}>
            {({ id }) => <Select id={id} popupRender={named(t('fields.type'))} value={type} onChange={setType} options={TYPES.map((value) => ({ value, label: t(`fields.types.${value}`) }))} />}
          </Field>
          <Field label={t('fields.groupTitle')}>
            {({ id }) => <Select id={id} popupRender={named(t('fields.groupTitle'))} value={group} onChange={setGroup} options={GROUPS.map((value) => ({ value, label: t(`fields.group.${value}`) }))} />}
          </Field>
        </div>
      )}
      {type === 'choice' && (
        <Field label={t('fields.choices')} hint={t('fields.choicesHint')} error={errorOf('choices')}>
          {(given) => <Input.TextArea {...given} rows={4} value={choices} onChange={(event) => setChoices(event.target.value)} />}
        </Field>
      )}
      <div className="form-foot">
        <Button type="primary" htmlType="submit" loading={busy}>{t(field ? 'action.save' : 'action.add')}</Button>
        <Button onClick={onClose}>{t('action.cancel')}</Button>
      </div>
    </form>
  )
}
