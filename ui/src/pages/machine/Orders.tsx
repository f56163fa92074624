import { Button, Tooltip } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useKinds } from '../../api/machineQueries'
import type { Machine } from '../../api/types'
import { explain, Panel } from '../../kit'
import { ConfirmClear, ConfirmRestart, ConfirmUnlock } from './confirmations'
import { GROUPS, isClearing, type Given } from './kinds'
import { useGive } from './useGive'

/** Everything the machine can be told; what it cannot is there too, with the reason. */
export function Orders({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  const kinds = useKinds(machine.sn)
  const give = useGive(machine.sn)
  const [asking, setAsking] = useState<Given | null>(null)
  const known = new Map(kinds.data?.items.map((kind) => [kind.kind, kind]))
  const close = () => setAsking(null)

  const refusal = (kind: Given): string | undefined => {
    if (!machine.enabled) return explain({ code: 'machine.disabled', detail: '' })
    const said = known.get(kind)
    return said && !said.supported ? explain({ code: said.reason ?? 'command.not_supported', detail: '' }) : undefined
  }
  const choose = (kind: Given) => {
    if (kind === 'restart' || kind === 'unlockDoor' || isClearing(kind)) setAsking(kind)
    else give({ kind })
  }

  return (
    <Panel title={t('command.title')}>
      <div className="order-groups">
        {GROUPS.map(({ group, kinds: names }) => (
          <div key={group} className="order-group">
            <h3>{t(`command.group.${group}`)}</h3>
            <ul>
              {names.map((kind) => (
                <li key={kind}>
                  <OrderButton kind={kind} refusal={refusal(kind)} disabled={kinds.data === undefined} onClick={() => choose(kind)} />
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
      {asking === 'restart' && <ConfirmRestart machine={machine} onClose={close} />}
      {asking === 'unlockDoor' && <ConfirmUnlock machine={machine} onClose={close} />}
      {asking !== null && isClearing(asking) && <ConfirmClear kind={asking} machine={machine} onClose={close} />}
    </Panel>
  )
}

function OrderButton({ kind, refusal, disabled, onClick }: { kind: Given; refusal: string | undefined; disabled: boolean; onClick: () => void }) {
  const { t } = useTranslation()
  const id = useId()
  const hint = refusal ?? t(`command.hint.${kind}`)
  return (
    <Tooltip title={hint}>
      {/* A disabled button has no pointer events of its own: the frame shows the reason. */}
      <span className="order">
        <Button danger={isClearing(kind)} disabled={disabled || refusal !== undefined} aria-describedby={id} onClick={onClick}>
          {t(`command.kind.${kind}`)}
        </Button>
        <span id={id} className="sr-only">{hint}</span>
      </span>
    </Tooltip>
  )
}
