import { Checkbox, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAddLeave, useChangeLeave } from '../../../api/schedule'
import { Failure, Field, FormDrawer, named, SendForm, today, useNotice, useSubmit } from '../../../kit'
import type { Target } from '../../../kit/org'
import { DateField } from '../../people/DateField'
import { ChosenField } from '../ChosenField'
import { TimeInput } from '../TimeInput'
import { LEAVE_KINDS, type Leave, type LeaveKind } from '../../../api/scheduleTypes'
import { bodyOf, draftOf, faultOf, newDraft, type Draft, type Fault } from './draft'

/** Leave for one person or many, for whole days or with times. */
export function LeaveForm({ changed, onClose }: { changed: Leave | null; onClose: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const add = useAddLeave()
  const change = useChangeLeave()
  const [draft, setDraft] = useState<Draft>(() => (changed ? draftOf(changed) : newDraft(today())))
  const [failed, setFailed] = useState('')
  const set = (changes: Partial<Draft>) => setDraft({ ...draft, ...changes })
  const fault = faultOf(draft)

  const { submit, busy, problem, tried } = useSubmit(async () => {
    const body = bodyOf(draft)
    const { people } = draft
    if (changed) {
      setFailed(t('leaves.saveFailed'))
      await change.mutateAsync({ id: changed.id, ...body })
    } else {
      for (const [done, person] of people.entries()) {
        setFailed(people.length > 1 ? t('leaves.someFailed', { done, all: people.length, name: person.name }) : t('leaves.addFailed'))
        await add.mutateAsync({ employeeId: person.id, ...body })
        // Whoever has it must not get it again, if a later one is refused.
        setDraft((before) => ({ ...before, people: before.people.filter((each) => each !== person) }))
      }
    }
    notice.done(changed ? t('leaves.saved', { name: changed.name }) : t('leaves.added', { count: people.length }))
    onClose()
  }, fault === undefined)
  const wrong = (...faults: Fault[]) => (tried && fault !== undefined && faults.includes(fault) ? t(`leaves.fault.${fault}`) : undefined)

  return (
    <FormDrawer
      size={520}
      title={changed ? t('leaves.editTitle', { name: changed.name }) : t('leaves.add')}
      action={changed ? t('action.save') : t('leaves.submit', { count: draft.people.length })}
      busy={busy}
      onSend={submit}
      onClose={onClose}
    >
      <SendForm onSend={submit}>
        {problem && <Failure title={failed} error={problem} />}
        {!changed && (
          <ChosenField
            label={t('assignments.who')}
            choose={t('leaves.choose')}
            nobody={t('assignments.nobody')}
            peopleOnly
            count={(people) => t('kit.people', { count: people.length })}
            value={draft.people}
            error={wrong('peopleMissing')}
            onChange={(people: readonly Target[]) => set({ people })}
          />
        )}
        <Field label={t('leaves.colKind')}>
          {(given) => <Select {...given} popupRender={named(t('leaves.colKind'))} value={draft.kind} onChange={(kind: LeaveKind) => set({ kind })} options={LEAVE_KINDS.map((kind) => ({ value: kind, label: t(`leaves.kind.${kind}`) }))} />}
        </Field>
        <div className="form-row">
          <Field label={t('assignments.from')} error={wrong('orderWrong')}>
            {(given) => <DateField {...given} value={draft.from} onChange={(from) => set({ from: from ?? '', ...(from !== null && from > draft.to ? { to: from } : {}) })} />}
          </Field>
          <Field label={t('assignments.to')}>{(given) => <DateField {...given} value={draft.to} onChange={(to) => set({ to: to ?? '' })} />}</Field>
        </div>
        <Checkbox checked={draft.timed} onChange={(event) => set({ timed: event.target.checked })}>{t('leaves.times')}</Checkbox>
        {draft.timed && (
          <div className="form-row">
            <Field label={t('leaves.start')} hint={t('leaves.timesHint')} error={wrong('timeWrong', 'endsBefore')}>
              {(given) => <TimeInput {...given} value={draft.start} onChange={(start) => set({ start })} />}
            </Field>
            <Field label={t('leaves.end')}>{(given) => <TimeInput {...given} value={draft.end} onChange={(end) => set({ end })} />}</Field>
          </div>
        )}
        <Field label={t('leaves.note')}>
          {(given) => <Input.TextArea {...given} rows={2} maxLength={500} value={draft.note} onChange={(event) => set({ note: event.target.value })} />}
        </Field>
      </SendForm>
    </FormDrawer>
  )
}
