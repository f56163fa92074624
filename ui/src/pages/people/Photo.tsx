import { UserOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDeletePhoto, usePhoto, useSavePhoto } from '../../api/people'
import type { Employee } from '../../api/types'
import { Failure, useNotice, useObjectUrl } from '../../kit'

/** Somebody's photo: seen, chosen, replaced, removed. */
export function Photo({ person }: { person: Employee }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const photo = usePhoto(person.id, person.photoFileId)
  const save = useSavePhoto()
  const remove = useDeletePhoto()
  const input = useRef<HTMLInputElement>(null)
  const [error, setError] = useState<unknown>(null)
  const url = useObjectUrl(person.photoFileId === null ? undefined : photo.data)

  const choose = async (file: File | undefined) => {
    if (!file) return
    setError(null)
    try {
      await save.mutateAsync({ id: person.id, file })
      notice.done(t('people.photoSaved'))
    } catch (failure) {
      setError(failure)
    }
  }

  return (
    <div className="photo">
      {url ? <img src={url} alt={t('people.photoOf', { name: person.name })} /> : <span className="photo-none" aria-hidden="true"><UserOutlined /></span>}
      <div className="photo-words">
        <p className="muted">{t('people.photoHint')}</p>
        <div className="form-foot">
          <input
            ref={input}
            type="file"
            accept="image/jpeg,image/png"
            hidden
            data-photo
            onChange={(event) => {
              void choose(event.target.files?.[0])
              event.target.value = ''
            }}
          />
          <Button size="small" loading={save.isPending} onClick={() => input.current?.click()}>
            {t(person.photoFileId === null ? 'people.photoAdd' : 'people.photoReplace')}
          </Button>
          {person.photoFileId !== null && (
            <Button size="small" danger loading={remove.isPending} onClick={() => notice.attempt(remove.mutateAsync(person.id), t('people.photoRemoved'), t('people.photoFailed'))}>
              {t('action.remove')}
            </Button>
          )}
        </div>
        {error !== null && <Failure title={t('people.photoFailed')} error={error} />}
      </div>
    </div>
  )
}
