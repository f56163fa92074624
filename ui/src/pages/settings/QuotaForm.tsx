import { Button, InputNumber } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChangeSettings } from '../../api/queries'
import type { Settings } from '../../api/types'
import { explain, Field, useNotice, useSubmit } from '../../kit'

/** How many missed punches may be put right for one person in a month; nothing for as many as are asked for. */
export function QuotaForm({ settings }: { settings: Settings }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const change = useChangeSettings()
  const [quota, setQuota] = useState(settings.missedPunchQuota)
  const { submit, busy, problem } = useSubmit(async () => {
    const { missedPunchQuota } = await change.mutateAsync({ ...settings, missedPunchQuota: quota })
    notice.done(missedPunchQuota === null ? t('settings.quotaNone') : t('settings.quotaSaved', { count: missedPunchQuota }))
  })
  return (
    <form className="form" onSubmit={(event) => { event.preventDefault(); submit() }}>
      <Field label={t('settings.quota')} hint={t('settings.quotaHint')} error={problem ? `${t('settings.quotaFailed')}: ${explain(problem)}` : undefined}>
        {(given) => (
          <div className="form-foot">
            <InputNumber {...given} min={0} max={100} precision={0} style={{ width: 110 }} value={quota} onChange={setQuota} />
            <Button htmlType="submit" disabled={quota === settings.missedPunchQuota} loading={busy}>{t('action.save')}</Button>
          </div>
        )}
      </Field>
    </form>
  )
}
