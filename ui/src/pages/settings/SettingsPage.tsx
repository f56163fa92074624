import { Alert, AutoComplete, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { signOut } from '../../api/client'
import { useChangeSettings, useHealth, useListener, useSettings } from '../../api/queries'
import type { Settings } from '../../api/types'
import { transport } from '../../api/transport'
import { explain, Failure, Field, Loading, localTime, named, PageHead, Panel, SwitchRow, useNotice, useSubmit } from '../../kit'
import { zoneOptions } from '../../kit/zones'
import { LanguageChoice, ThemeChoiceControl } from '../../shell/choices'
import { Addresses } from './Addresses'
import { ListenerProblems } from './ListenerProblems'
import { QuotaForm } from './QuotaForm'

export function SettingsPage() {
  const { t } = useTranslation()
  const settings = useSettings()
  const health = useHealth()
  return (
    <main className="page">
      <PageHead title={t('settings.title')} />
      <div className="grid-2">
        <ListenerPanel />
        <div className="column">
          <Panel title={t('settings.site')}>
            {settings.error && !settings.data && <Failure title={t('settings.loadFailed')} error={settings.error} onRetry={() => void settings.refetch()} />}
            {settings.data && (
              <div className="form">
                <ZoneForm key={settings.data.timeZone} settings={settings.data} />
                <ClockSwitch settings={settings.data} />
                <QuotaForm key={settings.data.missedPunchQuota} settings={settings.data} />
              </div>
            )}
          </Panel>
          <Panel title={t('settings.look')}>
            <dl className="facts" style={{ alignItems: 'center' }}>
              <dt>{t('settings.language')}</dt>
              <dd><LanguageChoice /></dd>
              <dt>{t('settings.theme')}</dt>
              <dd><ThemeChoiceControl /></dd>
            </dl>
          </Panel>
          <Panel title={t('settings.storage')}>
            {health.data?.storage.writable === true && <p>{t('settings.writable')}</p>}
            {health.data?.storage.writable === false && (
              <Alert type="error" showIcon title={t('app.storageBanner')} description={explain({ code: health.data.storage.code ?? 'database.failed', detail: '' })} />
            )}
          </Panel>
          <SignInPanel />
          <p className="muted">{health.data && `${t('settings.version')} ${health.data.version}`}</p>
        </div>
      </div>
    </main>
  )
}

/** Where machines reach Rollcall, and a test whether they do. */
function ListenerPanel() {
  const { t } = useTranslation()
  const listener = useListener()
  const [tested, setTested] = useState<{ at: string; error: unknown } | null>(null)
  const [busy, setBusy] = useState(false)

  const test = async () => {
    setBusy(true)
    const { error } = await listener.refetch()
    setTested({ at: new Date().toISOString(), error })
    setBusy(false)
  }

  return (
    <Panel title={t('settings.listener')}>
      {listener.error && !listener.data && <Failure title={t('settings.loadFailed')} error={listener.error} onRetry={() => void listener.refetch()} />}
      {!listener.data && !listener.error && <Loading />}
      {listener.data && (
        <div className="form">
          <p className="muted">{t('settings.listenerHint')}</p>
          <Addresses listener={listener.data} />
          <ListenerProblems listener={listener.data} />
          <div className="form-foot">
            <Button loading={busy} onClick={() => void test()}>{t('settings.test')}</Button>
            <span className="muted" role="status">
              {tested && !tested.error && `${t('settings.testGood', { address: `${listener.data.address}:${String(listener.data.port)}` })} ${localTime(tested.at).slice(11)}`}
            </span>
          </div>
          {tested?.error !== null && tested?.error !== undefined && (
            <Failure title={t('settings.testBad', { address: `${listener.data.address}:${String(listener.data.port)}` })} error={tested.error} />
          )}
        </div>
      )}
    </Panel>
  )
}

function ZoneForm({ settings }: { settings: Settings }) {
  const current = settings.timeZone
  const { t } = useTranslation()
  const notice = useNotice()
  const change = useChangeSettings()
  const [zone, setZone] = useState(current)
  const { submit, busy, problem } = useSubmit(async () => {
    const saved = await change.mutateAsync({ ...settings, timeZone: zone.trim() })
    notice.done(t('settings.zoneSaved', { zone: saved.timeZone }))
  })
  return (
    <form className="form" onSubmit={(event) => { event.preventDefault(); submit() }}>
      <Field label={t('settings.zone')} hint={t('settings.zoneHint')} error={problem ? `${t('settings.zoneFailed')}: ${explain(problem)}` : undefined}>
        {(given) => (
          <div className="form-foot">
            <AutoComplete {...given} popupRender={named(t('settings.zone'))} style={{ flex: 1 }} value={zone} onChange={setZone} options={zoneOptions(zone === current ? '' : zone)} />
            <Button htmlType="submit" disabled={zone.trim() === current} loading={busy}>{t('action.save')}</Button>
          </div>
        )}
      </Field>
    </form>
  )
}

/** Machines set their clocks by what they are answered; a site with a time server of its own may not want that. */
function ClockSwitch({ settings }: { settings: Settings }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const change = useChangeSettings()
  const { steerClocks } = settings
  return (
    <SwitchRow
      label={t('settings.steer')}
      hint={t('settings.steerHint')}
      checked={steerClocks}
      busy={change.isPending}
      onChange={(next) => notice.attempt(change.mutateAsync({ ...settings, steerClocks: next }), next ? t('settings.steerOn') : t('settings.steerOff'), t('settings.steerFailed'))}
    />
  )
}

function SignInPanel() {
  const { t } = useTranslation()
  const notice = useNotice()
  if (transport.kind === 'window') return <Panel title={t('settings.security')}><p>{t('settings.inWindow')}</p></Panel>
  return (
    <Panel title={t('settings.security')}>
      <div className="form-foot" style={{ justifyContent: 'space-between' }}>
        <p>{t('settings.signedIn')}</p>
        <Button onClick={() => void signOut().catch((error: unknown) => notice.failed(t('settings.signOutFailed'), error))}>
          {t('settings.signOut')}
        </Button>
      </div>
    </Panel>
  )
}
