import { ArrowLeftOutlined, ArrowRightOutlined, CloseOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { shiftColor } from '../../../theme/shiftColors'
import type { ShiftWords } from '../useWords'
import { moveStep } from './rotate'
import { StepTag } from './StepTag'

export const MOST_STEPS = 62

interface Props {
  steps: readonly (string | null)[]
  words: ShiftWords
  error?: string | undefined
  onChange: (steps: (string | null)[]) => void
}

/** The days of a cycle in their order: what comes next is chosen below, arrows move a day. */
export function StepsField({ steps, words, error, onChange }: Props) {
  const { t } = useTranslation()
  const id = useId()
  const full = steps.length >= MOST_STEPS
  const append = (step: string | null) => onChange([...steps, step])
  return (
    <div className="form-field" role="group" aria-labelledby={id}>
      <strong id={id}>{t('rotations.steps')} <span className="muted">{t('kit.days', { count: steps.length })}</span></strong>
      {steps.length === 0 && <p className="muted">{t('rotations.noSteps')}</p>}
      <ol className="steps" aria-labelledby={id}>
        {steps.map((step, at) => (
          // The same shift may come several times: only its place tells a day from another.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={at} aria-label={t('rotations.step', { index: at + 1 })}>
            <span className="muted">{at + 1}</span>
            <StepTag step={step} words={words} long />
            <span className="step-buttons">
              <Button type="text" size="small" disabled={at === 0} icon={<ArrowLeftOutlined />} aria-label={t('rotations.stepEarlier', { index: at + 1 })} onClick={() => onChange(moveStep(steps, at, -1))} />
              <Button type="text" size="small" disabled={at === steps.length - 1} icon={<ArrowRightOutlined />} aria-label={t('rotations.stepLater', { index: at + 1 })} onClick={() => onChange(moveStep(steps, at, 1))} />
              <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t('rotations.stepRemove', { index: at + 1 })} onClick={() => onChange(steps.filter((_, index) => index !== at))} />
            </span>
          </li>
        ))}
      </ol>
      <div className="palette" role="group" aria-label={t('rotations.append')}>
        <span className="muted">{t('rotations.append')}</span>
        {words.shifts.map((shift) => (
          <button key={shift.id} type="button" disabled={full} className={`palette-shift shift-${shiftColor(shift.color)}`} onClick={() => append(shift.id)}>{shift.name}</button>
        ))}
        <button type="button" disabled={full} className="palette-shift shift-rest" onClick={() => append(null)}>{t('grid.rest')}</button>
        {steps.length > 0 && steps.length * 2 <= MOST_STEPS && <Button size="small" onClick={() => onChange([...steps, ...steps])}>{t('rotations.repeat')}</Button>}
      </div>
      <p className={error ? 'field-error' : 'field-hint'} {...(error ? { role: 'alert' } : {})}>{error ?? t('rotations.stepsHint')}</p>
    </div>
  )
}
