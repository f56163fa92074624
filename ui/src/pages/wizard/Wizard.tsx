import { Button, Steps } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useListener, useMachines } from '../../api/queries'
import type { Machine, Stranger } from '../../api/types'
import { Failure, Loading, PageHead, Panel } from '../../kit'
import { Addresses } from '../settings/Addresses'
import { ListenerProblems } from '../settings/ListenerProblems'
import { Enter } from './Enter'
import { FirstPeople } from './FirstPeople'
import { FirstPunch } from './FirstPunch'
import { Knock } from './Knock'
import { NameIt } from './NameIt'

const STEPS = ['stepAddress', 'stepEnter', 'stepKnock', 'stepName', 'stepPeople', 'stepPunch'] as const

/** From a machine in its box to the first punch on the screen. */
export function Wizard() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const machines = useMachines()
  const [step, setStep] = useState(0)
  const [stranger, setStranger] = useState<Stranger | null>(null)
  const [machine, setMachine] = useState<Pick<Machine, 'sn' | 'name'> | null>(null)
  const next = () => setStep(step + 1)
  const back = () => setStep(step - 1)
  const first = (machines.data?.items.length ?? 0) === 0 || machine !== null

  return (
    <main className="page">
      <PageHead title={first ? t('wizard.title') : t('wizard.titleNext')}>
        <Button onClick={() => void navigate('/machines')}>{t('wizard.later')}</Button>
      </PageHead>
      <Panel label={t('wizard.title')}>
        <div className="wizard">
          <Steps orientation="vertical" size="small" current={step} items={STEPS.map((name) => ({ title: t(`wizard.${name}`) }))} />
          {step === 0 && <AddressStep onNext={next} />}
          {step === 1 && <Enter onNext={next} onBack={back} />}
          {step === 2 && <Knock onBack={back} onTake={(taken) => { setStranger(taken); next() }} />}
          {step === 3 && stranger && <NameIt stranger={stranger} onBack={back} onNamed={(named) => { setMachine(named); next() }} />}
          {step === 4 && machine && <FirstPeople machine={machine} onNext={next} />}
          {step === 5 && machine && <FirstPunch machine={machine} onBack={back} />}
        </div>
      </Panel>
    </main>
  )
}

function AddressStep({ onNext }: { onNext: () => void }) {
  const { t } = useTranslation()
  const listener = useListener()
  if (listener.error && !listener.data) return <Failure title={t('settings.loadFailed')} error={listener.error} onRetry={() => void listener.refetch()} />
  if (!listener.data) return <Loading />
  const several = listener.data.addresses.filter(({ kind }) => kind === 'lan').length > 1
  return (
    <div className="wizard-step">
      <h2>{t('wizard.addressTitle')}</h2>
      <p>{t('wizard.addressHint')}</p>
      <Addresses listener={listener.data} />
      {several && <p className="muted">{t('wizard.addressMany')}</p>}
      <ListenerProblems listener={listener.data} />
      <div className="form-foot">
        <Button type="primary" onClick={onNext}>{t('action.next')}</Button>
      </div>
    </div>
  )
}
