import { Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDeleteUnit } from '../../api/organisation'
import { Failure, focusFirst, useNotice } from '../../kit'
import type { Unit } from '../../kit/org'

/** Only what is empty can be deleted; what is in the way is said. */
export function DeleteUnit({ unit, onDeleted, onClose }: { unit: Unit; onDeleted: () => void; onClose: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const remove = useDeleteUnit()
  const [error, setError] = useState<unknown>(null)
  const run = async () => {
    setError(null)
    try {
      await remove.mutateAsync({ kind: unit.kind, id: unit.id })
      notice.done(t('org.deleted', { name: unit.name }))
      onDeleted()
      onClose()
    } catch (failure) {
      setError(failure)
    }
  }
  return (
    <Modal
      open
      afterOpenChange={focusFirst}
      title={t('org.deleteTitle', { name: unit.name })}
      onCancel={onClose}
      onOk={() => void run()}
      okText={t('action.delete')}
      cancelText={t('action.cancel')}
      okButtonProps={{ danger: true, loading: remove.isPending }}
    >
      <p>{t(`org.deleteWhat.${unit.kind}`)}</p>
      {error !== null && <Failure title={t('org.deleteFailed')} error={error} />}
    </Modal>
  )
}
