import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useLatestPunches } from '../../api/queries'
import type { Machine } from '../../api/types'
import { wallClock } from '../../kit'

export function FirstPunch({ machine, onBack }: { machine: Pick<Machine, 'sn' | 'name'>; onBack: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const latest = useLatestPunches(1, { sn: machine.sn })
  const punch = latest.data?.items[0]
  return (
    <div className="wizard-step">
      <h2>{t('wizard.punchTitle', { name: machine.name })}</h2>
      <div aria-live="polite">
        {punch ? (
          <div className="seen">
            <div>
              <strong>
                {punch.name === null
                  ? t('wizard.punchUnmatched', { pin: punch.pin, time: wallClock(punch.time) })
                  : t('wizard.punchSeen', { name: punch.name, time: wallClock(punch.time) })}
              </strong>
              <p>{t('wizard.punchDone')}</p>
            </div>
          </div>
        ) : (
          <p className="waiting">
            <span className="pulse" aria-hidden="true" />
            {t('wizard.punchHint')}
          </p>
        )}
      </div>
      <div className="form-foot">
        <Button onClick={onBack}>{t('action.back')}</Button>
        <Button onClick={() => void navigate(`/machines/${encodeURIComponent(machine.sn)}`)}>{t('wizard.toMachine')}</Button>
        <Button type="primary" onClick={() => void navigate('/')}>{t('wizard.finish')}</Button>
      </div>
    </div>
  )
}
