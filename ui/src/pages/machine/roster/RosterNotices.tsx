import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useAcceptProposals, useMapping } from '../../../api/rules'
import { useRoster, wholeRoster } from '../../../api/rosterQueries'
import type { Machine } from '../../../api/types'
import { explain, type Refusal, useFilters, useNotice } from '../../../kit'
import { refusalsOf } from './refusalsOf'

const NO_ADMINISTRATOR = 'machine.no_administrator'

interface Props {
  machine: Machine
  onMapping: () => void
  onRefused: (refused: readonly Refusal[]) => void
}

/** What of the list needs somebody: no administrator, people without a number, numbers whose field has changed. */
export function RosterNotices({ machine, onMapping, onRefused }: Props) {
  const { t } = useTranslation()
  const { set } = useFilters()
  const warning = machine.warnings.find(({ code }) => code === NO_ADMINISTRATOR)
  const { noNumber } = machine.roster
  return (
    <>
      {warning && <Alert type="warning" showIcon title={explain(warning)} />}
      {noNumber > 0 && (
        <Alert
          type="info"
          showIcon
          title={t('roster.withoutNumber', { count: noNumber })}
          action={
            <span className="page-actions">
              <Button onClick={() => set({ state: 'noNumber' })}>{t('roster.showThem')}</Button>
              <Button onClick={onMapping}>{t('mapping.open')}</Button>
            </span>
          }
        />
      )}
      <Proposals machine={machine} onRefused={onRefused} />
    </>
  )
}

/** Numbers that the field would give otherwise now. Only while the mapping is on can there be any. */
function Proposals({ machine, onRefused }: Pick<Props, 'machine' | 'onRefused'>) {
  const { t } = useTranslation()
  const notice = useNotice()
  const mapping = useMapping(machine.sn)
  const accept = useAcceptProposals(machine.sn)
  const list = useRoster(machine.sn)
  const count = mapping.data?.enabled ? list.rows.filter(({ pinProposal }) => pinProposal !== null).length : 0
  if (count === 0) return null
  const takeAll = async () => {
    try {
      const proposed = (await wholeRoster(machine.sn)).filter(({ pinProposal }) => pinProposal !== null)
      const answer = await accept.mutateAsync(proposed.map(({ employeeId }) => employeeId))
      if (answer.changed.length > 0) notice.done(t('mapping.accepted', { count: answer.changed.length }))
      onRefused(refusalsOf(answer, proposed))
    } catch (error) {
      notice.failed(t('mapping.acceptFailed'), error)
    }
  }
  return (
    <Alert
      type="info"
      showIcon
      title={t('mapping.proposals', { count })}
      description={t('mapping.proposalHint')}
      action={<Button loading={accept.isPending} onClick={() => void takeAll()}>{t('mapping.acceptAll')}</Button>}
    />
  )
}
