import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Machine } from '../../api/types'
import { Ago, number, Panel, useFilters } from '../../kit'
import { said } from '../../words/said'
import { peopleFinding, punchFinding, type Finding } from './counts'
import { skewText, clockIsOff } from './skew'
import { useGive } from './useGive'
import { Warnings } from './Warnings'

/** Everything known of a machine: is it talking, does it agree with us, and what is it? */
export function MachineFacts({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  return (
    <div className="tab-body">
      <Warnings machine={machine} />
      <div className="two-columns">
        <div className="column">
          <Contact machine={machine} />
          <About machine={machine} />
        </div>
        <div className="column">
          <Counts machine={machine} />
          <Panel title={t('machine.capacity')} side={<span className="muted">{t('machine.capacityEstimate')}</span>}>
            <Capacity machine={machine} />
          </Panel>
        </div>
      </div>
    </div>
  )
}

function Contact({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  const give = useGive(machine.sn)
  const { set } = useFilters()
  const { waiting, sent } = machine.queue
  const warned = machine.warnings.some(({ code }) => code === 'machine.clock_off')
  const queue = [...(waiting > 0 ? [t('machine.queueWaiting', { count: waiting })] : []), ...(sent > 0 ? [t('machine.queueSent', { count: sent })] : [])]
  return (
    <Panel title={t('machine.contact')}>
      <dl className="facts">
        <dt>{t('machine.lastSeen')}</dt>
        <dd><Ago at={machine.lastSeenAt} /></dd>
        <dt>{t('machine.newestPunch')}</dt>
        <dd>{machine.horizon.newestPunchAt === null ? <span className="muted">{t('machine.noPunchYet')}</span> : <Ago at={machine.horizon.newestPunchAt} />}</dd>
        <dt>{t('machine.queue')}</dt>
        <dd className="fact-row">
          <span>{queue.length === 0 ? t('machine.queueNone') : queue.join(' · ')}</span>
          {queue.length > 0 && <button type="button" className="link-button" onClick={() => set({ tab: 'commands' })}>{t('machine.queueOpen')}</button>}
        </dd>
        <dt>{t('machine.skew')}</dt>
        <dd className="fact-row">
          <span className={clockIsOff(machine.clockSkewSeconds) ? 'warn' : undefined}>{skewText(t, machine.clockSkewSeconds)}</span>
          {machine.clockMeasuredAt !== null && <span className="muted"><Ago at={machine.clockMeasuredAt} /></span>}
          {clockIsOff(machine.clockSkewSeconds) && !warned && <Button size="small" disabled={!machine.enabled} onClick={() => give({ kind: 'setClock' })}>{t('command.kind.setClock')}</Button>}
        </dd>
        <dt>{t('machines.zone')}</dt>
        <dd>{machine.timeZone}</dd>
        <dt>{t('machine.address')}</dt>
        <dd className="mono">{machine.address ?? '–'}</dd>
      </dl>
    </Panel>
  )
}

function Counts({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  const { reported, held, roster } = machine
  const rows: [name: string, here: number | null, there: number | null][] = [
    [t('machine.punches'), held.punches, reported.punches],
    [t('machine.people'), roster.total, reported.people],
    [t('machine.fingerprints'), null, reported.fingerprints],
    [t('machine.faces'), null, reported.faces],
  ]
  const findings = [punchFinding(t, machine), peopleFinding(t, machine)].filter((finding) => finding !== undefined)
  return (
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
          {rows.map(([name, here, there]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="end">{here === null ? '–' : number(here)}</td>
              <td className="end">{there === null ? <span className="muted">{t('machines.unknownCount')}</span> : number(there)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {findings.map((finding) => (
        <FindingLine key={finding.text} finding={finding} machine={machine} />
      ))}
    </Panel>
  )
}

function FindingLine({ finding, machine }: { finding: Finding; machine: Machine }) {
  const { t } = useTranslation()
  const give = useGive(machine.sn)
  const { set } = useFilters()
  const actions: Record<NonNullable<Finding['action']>, ReactNode> = {
    readInfo: <Button size="small" disabled={!machine.enabled} onClick={() => give({ kind: 'readInfo' })}>{t('command.kind.readInfo')}</Button>,
    rejected: (
      <>
        <Button size="small" disabled={!machine.enabled} onClick={() => give({ kind: 'readInfo' })}>{t('command.kind.readInfo')}</Button>
        <button type="button" className="link-button" onClick={() => set({ tab: 'punches', view: 'gaps' })}>{t('gaps.title')}</button>
        <Link to="/punches?tab=rejected">{t('machine.toRejected')}</Link>
      </>
    ),
    seen: <button type="button" className="link-button" onClick={() => set({ tab: 'people', view: 'machine' })}>{t('machine.toPeople')}</button>,
    roster: <button type="button" className="link-button" onClick={() => set({ tab: 'people', view: undefined })}>{t('machine.toList')}</button>,
  }
  return (
    <div className={`finding finding-${finding.tone}`}>
      <p>{finding.text}</p>
      {finding.action && <div className="finding-actions">{actions[finding.action]}</div>}
    </div>
  )
}

function About({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  const algorithms = machine.algorithms.map(({ kind, version }) => `${said(`capability.${kind}`) ?? kind} ${version}`)
  return (
    <Panel title={t('machine.about')}>
      <dl className="facts">
        <dt>{t('machines.sn')}</dt>
        <dd className="mono">{machine.sn}</dd>
        <dt>{t('machines.model')}</dt>
        <dd>{machine.model ?? '–'}</dd>
        <dt>{t('machine.dialect')}</dt>
        <dd>{machine.dialect === null ? '–' : t(`dialect.${machine.dialect}`)}</dd>
        <dt>{t('machine.protocol')}</dt>
        <dd>{machine.protocolVersion ?? '–'}</dd>
        <dt>{t('machine.firmware')}</dt>
        <dd>{machine.firmware ?? '–'}</dd>
        <dt>{t('machine.capabilities')}</dt>
        <dd>{machine.capabilities.map((capability) => t(`capability.${capability}`)).join(' · ') || '–'}</dd>
        <dt>{t('machine.algorithms')}</dt>
        <dd>{algorithms.join(' · ') || '–'}</dd>
        {machine.ignoresRepeatsMinutes !== null && (
          <>
            <dt>{t('machine.repeats')}</dt>
            <dd>{t('machine.repeatsHint', { count: machine.ignoresRepeatsMinutes })}</dd>
          </>
        )}
      </dl>
    </Panel>
  )
}

const STORES = ['people', 'fingerprints', 'faces', 'punches'] as const
/** From here on somebody should think about room. */
const TIGHT = 0.9

function Capacity({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  const known = STORES.flatMap((store) => {
    const most = machine.capacity[store]
    return most === null || most <= 0 ? [] : [{ store, most, used: machine.reported[store] }]
  })
  if (known.length === 0) return <p className="muted">{t('machine.capacityUnknown')}</p>
  return (
    <ul className="bars">
      {known.map(({ store, most, used }) => {
        const values = { used: number(used ?? 0), most: number(most) }
        const text = used === null ? t('machine.capacityMost', values) : t('machine.capacityOf', values)
        const share = Math.min(1, (used ?? 0) / most)
        return (
          <li key={store}>
            <span>{t(`machine.${store}`)}</span>
            <span className="bar-track" aria-hidden="true">
              <span className={share >= TIGHT ? 'bar-fill tight' : 'bar-fill'} style={{ width: `${String(share * 100)}%` }} />
            </span>
            <span className="bar-text">{text}</span>
          </li>
        )
      })}
    </ul>
  )
}
