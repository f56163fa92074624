import { Checkbox, Radio, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAddAssignment, useDeleteAssignment, useEndAssignment, useRotations } from '../../../api/schedule'
import { explain, Failure, Field, FormDrawer, named, Panel, SendForm, today, useNotice, useSubmit } from '../../../kit'
import type { Target } from '../../../kit/org'
import { DateField } from '../../people/DateField'
import { ChosenField } from '../ChosenField'
import { TwoWeeks } from '../rotations/TwoWeeks'
import type { Assignment } from '../../../api/scheduleTypes'
import { useShiftWords } from '../useWords'
import { WeekdaysField } from '../weekdays'
import { bodyOf, draftOf, faultOf, NEW_DRAFT, onlyEnds, type Draft } from './draft'

interface Props {
  changed: Assignment | null
  /** A shift that was chosen before the form was opened. */
  shiftId?: string
  onClose: () => void
}

/** Who works what, from when to when, on which weekdays. */
export function AssignmentForm({ changed, shiftId = '', onClose }: Props) {
  const { t } = useTranslation()
  const notice = useNotice()
  const words = useShiftWords()
  const rotations = useRotations()
  const add = useAddAssignment()
  const remove = useDeleteAssignment()
  const end = useEndAssignment()
  const [draft, setDraft] = useState<Draft>(changed ? draftOf(changed) : { ...NEW_DRAFT, what: shiftId, from: today() })
  const [partly, setPartly] = useState<string | null>(null)
  const fault = faultOf(draft)
  const { submit, busy, problem, tried, clear } = useSubmit(async () => {
    setPartly(null)
    const ends = changed !== null && onlyEnds(draft, changed)
    const targets = ends ? [] : draft.targets
    if (ends) await end.mutateAsync({ id: changed.id, to: draft.to === '' ? null : draft.to })
    for (const [index, target] of targets.entries()) {
      await add.mutateAsync(bodyOf(draft, target))
      // What is no longer to be assigned again must not be, if a later one is refused.
      setDraft((before) => ({ ...before, targets: before.targets.filter((each) => each !== target) }))
      setPartly(t('assignments.someFailed', { done: index + 1, all: targets.length, name: targets[index + 1]?.name ?? '' }))
    }
    if (changed && targets.length > 0) await remove.mutateAsync(changed.id)
    notice.done(changed ? t('assignments.changed', { name: changed.target.name }) : t('assignments.added', { count: targets.length }))
    onClose()
  }, fault === undefined)
  const set = (changes: Partial<Draft>) => {
    setDraft({ ...draft, ...changes })
    clear()
  }
  const errorOf = (...codes: string[]) => {
    const code = tried && fault !== undefined ? fault : problem?.code
    return code !== undefined && codes.includes(code) ? explain({ code, detail: problem?.detail ?? '' }) : undefined
  }
  const rotation = rotations.data?.find(({ id }) => id === draft.what)

  const inPlace = problem !== null && errorOf('assignment.to_before_from', 'assignment.weekdays', 'assignment.anchor_missing') !== undefined
  return (
    <FormDrawer
      size={620}
      title={changed ? t('assignments.editTitle', { name: changed.target.name }) : t('assignments.addTitle')}
      action={t(changed ? 'action.save' : 'assignments.submit')}
      busy={busy}
      onSend={submit}
      onClose={onClose}
    >
      <SendForm onSend={submit}>
        {problem && !inPlace && <Failure title={partly ?? t('assignments.addFailed')} error={problem} />}
        {!changed && (
          <ChosenField
            label={t('assignments.who')}
            choose={t('assignments.choose')}
            nobody={t('assignments.nobody')}
            count={(targets) => t('assignments.targets', { count: targets.length })}
            value={draft.targets}
            error={errorOf('assignment.nobody')}
            onChange={(targets: readonly Target[]) => set({ targets })}
          />
        )}
        <div className="form-field" role="radiogroup" aria-label={t('assignments.what')}>
          <strong>{t('assignments.what')}</strong>
          <Radio.Group
            value={draft.kind}
            onChange={(event) => set({ kind: event.target.value as Draft['kind'], what: '' })}
            options={(['shift', 'rotation'] as const).map((kind) => ({ value: kind, label: t(`assignments.work.${kind}`) }))}
          />
          {draft.kind === 'rotation' && rotations.data?.length === 0 && <p className="field-hint">{t('assignments.noRotations')}</p>}
        </div>
        <Field label={t(`assignments.work.${draft.kind}`)} error={errorOf('assignment.nothing')}>
          {(given) => (
            <Select
              {...given}
              popupRender={named(t(`assignments.work.${draft.kind}`))}
              showSearch={{ optionFilterProp: 'label' }}
              {...(draft.what === '' ? {} : { value: draft.what })}
              onChange={(what: string) => set({ what })}
              options={
                draft.kind === 'shift'
                  ? words.shifts.map((shift) => ({ value: shift.id, label: `${shift.name} · ${words.times(shift)}` }))
                  : (rotations.data ?? []).map(({ id, name, steps }) => ({ value: id, label: `${name} · ${t('kit.days', { count: steps.length })}` }))
              }
            />
          )}
        </Field>
        <div className="form-row">
          <Field label={t('assignments.from')} error={errorOf('assignment.to_before_from', 'assignment.from_missing')}>
            {(given) => <DateField {...given} value={draft.from} onChange={(from) => set({ from: from ?? '' })} />}
          </Field>
          <Field label={t('assignments.to')} hint={t('assignments.toHint')}>
            {(given) => <DateField {...given} value={draft.to} onChange={(to) => set({ to: to ?? '' })} />}
          </Field>
        </div>
        {draft.kind === 'rotation' ? (
          <>
            <Field label={t('assignments.anchor')} hint={t('assignments.anchorHint')} error={errorOf('assignment.anchor_missing')}>
              {(given) => <DateField {...given} value={draft.anchor || draft.from} onChange={(anchor) => set({ anchor: anchor ?? '' })} />}
            </Field>
            {rotation && (
              <Panel title={t('rotations.preview')}>
                <TwoWeeks steps={rotation.steps} anchor={draft.anchor || draft.from} words={words} />
              </Panel>
            )}
          </>
        ) : (
          <div className="form-field">
            <strong>{t('assignments.weekdays')}</strong>
            <WeekdaysField label={t('assignments.weekdays')} value={draft.weekdays} onChange={(weekdays) => set({ weekdays })} />
            <p className={errorOf('assignment.weekdays') ? 'field-error' : 'field-hint'}>{errorOf('assignment.weekdays') ?? t('assignments.weekdaysHint')}</p>
          </div>
        )}
        <div className="form-field">
          <Checkbox checked={draft.worksOnHolidays} onChange={(event) => set({ worksOnHolidays: event.target.checked })}>{t('assignments.holidays')}</Checkbox>
          <p className="field-hint">{t('assignments.holidaysHint')}</p>
        </div>
      </SendForm>
    </FormDrawer>
  )
}
