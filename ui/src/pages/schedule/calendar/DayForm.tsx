import { Input, Modal, Radio, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDeleteCalendarDay, useSetCalendarDay } from '../../../api/schedule'
import { Failure, Field, named, SendForm, useNotice, useSubmit } from '../../../kit'
import { DateField } from '../../people/DateField'
import { WEEKDAYS } from '../../../kit/dates'
import { weekdayName } from '../../../kit/dateWords'
import type { CalendarDay } from '../../../api/scheduleTypes'
import { changesOf, faultOf, stretchOf, type DayDraft } from './edit'

const KINDS = ['ordinary', 'holiday', 'workday'] as const

/** What a day is, or several in a row. */
export function DayForm({ date, days, onClose }: { date: string; days: ReadonlyMap<string, CalendarDay>; onClose: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const put = useSetCalendarDay()
  const drop = useDeleteCalendarDay()
  const [draft, setDraft] = useState<DayDraft>(() => stretchOf(date, days))
  const set = (changes: Partial<DayDraft>) => setDraft({ ...draft, ...changes })
  const fault = faultOf(draft)

  const { submit, busy, problem, tried } = useSubmit(async () => {
    const changes = changesOf(draft, days)
    for (const day of changes.put) await put.mutateAsync(day)
    for (const each of changes.drop) await drop.mutateAsync(each)
    notice.done(t('calendar.saved', { count: changes.put.length + changes.drop.length }))
    onClose()
  }, fault === undefined)
  const wrong = tried ? fault : undefined

  return (
    <Modal open title={t('calendar.dayTitle')} onCancel={onClose} onOk={submit} okText={t('action.save')} cancelText={t('action.cancel')} okButtonProps={{ loading: busy }}>
      <SendForm onSend={submit}>
        {problem && <Failure title={t('calendar.saveFailed')} error={problem} />}
        <div className="form-row">
          <Field label={t('calendar.from')} error={wrong === 'toOrder' || wrong === 'tooLong' ? t(`calendar.fault.${wrong}`) : undefined}>
            {(given) => <DateField {...given} value={draft.from} onChange={(from) => set({ from: from ?? '' })} />}
          </Field>
          <Field label={t('calendar.to')}>{(given) => <DateField {...given} value={draft.to} onChange={(to) => set({ to: to ?? '' })} />}</Field>
        </div>
        <div className="form-field" role="radiogroup" aria-label={t('calendar.what')}>
          <strong>{t('calendar.what')}</strong>
          <Radio.Group value={draft.kind} onChange={(event) => set({ kind: event.target.value as DayDraft['kind'] })} options={KINDS.map((kind) => ({ value: kind, label: t(`calendar.kind.${kind}`) }))} />
          <p className="field-hint">{t(`calendar.kindHint.${draft.kind}`)}</p>
        </div>
        {draft.kind !== 'ordinary' && (
          <Field label={t('calendar.name')} hint={t('calendar.nameHint')} error={wrong === 'nameMissing' ? t('calendar.fault.nameMissing') : undefined}>
            {(given) => <Input {...given} autoComplete="off" value={draft.name} onChange={(event) => set({ name: event.target.value })} />}
          </Field>
        )}
        {draft.kind === 'workday' && (
          <Field label={t('calendar.asWeekday')} hint={t('calendar.asWeekdayHint')}>
            {(given) => (
              <Select
                {...given}
                popupRender={named(t('calendar.asWeekday'))}
                value={draft.asWeekday ?? 0}
                onChange={(day: number) => set({ asWeekday: day === 0 ? null : day })}
                options={[{ value: 0, label: t('calendar.asWeekdayAny') }, ...WEEKDAYS.map((day) => ({ value: day, label: weekdayName(day, 'long') }))]}
              />
            )}
          </Field>
        )}
      </SendForm>
    </Modal>
  )
}
