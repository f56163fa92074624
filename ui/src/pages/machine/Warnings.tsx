import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useResolveTwins } from '../../api/machineQueries'
import type { Machine } from '../../api/types'
import { explain, useFilters, useNotice } from '../../kit'
import { useGive } from './useGive'

type Remedy = 'setClock' | 'twins' | 'guide' | 'seen' | 'commands'

/** What helps against which warning. The counts explain their difference themselves, beside the numbers. */
const REMEDY: Record<string, Remedy> = {
  'machine.clock_off': 'setClock',
  'machine.twins': 'twins',
  'machine.encrypted': 'guide',
  'machine.tls': 'guide',
  'machine.people_full': 'seen',
  'machine.fingerprints_full': 'seen',
  'machine.faces_full': 'seen',
  'machine.punches_full': 'commands',
}
const BESIDE_NUMBERS = 'machine.count_mismatch'

/** What is wrong with a machine: what happened, why, what to do, and the button that does it. */
export function Warnings({ machine }: { machine: Machine }) {
  return machine.warnings
    .filter(({ code }) => code !== BESIDE_NUMBERS)
    .map((warning) => (
      <Alert key={warning.code} type="warning" showIcon title={explain(warning)} action={<RemedyButton remedy={REMEDY[warning.code]} machine={machine} />} />
    ))
}

function RemedyButton({ remedy, machine }: { remedy: Remedy | undefined; machine: Machine }) {
  const { t } = useTranslation()
  const give = useGive(machine.sn)
  const { set } = useFilters()
  const navigate = useNavigate()
  const notice = useNotice()
  const resolve = useResolveTwins(machine.sn)
  switch (remedy) {
    case 'setClock':
      return <Button disabled={!machine.enabled} onClick={() => give({ kind: 'setClock' })}>{t('command.kind.setClock')}</Button>
    case 'commands':
      return <Button onClick={() => set({ tab: 'commands' })}>{t('machine.tabCommands')}</Button>
    case 'twins':
      return (
        <div className="page-actions">
          <Button onClick={() => set({ tab: 'trace' })}>{t('machine.toTrace')}</Button>
          <Button onClick={() => notice.attempt(resolve.mutateAsync(), t('machine.oneDone', { name: machine.name }), t('machine.oneFailed'))}>{t('machine.one')}</Button>
        </div>
      )
    case 'guide':
      return <Button onClick={() => void navigate('/machines/connect')}>{t('machine.toGuide')}</Button>
    case 'seen':
      return <Button onClick={() => set({ tab: 'people', view: 'machine' })}>{t('machine.toPeople')}</Button>
    default:
      return null
  }
}
