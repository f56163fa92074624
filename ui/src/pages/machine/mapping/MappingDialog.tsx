import { Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Machine } from '../../../api/types'
import { MappingForm } from './MappingForm'

/** From the header of the column the setting is about. The rule's tab shows the same one. */
export function MappingDialog({ machine, onClose }: { machine: Machine; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal open title={t('mapping.title')} onCancel={onClose} footer={null}>
      <MappingForm machine={machine} onSaved={onClose} />
    </Modal>
  )
}
