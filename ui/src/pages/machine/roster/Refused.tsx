import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import type { RosterEntry, RosterOutcome } from '../../../api/types'
import { explain } from '../../../kit'

export interface Refusal {
  name: string
  code: string
  detail: string
}

/** Who of a batch stayed as they were, by name. */
export function refusalsOf({ rejected }: Pick<RosterOutcome, 'rejected'>, entries: readonly Pick<RosterEntry, 'employeeId' | 'name'>[]): Refusal[] {
  return rejected.map(({ employeeId, code, detail }) => ({ name: entries.find((entry) => entry.employeeId === employeeId)?.name ?? employeeId, code, detail }))
}

export function Refused({ refused, onClose }: { refused: readonly Refusal[]; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      closable={{ onClose, 'aria-label': t('action.close') }}
      title={t('roster.notChanged', { count: refused.length })}
      description={
        <ul className="refused">
          {refused.slice(0, 30).map((each) => <li key={`${each.name} ${each.code}`}>{`${each.name} · ${explain(each)}`}</li>)}
        </ul>
      }
    />
  )
}
