import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { transport } from '../api/transport'
import { useNotice } from './useNotice'

/** Gives a file to whoever asked for it; in the window it says where the file is, as a browser does by itself. */
export function useSaveFile(): (content: Promise<Blob>, name: string, failed: string) => Promise<void> {
  const { t } = useTranslation()
  const notice = useNotice()
  return useCallback(
    async (content, name, failed) => {
      try {
        const path = await transport.save(await content, name)
        if (path !== undefined) notice.done(t('kit.savedTo', { path }))
      } catch (error) {
        notice.failed(failed, error)
      }
    },
    [t, notice],
  )
}
