import { LockOutlined, UnlockOutlined } from '@ant-design/icons'
import { Alert, Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocks, useLockMonth, useUnlockMonth } from '../../../api/attendance'
import { asProblem, type ApiProblem } from '../../../api/problem'
import { Confirm, explain, localTime } from '../../../kit'
import { whoText } from '../../audit/whoText'
import { LateDays } from './LateDays'

interface Props {
  month: string
  locked: boolean
  provisional: boolean
}

/** Whether the month still moves; closing it, opening it again, and what came to light since. */
export function LockBar({ month, locked, provisional }: Props) {
  const { t } = useTranslation()
  const locks = useLocks()
  const [asking, setAsking] = useState<'lock' | 'unlock' | 'late' | null>(null)
  const lock = locks.data?.find((each) => each.month === month)
  const close = () => setAsking(null)
  return (
    <div className={`lock-bar${locked ? ' locked' : ''}`}>
      <span>
        {locked ? <LockOutlined aria-hidden="true" /> : <UnlockOutlined aria-hidden="true" />}{' '}
        {locked && lock ? t('lock.is', { month, time: localTime(lock.lockedAt).slice(0, 16), who: whoText(t, lock.who) }) : locked ? t('lock.isPlain', { month }) : t(provisional ? 'lock.provisional' : 'lock.open', { month })}
      </span>
      {locked && lock && lock.late > 0 && (
        <Button size="small" type="primary" onClick={() => setAsking('late')}>{t('lock.late', { count: lock.late })}</Button>
      )}
      <Button size="small" onClick={() => setAsking(locked ? 'unlock' : 'lock')}>{t(locked ? 'lock.unlock' : 'lock.lock')}</Button>
      {asking === 'lock' && <AskLock month={month} onClose={close} />}
      {asking === 'unlock' && <AskUnlock month={month} late={lock?.late ?? 0} onClose={close} />}
      {asking === 'late' && <LateDays month={month} onClose={close} />}
    </div>
  )
}

/** Reasons that somebody may overrule, having read them. */
const OVERRULED = new Set(['attendance.month_not_over', 'attendance.month_provisional'])

function AskLock({ month, onClose }: { month: string; onClose: () => void }) {
  const { t } = useTranslation()
  const lock = useLockMonth()
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const overrule = problem !== null && OVERRULED.has(problem.code)
  const submit = async () => {
    try {
      await lock.mutateAsync({ month, ...(overrule ? { confirm: true } : {}) })
      onClose()
    } catch (error) {
      setProblem(asProblem(error))
    }
  }
  return (
    <Modal
      open
      title={t('lock.lockTitle', { month })}
      onCancel={onClose}
      onOk={() => void submit()}
      okText={t(overrule ? 'lock.lockAnyway' : 'lock.lock')}
      cancelText={t('action.cancel')}
      okButtonProps={{ loading: lock.isPending, danger: overrule, disabled: problem !== null && !overrule }}
    >
      <div className="form">
        <p>{t('lock.lockWhat')}</p>
        {problem && <Alert type={overrule ? 'warning' : 'error'} showIcon role="alert" title={t('lock.lockFailed')} description={explain(problem)} />}
      </div>
    </Modal>
  )
}

function AskUnlock({ month, late, onClose }: { month: string; late: number; onClose: () => void }) {
  const { t } = useTranslation()
  const unlock = useUnlockMonth()
  return (
    <Confirm title={t('lock.unlockTitle', { month })} action={t('lock.unlock')} failed={t('lock.unlockFailed')} run={() => unlock.mutateAsync(month)} onClose={onClose}>
      <p>{t('lock.unlockWhat')}</p>
      {late > 0 && <p className="warn">{t('lock.unlockLate', { count: late })}</p>}
    </Confirm>
  )
}
