import { Alert } from 'antd'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Machine } from '../../api/types'
import { Ago, explain, number, Panel } from '../../kit'

function skewText(t: TFunction, seconds: number | null): string {
  if (seconds === null) return t('machine.skewUnknown')
  const minutes = Math.round(Math.abs(seconds) / 60)
  if (Math.abs(seconds) <= 60) return t('machine.skewFine')
  return seconds > 0 ? t('machine.skewAhead', { minutes }) : t('machine.skewBehind', { minutes })
}

export function MachineFacts({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  const { reported, held } = machine
  const there = (count: number | null) => (count === null ? <span className="muted">{t('machines.unknownCount')}</span> : number(count))
  const rows: [string, number | null, number | null][] = [
    [t('machine.punches'), reported.punches, held.punches],
    [t('machine.people'), reported.people, held.people],
    [t('machine.fingerprints'), reported.fingerprints, null],
    [t('machine.faces'), reported.faces, null],
  ]
  const missing = reported.punches !== null && reported.punches > held.punches

  return (
    <div className="tab-body">
      {machine.warnings.filter(({ code }) => code !== 'machine.count_mismatch').map((warning) => (
        <Alert key={warning.code} type="warning" showIcon title={explain(warning)} />
      ))}
      {missing && (
        <Alert
          type="warning"
          showIcon
          title={t('machines.difference', { reported: number(reported.punches ?? 0), held: number(held.punches) })}
        />
      )}
      <div className="grid-2">
        <Panel title={t('machine.contact')}>
          <dl className="facts">
            <dt>{t('machine.lastSeen')}</dt>
            <dd><Ago at={machine.lastSeenAt} /></dd>
            <dt>{t('machine.address')}</dt>
            <dd className="mono">{machine.address ?? '–'}</dd>
            <dt>{t('machines.zone')}</dt>
            <dd>{machine.timeZone}</dd>
            <dt>{t('machine.skew')}</dt>
            <dd>{skewText(t, machine.clockSkewSeconds)}</dd>
          </dl>
        </Panel>
        <Panel title={t('machine.counts')}>
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col"><span className="sr-only">{t('machine.counts')}</span></th>
                <th scope="col" className="end">{t('machine.held')}</th>
                <th scope="col" className="end">{t('machine.reported')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(([name, onMachine, here]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td className="end">{here === null ? '–' : number(here)}</td>
                  <td className="end">{there(onMachine)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
        <Panel title={t('machine.about')}>
          <dl className="facts">
            <dt>{t('machines.sn')}</dt>
            <dd className="mono">{machine.sn}</dd>
            <dt>{t('machines.model')}</dt>
            <dd>{machine.model ?? '–'}</dd>
            <dt>{t('machine.firmware')}</dt>
            <dd>{machine.firmware ?? '–'}</dd>
            <dt>{t('machine.dialect')}</dt>
            <dd>{machine.dialect === null ? '–' : t(`dialect.${machine.dialect}`)}</dd>
            <dt>{t('machine.protocol')}</dt>
            <dd>{machine.protocolVersion ?? '–'}</dd>
            <dt>{t('machine.capabilities')}</dt>
            <dd>{machine.capabilities.map((capability) => t(`capability.${capability}`)).join(' · ') || '–'}</dd>
          </dl>
        </Panel>
      </div>
    </div>
  )
}
