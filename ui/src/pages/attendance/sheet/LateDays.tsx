import { Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { useLateDays } from '../../../api/attendance'
import { Failure, Loading } from '../../../kit'
import { Differences } from './Differences'

/** What came late: the month as it was locked, and as it would be. */
export function LateDays({ month, onClose }: { month: string; onClose: () => void }) {
  const { t } = useTranslation()
  const late = useLateDays(month, true)
  return (
    <Modal open width={860} title={t('lock.lateTitle', { month })} onCancel={onClose} footer={null}>
      <div className="form">
        <p className="muted">{t('lock.lateHint')}</p>
        {late.error && !late.data && <Failure title={t('kit.loadFailed')} error={late.error} onRetry={() => void late.refetch()} />}
        {late.isPending && <Loading />}
        {late.data && <Differences rows={late.data} label={t('lock.lateTitle', { month })} />}
      </div>
    </Modal>
  )
}
