import { Button, InputNumber } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem, type ApiProblem } from '../../api/problem'
import { useChangeSettings } from '../../api/queries'
import type { Settings } from '../../api/types'
import { explain, Field, useNotice } from '../../kit'

/** How many missed punches may be put right for one person in a month; nothing for as many as are asked for. */
export function QuotaForm({ settings }: { settings: Settings }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const change = useChangeSettings()
  const [quota, setQuota] = useState(settings.missedPunchQuota)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const save = async () => {
    setProblem(null)
    try {
      const { missedPunchQuota } = await change.mutateAsync({ ...settings, missedPunchQuota: quota })
      notice.done(missedPunchQuota === null ? t('settings.quotaNone') : t('settings.quotaSaved', { count: missedPunchQuota }))
    } catch (error) {
      setProblem(asProblem(error))
    }
  }
  return (
    <form className="form" onSubmit={(event) => { event.preventDefault(); void save() }}>
      <Field label={t('settings.quota')} hint={t('settings.quotaHint')} error={problem ? `${t('settings.quotaFailed')}: ${explain(problem)}` : undefined}>
        {(given) => (
          <div className="form-foot">
            <InputNumber {...given} min={0} max={100} precision={0} style={{ width: 110 }} value={quota} onChange={setQuota} />
            <Button htmlType="submit" disabled={quota === settings.missedPunchQuota} loading={change.isPending}>{t('action.save')}</Button>
          </div>
        )}
      </Field>
    </form>
  )
}
