import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useCorrectSn } from '../../api/queries'
import type { Machine, Stranger } from '../../api/types'
import { Ago, Panel, useNotice } from '../../kit'
import { nearMisses } from './nearMiss'

interface Props {
  strangers: readonly Stranger[]
  machines: readonly Machine[]
  onAdopt: (stranger: Stranger) => void
}

/** Machines that knock and that nobody has added; on top, since their punches wait. */
export function Strangers({ strangers, machines, onAdopt }: Props) {
  const { t } = useTranslation()
  return (
    <Panel label={t('machines.strangers')} title={t('machines.strangers')}>
      <div className="strangers-panel">
      <p className="muted">{t('machines.strangersHint')}</p>
      <NearMisses machines={machines} strangers={strangers} />
      <ul className="strangers">
        {strangers.map((stranger) => (
          <li key={stranger.sn}>
            <strong className="mono">{stranger.sn}</strong>
            <span className="mono">{stranger.address}</span>
            <span className="muted">
              {t('machines.knocks', { count: stranger.knocks })} · {t('machines.firstKnock')} <Ago at={stranger.firstSeenAt} /> · {t('machines.lastKnock')} <Ago at={stranger.lastSeenAt} />
            </span>
            <Says info={stranger.info} />
            <Button onClick={() => onAdopt(stranger)} aria-label={`${t('machines.adopt')}: ${stranger.sn}`}>
              {t('machines.adopt')}
            </Button>
          </li>
        ))}
      </ul>
      </div>
    </Panel>
  )
}

/** What tells one machine from another at a glance; a modern one says fifty things more. */
const TELLING = ['DeviceName', 'FWVersion', 'pushver'] as const

function Says({ info }: { info: Record<string, string> }) {
  const { t } = useTranslation()
  const telling = TELLING.map((key) => info[key]).filter((value) => value !== undefined && value !== '').join(' · ')
  const everything = Object.entries(info).map(([key, value]) => `${key}: ${value}`).join('\n')
  return (
    <span className="muted says" title={everything}>
      {telling !== '' && `${t('machines.says')}: ${telling}`}
    </span>
  )
}

export function NearMisses({ machines, strangers }: { machines: readonly Machine[]; strangers: readonly Stranger[] }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const correct = useCorrectSn()
  return nearMisses(machines, strangers).map(({ machine, stranger }) => (
    <Alert
      key={`${machine.sn} ${stranger.sn}`}
      type="warning"
      showIcon
      title={t('machines.nearMiss', { name: machine.name })}
      description={t('machines.nearMissHint', { entered: machine.sn, knocking: stranger.sn })}
      action={
        <Button
          loading={correct.isPending}
          onClick={() =>
            notice.attempt(
              correct.mutateAsync({ wrong: machine.sn, right: stranger.sn }),
              t('machines.nearMissDone', { name: machine.name, sn: stranger.sn }),
              t('machines.nearMissFailed'),
            )
          }
        >
          {t('machines.nearMissAction', { sn: stranger.sn })}
        </Button>
      }
    />
  ))
}
