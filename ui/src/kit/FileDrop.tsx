import { InboxOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

interface Props {
  accept: string
  busy: boolean
  onFile: (file: File) => void
}

/** Where a file is dropped. Dropping is a comfort for the mouse; the button inside does the same for everybody. */
export function FileDrop({ accept, busy, onFile }: Props) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const take = (files: FileList | null) => {
    const [file] = files ?? []
    if (file) onFile(file)
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={over ? 'drop-zone over' : 'drop-zone'}
      onDragOver={(event) => { event.preventDefault(); setOver(true) }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => { event.preventDefault(); setOver(false); take(event.dataTransfer.files) }}
    >
      <InboxOutlined aria-hidden="true" className="drop-icon" />
      <p>{t('kit.fileDrop')}</p>
      <input ref={input} type="file" accept={accept} hidden data-import onChange={(event) => { take(event.target.files); event.target.value = '' }} />
      <Button type="primary" loading={busy} onClick={() => input.current?.click()}>{t('kit.fileChoose')}</Button>
    </div>
  )
}
