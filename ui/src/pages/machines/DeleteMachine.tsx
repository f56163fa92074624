import { useTranslation } from 'react-i18next'
import { useDeleteMachine } from '../../api/queries'
import type { Machine } from '../../api/types'
import { ConfirmTyping, number, useNotice } from '../../kit'

export function DeleteMachine({ machine, onDeleted, onClose }: { machine: Machine; onDeleted?: (() => void) | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const remove = useDeleteMachine()
  const { name, sn } = machine
  return (
    <ConfirmTyping
      title={t('machines.deleteTitle', { name })}
      what={t('machines.deleteWhat', { people: number(machine.roster.total), punches: number(machine.held.punches) })}
      name={name}
      action={t('action.delete')}
      failed={t('machines.deleteFailed')}
      onConfirm={async () => {
        await remove.mutateAsync(sn)
        notice.done(t('machines.deleted', { name }))
        onDeleted?.()
      }}
      onClose={onClose}
    />
  )
}
