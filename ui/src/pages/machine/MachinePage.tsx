import { Alert, Button, Tabs } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { asProblem } from '../../api/problem'
import { useChangeMachine, useMachine, useMachines, useStrangers } from '../../api/queries'
import { Empty, Failure, Loading, machineState, PageHead, StatusDot, useFilters, useNotice } from '../../kit'
import { MachineMenu } from '../machines/MachineMenu'
import { NearMisses } from '../machines/Strangers'
import { Commands } from './Commands'
import { MachineFacts } from './MachineFacts'
import { MachineSettings } from './MachineSettings'
import { People } from './People'
import { MachinePunches } from './punches/MachinePunches'
import { Rule } from './rule/Rule'
import { Trace } from './Trace'

const TABS = ['overview', 'people', 'punches', 'rule', 'commands', 'settings', 'trace'] as const

export function MachinePage() {
  const { t } = useTranslation()
  const { sn = '' } = useParams()
  const navigate = useNavigate()
  const { get, set } = useFilters()
  const notice = useNotice()
  const query = useMachine(sn)
  const machines = useMachines()
  const strangers = useStrangers()
  const change = useChangeMachine()
  const tab = TABS.find((name) => name === get('tab')) ?? 'overview'

  if (query.error && !query.data) {
    const missing = asProblem(query.error).status === 404
    return (
      <main className="page">
        <PageHead title={sn} />
        {missing ? (
          <Empty
            title={t('machines.notFound', { sn })}
            hint={t('machines.notFoundHint')}
            action={<Button type="primary" onClick={() => void navigate('/machines')}>{t('machines.toList')}</Button>}
          />
        ) : (
          <Failure title={t('kit.loadFailed')} error={query.error} onRetry={() => void query.refetch()} />
        )}
      </main>
    )
  }
  if (!query.data) return <main className="page"><PageHead title={sn} /><Loading /></main>
  const machine = query.data

  const enable = () =>
    notice.attempt(
      change.mutateAsync({ sn: machine.sn, enabled: true }),
      t('machines.enabled', { name: machine.name }),
      t('machines.switchFailed'),
    )

  return (
    <main className="page">
      <PageHead title={machine.name} side={<><StatusDot state={machineState(machine)} /><span className="mono muted">{machine.sn}</span></>}>
        <MachineMenu machine={machine} onDeleted={() => void navigate('/machines')} />
      </PageHead>
      {!machine.enabled && (
        <Alert
          type="warning"
          showIcon
          title={t('machine.disabledTitle')}
          description={t('machine.disabledHint')}
          action={<Button onClick={enable} loading={change.isPending}>{t('machines.enable')}</Button>}
        />
      )}
      {machine.enabled && machine.lastSeenAt === null && (
        <Alert
          type="info"
          showIcon
          title={t('machine.waitingTitle')}
          description={t('machine.waitingHint')}
          action={<Button onClick={() => void navigate('/machines/connect')}>{t('machine.waitingAction')}</Button>}
        />
      )}
      <NearMisses machines={[machine]} strangers={strangers.data?.items ?? []} />
      <Tabs
        className="page-tabs"
        activeKey={tab}
        onChange={(next) => set({ tab: next === 'overview' ? undefined : next, sort: undefined, view: undefined, search: undefined, state: undefined, role: undefined, enabled: undefined, kind: undefined })}
        destroyOnHidden
        items={[
          { key: 'overview', label: t('machine.tabOverview'), children: <MachineFacts machine={machine} /> },
          { key: 'people', label: `${t('machine.tabPeople')} (${String(machine.roster.total)})`, children: <People machine={machine} /> },
          { key: 'punches', label: t('machine.tabPunches'), children: <MachinePunches machine={machine} machines={machines.data?.items ?? []} /> },
          { key: 'rule', label: t('machine.tabRule'), children: <Rule machine={machine} /> },
          { key: 'commands', label: t('machine.tabCommands'), children: <Commands machine={machine} /> },
          { key: 'settings', label: t('machine.tabSettings'), children: <MachineSettings machine={machine} /> },
          { key: 'trace', label: t('machine.tabTrace'), children: <Trace machine={machine} /> },
        ]}
      />
    </main>
  )
}
