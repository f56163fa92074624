import { Input, Radio, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAddCorrection } from '../../../api/appeals'
import type { DayDetail, MarkKind } from '../../../api/attendanceTypes'
import { explain, Failure, Field, FormDialog, named, useNotice, useSubmit } from '../../../kit'
import { dateWords } from '../../../kit/dateWords'
import { inOrder, markText, unlifted } from '../marks'
import { clockFrom, isMissing, oneLine, plannedClock } from './claimed'

/** Puts a day right without an appeal: a punch that no machine has, or a mark that is not to count. */
export function Correct({ detail, onClose }: { detail: DayDetail; onClose: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const add = useAddCorrection()
  const { day } = detail
  const marks = inOrder(unlifted(day.marks))
  const missing = marks.find(({ kind }) => isMissing(kind))?.kind
  const [kind, setKind] = useState<'punch' | 'lift'>('punch')
  const [typed, setTyped] = useState(missing === undefined ? '' : plannedClock(detail, missing))
  const [mark, setMark] = useState<MarkKind | undefined>(marks[0]?.kind)
  const [reason, setReason] = useState('')
  const clock = clockFrom(typed)

  const whole = reason.trim() !== '' && (kind === 'punch' ? clock !== undefined : mark !== undefined)
  const { submit, busy, problem, tried } = useSubmit(async () => {
    await add.mutateAsync({
      employeeId: day.employeeId,
      date: day.date,
      kind,
      reason: oneLine(reason),
      ...(kind === 'punch' && clock !== undefined ? { time: clock } : {}),
      ...(kind === 'lift' && mark !== undefined ? { mark } : {}),
    })
    notice.done(t('correction.added', { name: day.name, date: day.date }))
    onClose()
  }, whole)

  return (
    <FormDialog title={t('correction.addTitle', { name: day.name, date: dateWords(day.date) })} action={t('correction.submit')} busy={busy} onSend={submit} onClose={onClose}>
      <p className="muted">{t('correction.hint')}</p>
      <Radio.Group aria-label={t('correction.title')} value={kind} onChange={(event) => setKind(event.target.value as 'punch' | 'lift')} options={[{ value: 'punch', label: t('correction.punch') }, { value: 'lift', label: t('correction.lift'), disabled: marks.length === 0 }]} />
      {kind === 'punch' ? (
        <Field label={t('appeal.claimed')} hint={t('appeal.claimedHint')} error={tried && clock === undefined ? explain({ code: 'appeal.claimed_needed', detail: '' }) : undefined}>
          {(given) => <Input {...given} style={{ width: 120 }} inputMode="numeric" autoComplete="off" placeholder="09:00" value={typed} onChange={(event) => setTyped(event.target.value)} onBlur={() => setTyped(clock ?? typed)} />}
        </Field>
      ) : (
        <Field label={t('appeal.mark')}>
          {({ id }) => <Select id={id} popupRender={named(t('appeal.mark'))} value={mark} onChange={setMark} options={marks.filter((each, index) => marks.findIndex((other) => other.kind === each.kind) === index).map((each) => ({ value: each.kind, label: markText(t, each) }))} />}
        </Field>
      )}
      <Field label={t('appeal.reason')} error={tried && reason.trim() === '' ? t('appeal.reasonNeeded') : undefined}>
        {(given) => <Input.TextArea {...given} rows={3} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />}
      </Field>
      {problem && <Failure title={t('correction.addFailed')} error={problem} />}
    </FormDialog>
  )
}
