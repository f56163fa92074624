import { UserOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useDeletePhoto, usePhoto, useSavePhoto } from '../../api/people'
import type { Employee } from '../../api/types'
import { Failure, useNotice, useObjectUrl, useSubmit } from '../../kit'

/** Somebody's photo: seen, chosen, replaced, removed. */
export function Photo({ person }: { person: Employee }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const photo = usePhoto(person.id, person.photoFileId)
  const save = useSavePhoto()
  const remove = useDeletePhoto()
  const input = useRef<HTMLInputElement>(null)
  const url = useObjectUrl(person.photoFileId === null ? undefined : photo.data)

  const { submit, busy, problem } = useSubmit(async (file: File) => {
    await save.mutateAsync({ id: person.id, file })
    notice.done(t('people.photoSaved'))
  })

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
              const file = event.target.files?.[0]
              if (file) submit(file)
              event.target.value = ''
            }}
          />
          <Button size="small" loading={busy} onClick={() => input.current?.click()}>
            {t(person.photoFileId === null ? 'people.photoAdd' : 'people.photoReplace')}
          </Button>
          {person.photoFileId !== null && (
            <Button size="small" danger loading={remove.isPending} onClick={() => notice.attempt(remove.mutateAsync(person.id), t('people.photoRemoved'), t('people.photoFailed'))}>
              {t('action.remove')}
            </Button>
          )}
        </div>
        {problem && <Failure title={t('people.photoFailed')} error={problem} />}
      </div>
    </div>
  )
}
