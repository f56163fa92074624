import { useTranslation } from 'react-i18next'
import { shiftColor } from '../../../theme/shiftColors'
import type { ShiftWords } from '../useWords'

/** One day of a cycle, as narrow as a cell of the schedule. */
export function StepTag({ step, words, long = false }: { step: string | null; words: ShiftWords; long?: boolean }) {
  const { t } = useTranslation()
  if (step === null) return <span className="shift-tag shift-rest" title={t('grid.rest')}>{t(long ? 'grid.rest' : 'grid.restMark')}</span>
  const shift = words.byId.get(step)
  const name = shift?.name ?? t('rotations.gone')
  return (
    <span className={`shift-tag shift-${shiftColor(shift?.color ?? null)}`} title={name}>
      {long || !shift ? name : words.short.get(step)}
    </span>
  )
}
