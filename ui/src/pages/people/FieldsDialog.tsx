import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDeleteField, useFields } from '../../api/organisation'
import type { CustomField } from '../../api/types'
import { Failure, Loading, useNotice } from '../../kit'
import { FieldForm } from './FieldForm'
import { fieldLabel } from './fieldLabel'

/** The columns of a person: the system's, and the customer's own. */
export function FieldsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const fields = useFields()
  const remove = useDeleteField()
  const [form, setForm] = useState<CustomField | 'new' | null>(null)
  return (
    <Modal open width={760} style={{ top: 24 }} title={t('fields.title')} onCancel={onClose} footer={<Button onClick={onClose}>{t('action.close')}</Button>}>
      <div className="form">
        <p className="muted">{t('fields.hint')}</p>
        {fields.error && <Failure title={t('people.fieldsFailed')} error={fields.error} onRetry={() => void fields.refetch()} />}
        {fields.isPending && <Loading />}
        <div className="fields-table">
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">{t('fields.label')}</th>
                <th scope="col">{t('fields.key')}</th>
                <th scope="col">{t('fields.type')}</th>
                <th scope="col">{t('fields.groupTitle')}</th>
                <th scope="col"><span className="sr-only">{t('machines.colActions')}</span></th>
              </tr>
            </thead>
            <tbody>
              {fields.data?.map((field) => (
                <tr key={field.key}>
                  <td>{fieldLabel(field)}</td>
                  <td className="mono">{field.key}</td>
                  <td>{t(`fields.types.${field.type}`)}</td>
                  <td>{t(`fields.group.${field.group}`)}</td>
                  <td className="end">
                    {field.system ? (
                      <span className="muted">{t('fields.system')}</span>
                    ) : (
                      <>
                        <Button type="link" size="small" aria-label={`${t('action.edit')}: ${field.label}`} onClick={() => setForm(field)}>{t('action.edit')}</Button>
                        <Button
                          type="link"
                          size="small"
                          danger
                          aria-label={`${t('action.delete')}: ${field.label}`}
                          onClick={() => notice.attempt(remove.mutateAsync(field.key), t('fields.deleted', { name: field.label }), t('fields.deleteFailed'))}
                        >
                          {t('action.delete')}
                        </Button>
                      </>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {form === null ? <div><Button onClick={() => setForm('new')}>{t('fields.add')}</Button></div> : <FieldForm key={form === 'new' ? '' : form.key} field={form === 'new' ? null : form} onClose={() => setForm(null)} />}
      </div>
    </Modal>
  )
}
