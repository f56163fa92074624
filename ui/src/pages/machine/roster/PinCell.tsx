import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useAcceptProposals } from '../../../api/rules'
import type { RosterEntry } from '../../../api/types'
import { type Refusal, useNotice } from '../../../kit'
import { refusalsOf } from './refusalsOf'

/** The number on the machine; beside it what the field would give now, when that is another one. */
export function PinCell({ sn, entry, onRefused }: { sn: string; entry: RosterEntry; onRefused: (refused: readonly Refusal[]) => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const accept = useAcceptProposals(sn)
  const { pin, pinProposal, employeeId, name } = entry
  const take = async () => {
    try {
      const answer = await accept.mutateAsync([employeeId])
      if (answer.changed.length > 0) notice.done(t('mapping.accepted', { count: answer.changed.length }))
      onRefused(refusalsOf(answer, [entry]))
    } catch (error) {
      notice.failed(t('mapping.acceptFailed'), error)
    }
  }
  return (
    <span className="pin-cell">
      {pin === null ? <span className="muted">{t('roster.noPin')}</span> : <span>{pin}</span>}
      {pinProposal !== null && (
        <>
          <span className="tag tag-warn" title={t('mapping.proposalHint')}>{t('mapping.proposal', { pin: pinProposal })}</span>
          <Button type="link" size="small" loading={accept.isPending} aria-label={t('mapping.acceptOf', { name, pin: pinProposal })} onClick={() => void take()}>
            {t('mapping.accept')}
          </Button>
        </>
      )}
    </span>
  )
}
