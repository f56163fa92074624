import { useTranslation } from 'react-i18next'
import { useLatestJob } from '../../../api/jobs'
import type { Machine } from '../../../api/types'
import { number } from '../../../kit'
import { Watched } from '../../jobs/Watched'
import { RosterActions } from './RosterActions'
import { STATE_TONE } from './states'

const COUNTED = ['synced', 'waiting', 'failed', 'noNumber'] as const

/** How far the machine has the list, in numbers, and the work that is under way. */
export function SyncProgress({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  const job = useLatestJob(machine.sn, 'rosterSync')
  const counts = machine.roster
  return (
    <>
      <div className="roster-head">
        <p className="roster-counts" role="status">
          <span>{t('sync.total', { count: counts.total })}</span>
          {COUNTED.filter((state) => counts[state] > 0).map((state) => (
            <span key={state} className={`tag tag-${STATE_TONE[state]}`}>{`${t(`rosterState.${state}`)} ${number(counts[state])}`}</span>
          ))}
        </p>
        <div className="page-actions"><RosterActions machine={machine} /></div>
      </div>
      {job.data && <Watched job={job.data} />}
    </>
  )
}
