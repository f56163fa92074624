import { useTranslation } from 'react-i18next'
import type { Listener } from '../../api/types'
import { CopyText } from '../../kit'

/** What to type on a machine: the addresses of this computer that machines can reach, and the port. */
export function Addresses({ listener }: { listener: Listener }) {
  const { t } = useTranslation()
  const usable = listener.addresses.filter(({ kind, family }) => family === 'ipv4' && kind !== 'loopback')
  const best = usable.filter(({ kind }) => kind === 'lan')
  const shown = best.length > 0 ? best : usable
  return (
    <div className="addresses">
      {shown.map(({ address, interface: name, kind }) => (
        <div className="address" key={`${name} ${address}`}>
          <small>{t('settings.address')}</small>
          <CopyText text={address} label={t('settings.address')} />
          <small>{kind === 'vpn' ? `${name} · ${t('settings.vpn')}` : name}</small>
        </div>
      ))}
      {shown.length === 0 && listener.problems.every(({ level }) => level === 'hint') && <p>{t('settings.noAddress')}</p>}
      <div className="address">
        <small>{t('settings.port')}</small>
        <CopyText text={String(listener.port)} label={t('settings.port')} />
      </div>
    </div>
  )
}
