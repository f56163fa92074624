import { useTranslation } from 'react-i18next'
import { useDeleteUnit } from '../../api/organisation'
import { Confirm, useNotice } from '../../kit'
import type { Unit } from '../../kit/org'

/** Only what is empty can be deleted; what is in the way is said. */
export function DeleteUnit({ unit, onDeleted, onClose }: { unit: Unit; onDeleted: () => void; onClose: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const remove = useDeleteUnit()
  const run = async () => {
    await remove.mutateAsync({ kind: unit.kind, id: unit.id })
    notice.done(t('org.deleted', { name: unit.name }))
    onDeleted()
  }
  return (
    <Confirm title={t('org.deleteTitle', { name: unit.name })} action={t('action.delete')} failed={t('org.deleteFailed')} run={run} onClose={onClose}>
      <p>{t(`org.deleteWhat.${unit.kind}`)}</p>
    </Confirm>
  )
}
