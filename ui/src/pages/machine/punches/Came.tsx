import { useTranslation } from 'react-i18next'
import type { Job } from '../../../api/types'
import { number } from '../../../kit'
import { cameOf } from './came'

const SHOWN = ['received', 'new', 'known', 'others', 'repeated', 'rejected'] as const

/** What has come of a re-upload so far, each punch counted once. */
export function Came({ job }: { job: Pick<Job, 'result'> }) {
  const { t } = useTranslation()
  const came = cameOf(job)
  if (!came) return null
  return (
    <>
      <div className="figures">
        {SHOWN.map((key) => (
          <p key={key} className={key === 'rejected' && came.rejected > 0 ? 'figure figure-bad' : 'figure'}>
            <strong>{number(came[key])}</strong>
            <span>{t(`reupload.count.${key}`)}</span>
          </p>
        ))}
      </div>
      {came.theirs !== null && <p className="muted">{t('reupload.holds', { theirs: number(came.theirs) })}</p>}
    </>
  )
}
