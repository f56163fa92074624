import { Button, Input, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAddShift, useChangeShift } from '../../../api/schedule'
import { explain, Failure, Field, focusFirst, FormDrawer, SendForm, useNotice, useSubmit } from '../../../kit'
import type { NewShift, Shift } from '../../../api/scheduleTypes'
import { ColorField, NumberRow, SpansField } from './fields'
import { Preview } from './Preview'
import { faultOf } from './rule'
import { ruleOf } from './draft'
import { TEMPLATE, TEMPLATES } from './templates'

export type ShiftFormFor = { kind: 'add'; from: NewShift } | { kind: 'change'; shift: Shift }

/** Where on the form a problem belongs. */
const ABOUT: Readonly<Record<string, 'name' | 'segments' | 'breaks' | 'required' | 'thresholds'>> = {
  'shift.name_empty': 'name',
  'shift.name_taken': 'name',
  'shift.name_too_long': 'name',
  'shift.segments': 'segments',
  'shift.segments_overlap': 'segments',
  'shift.time_invalid': 'segments',
  'shift.too_long': 'segments',
  'shift.nothing_left': 'breaks',
  'shift.break_outside': 'breaks',
  'shift.breaks_overlap': 'breaks',
  'shift.required_missing': 'required',
  'shift.required_too_long': 'required',
  'shift.thresholds': 'thresholds',
}

/** A shift; beside it, what it means, while it is still being thought about. */
export function ShiftForm({ what, onClose }: { what: ShiftFormFor; onClose: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const add = useAddShift()
  const change = useChangeShift()
  const [draft, setDraft] = useState<NewShift>(what.kind === 'add' ? what.from : ruleOf(what.shift))
  const name = draft.name.trim()
  const fault = name === '' ? 'shift.name_empty' : faultOf(draft)
  const { submit, busy, problem, tried, clear } = useSubmit(async () => {
    const body = { ...draft, name, requiredMinutes: draft.kind === 'flexible' ? draft.requiredMinutes : null }
    if (what.kind === 'add') await add.mutateAsync(body)
    else await change.mutateAsync({ id: what.shift.id, ...body })
    notice.done(t(what.kind === 'add' ? 'shifts.added' : 'shifts.saved', { name }))
    onClose()
  }, fault === undefined)
  const set = (changes: Partial<NewShift>) => {
    setDraft({ ...draft, ...changes })
    clear()
  }
  const code = problem?.code ?? (tried ? fault : undefined)
  const about = code === undefined ? undefined : ABOUT[code]
  const errorOf = (part: string) => (about === part && code !== undefined ? explain({ code, detail: problem?.detail ?? '' }) : undefined)

  return (
    <FormDrawer
      afterOpenChange={focusFirst}
      size={1020}
      title={what.kind === 'add' ? t('shifts.addTitle') : t('shifts.editTitle', { name: what.shift.name })}
      action={t(what.kind === 'add' ? 'action.add' : 'action.save')}
      busy={busy}
      onSend={submit}
      onClose={onClose}
    >
      <div className="shift-form">
        <SendForm onSend={submit}>
          {problem && about === undefined && <Failure title={t('shifts.saveFailed')} error={problem} />}
          {what.kind === 'add' && (
            <div className="form-field" role="group" aria-label={t('shifts.templates')}>
              <strong>{t('shifts.templates')}</strong>
              <div className="template-row">
                {TEMPLATES.map((each) => (
                  <Button key={each} size="small" title={t(`shifts.templateHint.${each}`)} onClick={() => set({ ...TEMPLATE[each], name: draft.name, color: draft.color })}>
                    {t(`shifts.template.${each}`)}
                  </Button>
                ))}
              </div>
            </div>
          )}
          <Field label={t('shifts.name')} hint={t('shifts.nameHint')} error={errorOf('name')}>
            {(given) => <Input {...given} autoComplete="off" value={draft.name} onChange={(event) => set({ name: event.target.value })} />}
          </Field>
          <ColorField value={draft.color} onChange={(color) => set({ color })} />
          <div className="form-field" role="radiogroup" aria-label={t('shifts.kind')}>
            <strong>{t('shifts.kind')}</strong>
            <Radio.Group
              value={draft.kind}
              onChange={(event) => set(kindChanges(event.target.value as NewShift['kind'], draft))}
              options={(['fixed', 'flexible'] as const).map((kind) => ({ value: kind, label: t(`shifts.kinds.${kind}`) }))}
            />
            <p className="field-hint">{t(`shifts.kindHint.${draft.kind}`)}</p>
          </div>
          <SpansField
            label={t(draft.kind === 'fixed' ? 'shifts.segments' : 'shifts.segmentsFlexible')}
            spans={draft.segments}
            names={{ start: (index) => t('shifts.segmentStart', { index }), end: (index) => t('shifts.segmentEnd', { index }), remove: (index) => t('shifts.removeSegment', { index }) }}
            least={1}
            most={draft.kind === 'fixed' ? 4 : 1}
            add={t('shifts.addSegment')}
            next={{ start: '', end: '' }}
            error={errorOf('segments')}
            onChange={(segments) => set({ segments })}
          />
          {draft.kind === 'flexible' && (
            <>
              <NumberRow label={t('shifts.required')} unit={t('shifts.hoursUnit')} step={0.5} most={24} value={draft.requiredMinutes === null ? null : draft.requiredMinutes / 60} none="8" onChange={(hours) => set({ requiredMinutes: hours === null ? null : Math.round(hours * 60) })} />
              {errorOf('required') && <p className="field-error" role="alert">{errorOf('required')}</p>}
            </>
          )}
          <SpansField
            label={t('shifts.breaks')}
            spans={draft.breaks}
            names={{ start: (index) => t('shifts.breakStart', { index }), end: (index) => t('shifts.breakEnd', { index }), remove: (index) => t('shifts.removeBreak', { index }) }}
            least={0}
            most={4}
            add={t('shifts.addBreak')}
            next={{ start: '12:00', end: '13:00' }}
            error={errorOf('breaks')}
            onChange={(breaks) => set({ breaks })}
          />
          <Numbers draft={draft} onChange={set} error={errorOf('thresholds')} />
        </SendForm>
        <div className="shift-form-side">
          <Preview shift={draft} />
          <p className="muted">{t('shifts.previewHint')}</p>
        </div>
      </div>
    </FormDrawer>
  )
}

/** What only one kind of shift has goes with the other. */
const kindChanges = (kind: NewShift['kind'], draft: NewShift): Partial<NewShift> =>
  kind === 'flexible'
    ? { kind, segments: draft.segments.slice(0, 1), requiredMinutes: draft.requiredMinutes ?? 480, graceInMinutes: 0 }
    : { kind, requiredMinutes: null }

interface NumbersProps {
  draft: NewShift
  error: string | undefined
  onChange: (changes: Partial<NewShift>) => void
}

/** Grace, windows, thresholds, overtime: all in minutes. */
function Numbers({ draft, error, onChange }: NumbersProps) {
  const { t } = useTranslation()
  const unit = t('shifts.unit')
  return (
    <>
      <div className="form-field">
        {draft.kind === 'fixed' && <NumberRow label={t('shifts.graceIn')} unit={unit} value={draft.graceInMinutes} onChange={(value) => onChange({ graceInMinutes: value ?? 0 })} />}
        <NumberRow label={t(draft.kind === 'fixed' ? 'shifts.graceOut' : 'shifts.graceOutFlexible')} unit={unit} value={draft.graceOutMinutes} onChange={(value) => onChange({ graceOutMinutes: value ?? 0 })} />
      </div>
      <fieldset className="number-group">
        <legend>{t('shifts.punches')}</legend>
        <NumberRow label={t('shifts.windowBefore')} unit={unit} step={30} value={draft.windowBeforeMinutes} onChange={(value) => onChange({ windowBeforeMinutes: value ?? 0 })} />
        <NumberRow label={t('shifts.windowAfter')} unit={unit} step={30} value={draft.windowAfterMinutes} onChange={(value) => onChange({ windowAfterMinutes: value ?? 0 })} />
        <NumberRow label={t('shifts.double')} unit={unit} most={60} value={draft.doublePunchMinutes} onChange={(value) => onChange({ doublePunchMinutes: value ?? 0 })} />
      </fieldset>
      <fieldset className="number-group">
        <legend>{t('shifts.strict')}</legend>
        <NumberRow label={t('shifts.halfDay')} unit={unit} step={30} none={t('shifts.never')} value={draft.halfDayAfterMinutes} onChange={(halfDayAfterMinutes) => onChange({ halfDayAfterMinutes })} />
        <NumberRow label={t('shifts.absent')} unit={unit} step={30} none={t('shifts.never')} value={draft.absentAfterMinutes} onChange={(absentAfterMinutes) => onChange({ absentAfterMinutes })} />
        {error && <p className="field-error" role="alert">{error}</p>}
      </fieldset>
      <fieldset className="number-group">
        <legend>{t('shifts.overtimeGroup')}</legend>
        <NumberRow label={t('shifts.overtime')} unit={unit} step={15} none={t('shifts.noOvertime')} value={draft.overtimeAfterMinutes} onChange={(overtimeAfterMinutes) => onChange({ overtimeAfterMinutes })} />
        <NumberRow label={t('shifts.rounding')} unit={unit} step={15} least={1} none={t('shifts.exact')} value={draft.roundingMinutes} onChange={(roundingMinutes) => onChange({ roundingMinutes })} />
      </fieldset>
    </>
  )
}
