import { Alert, Input, Select } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRaiseAppeal, useSaveEvidence } from '../../../api/appeals'
import { useDay } from '../../../api/attendance'
import type { DayDetail, MarkKind } from '../../../api/attendanceTypes'
import { explain, explainError, Failure, Field, focusFirst, FormDialog, named, useNotice, useSubmit } from '../../../kit'
import { PersonSelect } from '../../../kit/org'
import { DateField } from '../../people/DateField'
import { dateWords } from '../../../kit/dateWords'
import { inOrder, markText, unlifted } from '../marks'
import { ruleText } from '../day/ruleText'
import { ChooseEvidence } from './ChooseEvidence'
import { clockFrom, isMissing, oneLine, plannedClock } from './claimed'
import { QuotaLine } from './QuotaLine'

interface Props {
  employeeId?: string
  name?: string
  date?: string
  mark?: MarkKind
  onClose: () => void
}

/** Asks for a mark to be lifted; for a missing punch, says when it would have been (补卡). */
export function RaiseAppeal({ employeeId: whose = '', name, date: on, mark: which, onClose }: Props) {
  const { t } = useTranslation()
  const notice = useNotice()
  const raise = useRaiseAppeal()
  const attach = useSaveEvidence()
  const [employeeId, setEmployeeId] = useState(whose)
  const [date, setDate] = useState<string | null>(on ?? null)
  const day = useDay(employeeId, date ?? '')
  const marks = day.data ? inOrder(unlifted(day.data.day.marks)) : []
  // The fields are there only now that the day is; where one is asked whose it is, the keyboard is there already.
  const late = whose !== '' && day.data !== undefined
  useEffect(() => focusFirst(late), [late])
  const [chosen, setChosen] = useState<MarkKind | undefined>(which)
  const mark = marks.find(({ kind }) => kind === chosen)?.kind ?? marks[0]?.kind
  const [typed, setTyped] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const [file, setFile] = useState<File | null>(null)

  const claims = mark !== undefined && isMissing(mark)
  const claimed = typed ?? (claims && day.data ? plannedClock(day.data, mark) : '')
  const clock = claims ? clockFrom(claimed) : undefined
  const whole = reason.trim() !== '' && (!claims || clock !== undefined)
  const { submit, busy, problem, tried } = useSubmit(async () => {
    if (mark === undefined || date === null) return
    const appeal = await raise.mutateAsync({ employeeId, date, mark, reason: oneLine(reason), ...(clock === undefined ? {} : { claimed: clock }) })
    if (file) await attach.mutateAsync({ id: appeal.id, file }).catch((error: unknown) => notice.failed(t('appeal.evidenceFailed'), error))
    notice.done(t('appeal.raised', { name: appeal.name, date: appeal.date }))
    onClose()
  }, whole)

  return (
    <FormDialog
      width={560}
      title={name !== undefined && on !== undefined ? t('appeal.title', { name, date: dateWords(on) }) : t('appeal.raise')}
      action={t('appeal.submit')}
      ready={mark !== undefined}
      busy={busy}
      onSend={submit}
      onClose={onClose}
    >
      {whose === '' && (
        <div className="form-row">
          <Field label={t('punches.person')}>{({ id }) => <PersonSelect id={id} label={t('punches.person')} value={employeeId} width="100%" onChange={(next) => setEmployeeId(next ?? '')} />}</Field>
          <Field label={t('attendance.date')}>{({ id }) => <DateField id={id} value={date} onChange={setDate} />}</Field>
        </div>
      )}
      {day.data && marks.length === 0 && <Alert type="info" showIcon title={t('appeal.nothingToRaise')} />}
      {day.error && <Alert type="error" showIcon title={t('attendance.dayFailed')} description={explainError(day.error)} />}
      {day.data && mark !== undefined && (
        <>
          <MarkChoice detail={day.data} mark={mark} onChange={(next) => { setChosen(next); setTyped(null) }} />
          {claims && (
            <Field label={t('appeal.claimed')} hint={t('appeal.claimedHint')} error={tried && clock === undefined ? explain({ code: 'appeal.claimed_needed', detail: '' }) : undefined}>
              {(given) => <Input {...given} style={{ width: 120 }} inputMode="numeric" autoComplete="off" placeholder="09:00" value={claimed} onChange={(event) => setTyped(event.target.value)} onBlur={() => setTyped(clock ?? claimed)} />}
            </Field>
          )}
          {claims && date !== null && <QuotaLine employeeId={employeeId} month={date.slice(0, 7)} />}
          <Field label={t('appeal.reason')} error={tried && reason.trim() === '' ? t('appeal.reasonNeeded') : undefined}>
            {(given) => <Input.TextArea {...given} rows={3} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />}
          </Field>
          <ChooseEvidence file={file} onChange={setFile} />
        </>
      )}
      {problem && <Failure title={t('appeal.raiseFailed')} error={problem} />}
    </FormDialog>
  )
}

function MarkChoice({ detail, mark, onChange }: { detail: DayDetail; mark: MarkKind; onChange: (mark: MarkKind) => void }) {
  const { t } = useTranslation()
  const marks = inOrder(unlifted(detail.day.marks))
  const chosen = marks.find(({ kind }) => kind === mark)
  return (
    <Field label={t('appeal.mark')} {...(chosen ? { hint: ruleText(t, chosen, detail) } : {})}>
      {({ id }) => (
        <Select
          id={id}
          popupRender={named(t('appeal.mark'))}
          value={mark}
          onChange={onChange}
          options={marks.filter(({ kind }, index) => marks.findIndex((each) => each.kind === kind) === index).map((each) => ({ value: each.kind, label: markText(t, each) }))}
        />
      )}
    </Field>
  )
}
