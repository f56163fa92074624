import { Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFields } from '../../../api/organisation'
import { useMapping, useSaveMapping } from '../../../api/rules'
import type { Machine, NumberMapping } from '../../../api/types'
import { Failure, Field, Loading, named, SwitchRow, useNotice, useSubmit } from '../../../kit'
import { fieldLabel } from '../../people/fieldLabel'

/** Which field fills the numbers of this machine's list. */
export function MappingForm({ machine, onSaved }: { machine: Machine; onSaved?: () => void }) {
  const { t } = useTranslation()
  const mapping = useMapping(machine.sn)
  if (mapping.error && !mapping.data) return <Failure title={t('mapping.loadFailed')} error={mapping.error} onRetry={() => void mapping.refetch()} />
  if (!mapping.data) return <Loading />
  // What the other door has changed is shown here too.
  return <Form key={`${String(mapping.data.enabled)} ${mapping.data.field ?? ''}`} machine={machine} saved={mapping.data} onSaved={onSaved} />
}

function Form({ machine, saved, onSaved }: { machine: Machine; saved: NumberMapping; onSaved: (() => void) | undefined }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const fields = useFields()
  const save = useSaveMapping(machine.sn)
  const [enabled, setEnabled] = useState(saved.enabled)
  const [field, setField] = useState(saved.field ?? 'employeeNumber')
  const changed = enabled !== saved.enabled || (enabled && field !== saved.field)

  const { submit, busy, problem } = useSubmit(async () => {
    const answer = await save.mutateAsync({ enabled, field: enabled ? field : saved.field })
    if (enabled) notice.done(t('mapping.saved', { filled: answer.filled, without: answer.withoutNumber, proposals: answer.proposals }))
    else notice.done(t('mapping.savedOff'))
    onSaved?.()
  })

  const usable = (fields.data ?? []).filter(({ type }) => type === 'text' || type === 'number')
  return (
    <form className="form" onSubmit={(event) => { event.preventDefault(); submit() }}>
      <SwitchRow label={t('mapping.switch')} hint={t('mapping.hint')} checked={enabled} onChange={setEnabled} />
      {enabled && (
        <Field label={t('mapping.field')} hint={t('mapping.fieldHint')}>
          {(given) => (
            <Select
              {...given}
              popupRender={named(t('mapping.field'))}
              showSearch={{ optionFilterProp: 'label' }}
              value={field}
              onChange={setField}
              options={(['basic', 'personal'] as const).map((group) => ({
                label: t(`fields.group.${group}`),
                options: usable.filter((each) => each.group === group).map((each) => ({ value: each.key, label: fieldLabel(each) })),
              })).filter(({ options }) => options.length > 0)}
            />
          )}
        </Field>
      )}
      <p className="muted">{t('mapping.rules')}</p>
      {problem && <Failure title={t('mapping.saveFailed')} error={problem} />}
      <div className="form-foot">
        <Button type="primary" htmlType="submit" disabled={!changed} loading={busy}>{t('action.save')}</Button>
      </div>
    </form>
  )
}
