import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMachines, useStrangers } from '../../api/queries'
import type { Stranger } from '../../api/types'
import { Ago } from '../../kit'
import { NearMisses } from '../machines/Strangers'

/** After so long without a knock the checklist opens by itself. */
const PATIENCE_MS = 45_000

export function Knock({ onTake, onBack }: { onTake: (stranger: Stranger) => void; onBack: () => void }) {
  const { t } = useTranslation()
  const strangers = useStrangers()
  const machines = useMachines()
  const [long, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [])
  const items = strangers.data?.items ?? []

  return (
    <div className="wizard-step">
      <h2>{t('wizard.knockTitle')}</h2>
      <NearMisses machines={machines.data?.items ?? []} strangers={items} />
      <div aria-live="polite" className="form">
        {items.length === 0 && (
          <p className="waiting">
            <span className="pulse" aria-hidden="true" />
            {t('wizard.knockHint')}
          </p>
        )}
        {items.map((stranger) => (
          <div className="seen" key={stranger.sn}>
            <div>
              <strong>{t('wizard.knockSeen', { sn: stranger.sn })}</strong>
              <p>
                <span className="mono">{stranger.address}</span> · <Ago at={stranger.lastSeenAt} />
              </p>
              <p className="muted">{t('wizard.knockSeenHint')}</p>
            </div>
            <Button type="primary" aria-label={`${t('wizard.knockTake')}: ${stranger.sn}`} onClick={() => onTake(stranger)}>
              {t('wizard.knockTake')}
            </Button>
          </div>
        ))}
      </div>
      {items.length === 0 && (
        <details open={long}>
          <summary>{t('wizard.knockNothing')}</summary>
          <ol>
            <li>{t('wizard.knockCheck1')}</li>
            <li>{t('wizard.knockCheck2')}</li>
            <li>{t('wizard.knockCheck3')}</li>
            <li>{t('wizard.knockCheck4')}</li>
          </ol>
        </details>
      )}
      <div className="form-foot">
        <Button onClick={onBack}>{t('action.back')}</Button>
      </div>
    </div>
  )
}
