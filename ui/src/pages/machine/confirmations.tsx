import { InputNumber } from 'antd'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useOrder } from '../../api/machineQueries'
import type { Machine, NewCommand } from '../../api/types'
import { Confirm, ConfirmTyping, Field, number, useNotice } from '../../kit'
import type { Clearing } from './kinds'
import { kindText } from './life'

interface Props {
  machine: Machine
  onClose: () => void
}

/** A question that a click answers: nothing is lost by it, but somebody may notice it. */
function Ask({ machine, title, what, body, onClose, children }: Props & { title: string; what: string; body: NewCommand; children?: ReactNode }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const order = useOrder(machine.sn)
  const name = kindText(body.kind)

  const run = async () => {
    await order.mutateAsync(body)
    notice.done(t('command.ordered', { what: name }))
  }

  return (
    <Confirm title={title} action={name} danger={false} failed={t('command.notOrdered', { what: name })} run={run} onClose={onClose}>
      <p>{what}</p>
      {children}
    </Confirm>
  )
}

export function ConfirmRestart({ machine, onClose }: Props) {
  const { t } = useTranslation()
  return <Ask machine={machine} title={t('command.restartTitle', { name: machine.name })} what={t('command.restartWhat')} body={{ kind: 'restart' }} onClose={onClose} />
}

const DOORS = 4
const SECONDS = 5
const MOST_SECONDS = 254

export function ConfirmUnlock({ machine, onClose }: Props) {
  const { t } = useTranslation()
  const [door, setDoor] = useState(1)
  const [seconds, setSeconds] = useState(SECONDS)
  return (
    <Ask machine={machine} title={t('command.unlockTitle', { name: machine.name })} what={t('command.unlockWhat')} body={{ kind: 'unlockDoor', door, seconds }} onClose={onClose}>
      <div className="form-row">
        <Field label={t('command.door')}>
          {({ id }) => <InputNumber id={id} min={1} max={DOORS} precision={0} value={door} onChange={(value) => setDoor(value ?? 1)} />}
        </Field>
        <Field label={t('command.seconds')}>
          {({ id }) => <InputNumber id={id} min={1} max={MOST_SECONDS} precision={0} value={seconds} onChange={(value) => setSeconds(value ?? SECONDS)} />}
        </Field>
      </div>
    </Ask>
  )
}

/** What the machine would forget is said in its own numbers; what is not here yet would be lost with it. */
export function ConfirmClear({ kind, machine, onClose }: Props & { kind: Clearing }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const order = useOrder(machine.sn)
  const { name, reported, held } = machine
  const count = (value: number | null) => (value === null ? t('command.some') : number(value))
  const undelivered = kind === 'clearPeople' ? 0 : Math.max(0, (reported.punches ?? 0) - held.punches)
  const texts = {
    clearPunches: [t('command.clearPunchesTitle', { name }), t('command.clearPunchesWhat', { reported: count(reported.punches), held: number(held.punches) })],
    clearPeople: [t('command.clearPeopleTitle', { name }), t('command.clearPeopleWhat', { reported: count(reported.people) })],
    clearAll: [t('command.clearAllTitle', { name }), t('command.clearAllWhat', { people: count(reported.people), punches: count(reported.punches) })],
  } as const
  const [title, what] = texts[kind]
  const action = kindText(kind)
  return (
    <ConfirmTyping
      title={title}
      what={<>{what}{undelivered > 0 && <> <strong className="warn">{t('command.undelivered', { count: undelivered })}</strong></>}</>}
      name={name}
      action={action}
      failed={t('command.notOrdered', { what: action })}
      onConfirm={async () => {
        await order.mutateAsync({ kind, confirm: name })
        notice.done(t('command.ordered', { what: action }))
      }}
      onClose={onClose}
    />
  )
}
