import { useEffect, useState, type ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { localTime, useNotice } from '../../kit'

/** Something on its way to paper, and the button that sends it. */
export interface Printing {
  busy: boolean
  start: () => void
  paper: ReactNode
}

/** A list on paper: it is fetched to its end first, since paper does not scroll. */
export function usePaper<T>(fetchWhole: () => Promise<T>, page: (whole: T, printedAt: string) => ReactNode): Printing {
  const { t } = useTranslation()
  const notice = useNotice()
  const [whole, setWhole] = useState<{ of: T; printedAt: string } | null>(null)
  const [busy, setBusy] = useState(false)

  useEffect(() => {
    if (!whole) return undefined
    const done = () => setWhole(null)
    globalThis.addEventListener('afterprint', done)
    // Two frames: the table has to be laid out before it is asked for.
    const frame = requestAnimationFrame(() => requestAnimationFrame(() => globalThis.print()))
    return () => {
      cancelAnimationFrame(frame)
      globalThis.removeEventListener('afterprint', done)
    }
  }, [whole])

  const start = () => {
    setBusy(true)
    fetchWhole()
      .then((of) => setWhole({ of, printedAt: localTime(new Date().toISOString()).slice(0, 16) }), (error: unknown) => notice.failed(t('paper.failed'), error))
      .finally(() => setBusy(false))
  }
  return { busy, start, paper: whole && createPortal(page(whole.of, whole.printedAt), document.body) }
}

/** The heading: what it is, of whom, when it was printed and how sure it is. */
export function PaperHead({ title, of, printedAt, state }: { title: string; of: string | undefined; printedAt: string; state: string | undefined }) {
  const { t } = useTranslation()
  return (
    <>
      <h1>{title}{of !== undefined && ` · ${of}`}</h1>
      <p>{t('paper.printedAt', { time: printedAt })}{state !== undefined && ` · ${state}`}</p>
    </>
  )
}

/** Where whoever made it, whoever looked it through and the date are written. */
export function PaperSigned() {
  const { t } = useTranslation()
  return (
    <p className="paper-signed">
      <span>{t('paper.preparedBy')}</span>
      <span>{t('paper.checkedBy')}</span>
      <span>{t('paper.signedOn')}</span>
    </p>
  )
}
