import { AuditOutlined, CalendarOutlined, DashboardOutlined, HddOutlined, SettingOutlined, TeamOutlined, UnorderedListOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Alert, Badge } from 'antd'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { NavLink, Outlet, useLocation, useNavigation } from 'react-router'
import { onSignedOut } from '../api/client'
import { followLive, useLiveState } from '../api/live'
import { useJobsToConfirm } from '../api/jobs'
import { useHealth, useStrangers } from '../api/queries'
import { transport } from '../api/transport'
import { explain, useSlow } from '../kit'
import { SignIn } from '../pages/signin/SignIn'
import { QuickChoices } from './choices'

const ITEMS = [
  { to: '/', key: 'overview', icon: <DashboardOutlined aria-hidden="true" /> },
  { to: '/machines', key: 'machines', icon: <HddOutlined aria-hidden="true" /> },
  { to: '/people', key: 'people', icon: <TeamOutlined aria-hidden="true" /> },
  { to: '/punches', key: 'punches', icon: <UnorderedListOutlined aria-hidden="true" /> },
  { to: '/attendance', key: 'attendance', icon: <CalendarOutlined aria-hidden="true" /> },
  { to: '/jobs', key: 'jobs', icon: <AuditOutlined aria-hidden="true" /> },
  { to: '/settings', key: 'settings', icon: <SettingOutlined aria-hidden="true" /> },
] as const

/** Menu, connection state, what is wrong everywhere, and the page. Shows the sign-in instead while there is none. */
export function Shell() {
  const queries = useQueryClient()
  const [signedOut, setSignedOut] = useState(false)
  useEffect(() => onSignedOut(() => setSignedOut(transport.kind === 'browser')), [])
  if (signedOut) {
    return (
      <SignIn
        onSignedIn={() => {
          queries.clear()
          setSignedOut(false)
        }}
      />
    )
  }
  return <Console />
}

function Console() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const navigation = useNavigation()
  const { pathname } = useLocation()
  const main = useRef<HTMLDivElement>(null)
  const slow = useSlow(navigation.state === 'loading')

  useEffect(() => followLive(queries), [queries])
  useEffect(() => {
    const part = ITEMS.find((item) => item.to !== '/' && pathname.startsWith(item.to)) ?? ITEMS[0]
    document.title = `${t(`nav.${part.key}`)} · ${t('app.name')}`
  }, [pathname, t])

  return (
    <div className="shell">
      <a className="skip" href="#content" onClick={(event) => { event.preventDefault(); main.current?.focus() }}>
        {t('app.skip')}
      </a>
      <Menu />
      <div className="stage" id="content" ref={main} tabIndex={-1}>
        <StorageBanner />
        {slow && <div className="page-progress" role="status" aria-label={t('kit.loading')} />}
        <Outlet />
      </div>
    </div>
  )
}

function Menu() {
  const { t } = useTranslation()
  const strangers = useStrangers()
  const toConfirm = useJobsToConfirm()
  const badge = (key: string): ReactNode =>
    key === 'jobs' && (toConfirm.data?.total ?? 0) > 0 ? (
      <Badge count={toConfirm.data?.total} size="small" title={t('jobs.needYes', { count: toConfirm.data?.total ?? 0 })} />
    ) : key === 'machines' && (strangers.data?.total ?? 0) > 0 ? (
      <Badge count={strangers.data?.total} size="small" title={t('overview.strangers', { count: strangers.data?.total ?? 0 })} />
    ) : null
  return (
    <div className="side">
      <div className="brand">
        <img src="/icon.svg" alt="" width={22} height={22} />
        {t('app.name')}
      </div>
      <nav aria-label={t('app.menu')}>
        <ul>
          {ITEMS.map((item) => (
            <li key={item.key}>
              <NavLink to={item.to} end={item.to === '/'}>
                {item.icon}
                <span>{t(`nav.${item.key}`)}</span>
                {badge(item.key)}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <div className="side-foot">
        <LiveLine />
        <QuickChoices />
      </div>
    </div>
  )
}

const LIVE_TEXT = { live: 'app.live', lost: 'app.liveLost', connecting: 'app.liveConnecting' } as const

function LiveLine() {
  const { t } = useTranslation()
  const state = useLiveState()
  return (
    <p className={`live live-${state}`} role="status">
      <span className="live-mark" aria-hidden="true" />
      {t(LIVE_TEXT[state])}
    </p>
  )
}

function StorageBanner() {
  const { t } = useTranslation()
  const health = useHealth()
  if (!health.data) return null
  const { storage, vault } = health.data
  return (
    <>
      {!storage.writable && (
        <Alert
          banner
          type="error"
          role="alert"
          title={t('app.storageBanner')}
          description={explain({ code: storage.code ?? 'database.failed', detail: '' })}
        />
      )}
      {vault && (
        <Alert banner type="warning" role="alert" title={t('app.vaultBanner')} description={explain({ code: vault, detail: '' })} />
      )}
    </>
  )
}
