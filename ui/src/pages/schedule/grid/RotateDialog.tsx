import { Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRotations } from '../../../api/schedule'
import { Field, named, SendForm } from '../../../kit'
import { staggered, turned } from '../rotations/rotate'
import { StepTag } from '../rotations/StepTag'
import type { CellValue } from '../../../api/scheduleTypes'
import type { ShiftWords } from '../useWords'

interface Props {
  words: ShiftWords
  people: number
  days: number
  onApply: (values: CellValue[][]) => void
  onClose: () => void
}

const SHOWN = 14

/** A cycle over the selection: from which of its days on, and by how much each person is behind the one above. */
export function RotateDialog({ words, people, days, onApply, onClose }: Props) {
  const { t } = useTranslation()
  const rotations = useRotations()
  const [id, setId] = useState<string | undefined>()
  const [from, setFrom] = useState(0)
  const [stagger, setStagger] = useState(0)
  const chosen = rotations.data?.find((each) => each.id === (id ?? rotations.data[0]?.id))
  const steps = chosen?.steps ?? []
  const apply = () => {
    if (!chosen) return
    onApply(staggered(steps, from, stagger, people, days))
    onClose()
  }
  return (
    <Modal open focusable={{ focusTriggerAfterClose: false }} title={t('grid.rotateTitle')} onCancel={onClose} onOk={apply} okText={t('grid.rotateApply')} cancelText={t('action.cancel')} okButtonProps={{ disabled: !chosen }}>
      {rotations.data?.length === 0 ? (
        <p>{t('grid.rotateNone')}</p>
      ) : (
        <SendForm onSend={apply}>
          <Field label={t('grid.rotateWhich')}>
            {(given) => (
              <Select
                {...given}
                popupRender={named(t('grid.rotateWhich'))}
                {...(chosen ? { value: chosen.id } : {})}
                onChange={(next: string) => { setId(next); setFrom(0); setStagger(0) }}
                options={(rotations.data ?? []).map(({ id: value, name, steps: { length } }) => ({ value, label: `${name} · ${t('kit.days', { count: length })}` }))}
              />
            )}
          </Field>
          <Field label={t('grid.rotateFrom')}>
            {(given) => (
              <Select
                {...given}
                popupRender={named(t('grid.rotateFrom'))}
                value={from}
                onChange={setFrom}
                options={steps.map((step, index) => ({ value: index, label: `${t('rotations.step', { index: index + 1 })} · ${step === null ? t('grid.rest') : (words.byId.get(step)?.name ?? t('rotations.gone'))}` }))}
              />
            )}
          </Field>
          {people > 1 && (
            <Field label={t('grid.rotateStagger')}>
              {(given) => (
                <Select
                  {...given}
                  popupRender={named(t('grid.rotateStagger'))}
                  value={stagger}
                  onChange={setStagger}
                  options={steps.map((_, by) => ({ value: by, label: by === 0 ? t('grid.rotateStaggerSame') : t('grid.rotateStaggerBy', { count: by }) }))}
                />
              )}
            </Field>
          )}
          <div className="step-lines" aria-hidden="true">
            {Array.from({ length: Math.min(people, 4) }, (_, person) => (
              // oxlint-disable-next-line react/no-array-index-key -- rows of a picture
              <span key={person} className="step-line">
                {turned(steps, from + person * stagger, Math.min(days, SHOWN)).map((step, at) => (
                  // oxlint-disable-next-line react/no-array-index-key -- and its columns
                  <StepTag key={at} step={step} words={words} />
                ))}
                {days > SHOWN && '…'}
              </span>
            ))}
          </div>
        </SendForm>
      )}
    </Modal>
  )
}
