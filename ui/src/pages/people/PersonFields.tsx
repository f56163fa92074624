import { Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useFields } from '../../api/organisation'
import type { ApiProblem } from '../../api/problem'
import type { CustomField } from '../../api/types'
import { explain, Failure, Field, Loading, named } from '../../kit'
import { DateField } from './DateField'
import { fieldLabel } from './fieldLabel'

interface Props {
  values: Readonly<Record<string, string>>
  problem: ApiProblem | null
  onChange: (key: string, value: string) => void
}

/** The system's fields and the customer's, each as its type wants it. */
export function PersonFields({ values, problem, onChange }: Props) {
  const { t } = useTranslation()
  const fields = useFields()
  if (fields.error) return <Failure title={t('people.fieldsFailed')} error={fields.error} onRetry={() => void fields.refetch()} />
  if (!fields.data) return <Loading />
  return (['basic', 'personal'] as const).map((group) => {
    const shown = fields.data.filter((field) => field.group === group)
    if (shown.length === 0) return null
    return (
      <fieldset key={group} className="person-group">
        <legend>{t(`fields.group.${group}`)}</legend>
        <div className="form-row">
          {shown.map((field) => (
            <Field key={field.key} label={fieldLabel(field)} error={fieldError(problem, field.key)}>
              {(given) => <Entry given={given} field={field} value={values[field.key] ?? ''} onChange={(value) => onChange(field.key, value)} />}
            </Field>
          ))}
        </div>
      </fieldset>
    )
  })
}

interface EntryProps {
  given: { id: string; status?: 'error' }
  field: CustomField
  value: string
  onChange: (value: string) => void
}

function Entry({ given, field, value, onChange }: EntryProps) {
  if (field.type === 'date') return <DateField {...given} value={value} onChange={(date) => onChange(date ?? '')} />
  if (field.type === 'choice') {
    const choices = value === '' || field.choices.includes(value) ? field.choices : [value, ...field.choices]
    return (
      <Select
        {...given}
        allowClear
        popupRender={named(fieldLabel(field))}
        {...(value === '' ? {} : { value })}
        onChange={(chosen: string | undefined) => onChange(chosen ?? '')}
        options={choices.map((choice) => ({ value: choice, label: choice }))}
      />
    )
  }
  return <Input {...given} autoComplete="off" inputMode={field.type === 'number' ? 'decimal' : 'text'} value={value} onChange={(event) => onChange(event.target.value)} />
}

function fieldError(problem: ApiProblem | null, key: string): string | undefined {
  const found = problem?.field(`fields/${key}`)
  return found ? explain(found) : undefined
}
