import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import type { PunchFileReport } from '../../../api/types'
import { explain, number, wallTime } from '../../../kit'

const SHOWN = ['lines', 'new', 'known', 'unmatched', 'rejectedCount'] as const
/** More lines than this are counted alone. */
const TOLD = 50

/** What a file brings, or has brought; each line that cannot be read with the reason. */
export function PunchFileCounts({ report }: { report: PunchFileReport }) {
  const { t } = useTranslation()
  const more = report.rejectedCount - Math.min(report.rejected.length, TOLD)
  return (
    <>
      <div className="figures">
        {SHOWN.map((key) => (
          <p key={key} className={key === 'rejectedCount' && report[key] > 0 ? 'figure figure-bad' : 'figure'}>
            <strong>{number(report[key])}</strong>
            <span>{t(`punchFile.count.${key}`)}</span>
          </p>
        ))}
      </div>
      {report.from !== null && report.to !== null && <p className="muted">{t('punchFile.span', { from: wallTime(report.from), to: wallTime(report.to) })}</p>}
      {report.unmatched > 0 && <p className="muted">{t('punchFile.unmatchedHint')}</p>}
      {report.rejectedCount > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t('punchFile.bad', { count: report.rejectedCount })}
          description={
            <>
              <p>{t('punchFile.badHint')}</p>
              {/* Longer than its box: the keyboard has to be able to scroll it. */}
              {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
              <ul className="import-bad" tabIndex={0} aria-label={t('punchFile.bad', { count: report.rejectedCount })}>
                {report.rejected.slice(0, TOLD).map(({ row, code, detail }) => (
                  <li key={row}>
                    {t('punchFile.badRow', { row, why: explain({ code, detail }) })} <span className="mono muted">{detail}</span>
                  </li>
                ))}
              </ul>
              {more > 0 && <p>{t('punchFile.badMore', { count: more })}</p>}
            </>
          }
        />
      )}
    </>
  )
}
