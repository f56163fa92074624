import { useTranslation } from 'react-i18next'
import { shiftDate } from '../../../kit'
import { weekdayOf } from '../../../kit/dates'
import { weekdayName } from '../../../kit/dateWords'
import type { ShiftWords } from '../useWords'
import { stepOn } from './rotate'
import { StepTag } from './StepTag'

/** What a cycle makes of the two weeks that begin with its first day. */
export function TwoWeeks({ steps, anchor, words }: { steps: readonly (string | null)[]; anchor: string; words: ShiftWords }) {
  const { t } = useTranslation()
  return (
    <ol className="two-weeks" aria-label={t('rotations.preview')}>
      {Array.from({ length: 14 }, (_, day) => shiftDate(anchor, day)).map((date) => (
        <li key={date} className={weekdayOf(date) > 5 ? 'weekend' : undefined}>
          <span className="muted">{weekdayName(weekdayOf(date))}</span>
          <span>{date.slice(5)}</span>
          <StepTag step={stepOn(steps, anchor, date) ?? null} words={words} />
        </li>
      ))}
    </ol>
  )
}
