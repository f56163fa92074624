import { Tabs } from 'antd'
import { useTranslation } from 'react-i18next'
import { PageHead, useFilters } from '../../kit'
import { AuditTable } from '../audit/Audit'
import { JobList } from './JobList'

const TABS = ['jobs', 'log'] as const

/** What runs, waits or has run; and what people have changed. */
export function Jobs() {
  const { t } = useTranslation()
  const { get, set } = useFilters()
  const tab = TABS.find((name) => name === get('tab')) ?? 'jobs'
  return (
    <main className="page">
      <PageHead title={t('jobs.title')} />
      <Tabs
        className="page-tabs"
        activeKey={tab}
        onChange={(next) => set({ tab: next === 'jobs' ? undefined : next, state: undefined, kind: undefined, sort: undefined })}
        destroyOnHidden
        items={[
          { key: 'jobs', label: t('jobs.tabJobs'), children: <JobList /> },
          { key: 'log', label: t('audit.title'), children: <AuditTable /> },
        ]}
      />
    </main>
  )
}
