import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { explain, explainError } from '../../../kit'
import { dateWords } from '../../../kit/dateWords'
import type { ScheduleProblem } from '../../../api/scheduleTypes'

interface Props {
  title: string
  problems: readonly ScheduleProblem[]
  nameOf: (employeeId: string) => string
  onShow: (problem: ScheduleProblem) => void
}

const SHOWN = 100

/** What there is to look at, each leading to its cell. */
export function ProblemList({ title, problems, nameOf, onShow }: Props) {
  const { t } = useTranslation()
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard
    <ul className="grid-problems" tabIndex={0} aria-label={title}>
      {problems.slice(0, SHOWN).map((problem) => {
        const date = dateWords(problem.date)
        return (
          <li key={`${problem.employeeId} ${problem.date} ${problem.code} ${problem.detail}`}>
            <button type="button" className="link-button" aria-label={t('grid.showProblem', { name: nameOf(problem.employeeId), date })} onClick={() => onShow(problem)}>
              {nameOf(problem.employeeId)} · {date}
            </button>
            <span>{explain(problem)}</span>
          </li>
        )
      })}
      {problems.length > SHOWN && <li className="muted">{t('grid.moreProblems', { count: problems.length - SHOWN })}</li>}
    </ul>
  )
}

interface ReportProps extends Omit<Props, 'title' | 'problems'> {
  problems: readonly ScheduleProblem[]
  onClose: () => void
}

/** What was saved with something to look at, and what was not, because its month is locked. */
export function SavedReport({ problems, onClose, ...list }: ReportProps) {
  const { t } = useTranslation()
  const locked = problems.filter(({ code }) => code === 'schedule.locked')
  const open = problems.filter(({ code }) => code !== 'schedule.locked')
  return (
    <>
      {locked.length > 0 && (
        <Alert type="error" showIcon role="alert" closable={{ onClose, 'aria-label': t('action.close') }} title={t('grid.blocked', { count: locked.length })} description={<ProblemList title={t('grid.blocked', { count: locked.length })} problems={locked} {...list} />} />
      )}
      {open.length > 0 && (
        <Alert type="warning" showIcon role="status" closable={{ onClose, 'aria-label': t('action.close') }} title={t('grid.savedWith', { count: open.length })} description={<ProblemList title={t('grid.savedWith', { count: open.length })} problems={open} {...list} />} />
      )}
    </>
  )
}

export function CheckFailed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation()
  return <Alert type="error" showIcon role="alert" title={t('grid.checkFailed')} description={explainError(error)} action={<Button size="small" onClick={onRetry}>{t('action.retry')}</Button>} />
}
