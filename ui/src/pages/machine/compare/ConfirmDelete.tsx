import { Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Comparison, Machine } from '../../../api/types'
import type { Refusal } from '../../../kit'
import { resolutions } from './actions'
import { useResolveNotice } from './useResolveNotice'

/** Deleting somebody from the machine takes their templates there along: said before. */
export function ConfirmDelete({ machine, rows, onRefused, onClose }: { machine: Machine; rows: readonly Comparison[]; onRefused: (refused: readonly Refusal[]) => void; onClose: () => void }) {
  const { t } = useTranslation()
  const { resolve, busy } = useResolveNotice(machine, onRefused)
  return (
    <Modal
      open
      title={t('compare.deleteTitle', { count: rows.length, name: machine.name })}
      onCancel={onClose}
      onOk={() => void resolve(resolutions('delete', rows), rows).then((done) => done && onClose())}
      okText={t('action.delete')}
      cancelText={t('action.cancel')}
      okButtonProps={{ danger: true, loading: busy }}
    >
      <p>{rows.slice(0, 12).map(({ pin, there }) => (there?.name ? `${there.name} (${pin})` : pin)).join(t('picker.and'))}{rows.length > 12 ? ' …' : ''}</p>
      <p className="muted">{t('compare.deleteWhat')}</p>
    </Modal>
  )
}
