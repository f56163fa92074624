import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, InputNumber, Radio } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { SHIFT_COLORS, shiftColor } from '../../../theme/shiftColors'
import { readTime } from '../minutes'
import { TimeInput } from '../TimeInput'
import type { Span } from '../../../api/scheduleTypes'

/** A name for each start and end, which screen readers say and stories look for. */
type Names = Readonly<Record<'start' | 'end' | 'remove', (index: number) => string>>

interface SpansProps {
  label: string
  spans: readonly Span[]
  names: Names
  /** At least so many stay. */
  least: number
  most: number
  add: string
  next: Span
  error?: string | undefined
  onChange: (spans: Span[]) => void
}

/** From–to pairs, one under the other. */
export function SpansField({ label, spans, names, least, most, add, next, error, onChange }: SpansProps) {
  const { t } = useTranslation()
  const id = useId()
  const change = (index: number, changes: Partial<Span>) => onChange(spans.map((span, at) => (at === index ? { ...span, ...changes } : span)))
  return (
    <div className="form-field" role="group" aria-labelledby={id} {...(error ? { 'aria-describedby': `${id}-error` } : {})}>
      <strong id={id}>{label}</strong>
      {spans.length === 0 && <p className="muted">{t('shifts.noBreaks')}</p>}
      {spans.map((span, index) => (
        // A pair has nothing of its own but its place.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className="span-row">
          <TimeInput label={names.start(index + 1)} value={span.start} onChange={(start) => change(index, { start })} />
          <span aria-hidden="true">{t('shifts.to')}</span>
          <TimeInput label={names.end(index + 1)} value={span.end} onChange={(end) => change(index, { end })} />
          {wraps(span) && <span className="tag">{t('shifts.nextDayMark')}</span>}
          {spans.length > least && (
            <Button type="text" size="small" icon={<CloseOutlined />} aria-label={names.remove(index + 1)} onClick={() => onChange(spans.filter((_, at) => at !== index))} />
          )}
        </div>
      ))}
      {spans.length < most && (
        <Button size="small" type="dashed" className="span-add" icon={<PlusOutlined aria-hidden="true" />} onClick={() => onChange([...spans, next])}>
          {add}
        </Button>
      )}
      {error && <p id={`${id}-error`} className="field-error" role="alert">{error}</p>}
    </div>
  )
}

const wraps = ({ start, end }: Span): boolean => {
  const [from, to] = [readTime(start), readTime(end)]
  return from !== undefined && to !== undefined && to <= from
}

interface NumberProps {
  label: string
  unit: string
  value: number | null
  /** What an empty field means; without it the field is never empty. */
  none?: string
  step?: number
  most?: number
  least?: number
  onChange: (value: number | null) => void
}

/** A number with its unit in one line with what it is of. */
export function NumberRow({ label, unit, value, none, step = 1, most = 1440, least = 0, onChange }: NumberProps) {
  const id = useId()
  return (
    <div className="number-row">
      <label htmlFor={id}>{label}</label>
      <InputNumber
        id={id}
        min={least}
        max={most}
        step={step}
        value={value}
        {...(none === undefined ? {} : { placeholder: none })}
        suffix={unit}
        onChange={(next) => (next === null && none === undefined ? onChange(least) : onChange(next))}
      />
    </div>
  )
}

/** The palette, each colour with its name. */
export function ColorField({ value, onChange }: { value: string | null; onChange: (color: string) => void }) {
  const { t } = useTranslation()
  return (
    <div className="form-field" role="radiogroup" aria-label={t('shifts.color')}>
      <strong>{t('shifts.color')}</strong>
      <Radio.Group className="color-choice" value={shiftColor(value)} onChange={(event) => onChange(event.target.value as string)}>
        {SHIFT_COLORS.map((color) => (
          <Radio key={color} value={color} title={t(`shifts.colors.${color}`)}>
            <span className={`color-sample shift-${color}`}><span className="sr-only">{t(`shifts.colors.${color}`)}</span></span>
          </Radio>
        ))}
      </Radio.Group>
    </div>
  )
}
