import { CopyOutlined, DownloadOutlined, ReloadOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { traceText, useTrace } from '../../api/machineQueries'
import { transport } from '../../api/transport'
import type { Machine, TraceItem } from '../../api/types'
import { Empty, Failure, Loading, localTime, useNotice } from '../../kit'

/** What the machine and Rollcall said to each other, word for word, without what is secret. */
export function Trace({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const query = useTrace(machine.sn)
  const { sn } = machine
  const fetched = (use: (text: string) => void | Promise<void>) =>
    void traceText(sn)
      .then(use)
      .catch((error: unknown) => notice.failed(t('trace.failed'), error))

  return (
    <div className="tab-body">
      <div className="trace-head">
        <p className="muted">{t('trace.hint')} <strong>{t('trace.masked')}</strong></p>
        <div className="page-actions">
          <Button icon={<ReloadOutlined aria-hidden="true" />} loading={query.isFetching} onClick={() => void query.refetch()}>{t('trace.refresh')}</Button>
          {'clipboard' in navigator && (
            <Button icon={<CopyOutlined aria-hidden="true" />} onClick={() => fetched(async (text) => { await navigator.clipboard.writeText(text); notice.done(t('action.copied')) })}>
              {t('trace.copyAll')}
            </Button>
          )}
          {transport.kind === 'browser' && (
            <Button icon={<DownloadOutlined aria-hidden="true" />} onClick={() => fetched((text) => save(`trace-${sn}.txt`, text))}>{t('trace.download')}</Button>
          )}
        </div>
      </div>
      {query.error && !query.data && <Failure title={t('trace.failed')} error={query.error} onRetry={() => void query.refetch()} />}
      {!query.data && !query.error && <Loading />}
      {query.data && query.data.items.length === 0 && <div className="table-block"><Empty title={t('trace.empty')} hint={t('trace.emptyHint')} /></div>}
      {query.data && query.data.items.length > 0 && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard
        <ul className="trace" aria-label={t('trace.list')} tabIndex={0}>
          {query.data.items.map((line, index) => (
            <Line key={`${line.at} ${String(index)}`} line={line} />
          ))}
        </ul>
      )}
    </div>
  )
}

const TONE = (status: number) => (status < 300 ? 'good' : status < 500 ? 'bad' : 'warn')

function Line({ line }: { line: TraceItem }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const parts = [
    { title: t('trace.head'), text: line.requestHead },
    { title: t('trace.body'), text: line.requestBody },
    { title: t('trace.answer'), text: line.answer },
  ]
  return (
    <li>
      <details>
        <summary>
          <span>{localTime(line.at)}</span>
          <span className="mono trace-target" title={line.target}>{line.method} {line.target}</span>
          <span className="muted">{line.repeated > 0 ? t('trace.repeated', { count: line.repeated, time: localTime(line.lastAt).slice(11) }) : ''}</span>
          <span className={`tag tag-${TONE(line.status)}`}>{line.status}</span>
        </summary>
        <div className="trace-parts">
          <p className="muted">
            {t('trace.from', { address: line.address })}
            {'clipboard' in navigator && (
              <Button
                size="small"
                type="text"
                icon={<CopyOutlined aria-hidden="true" />}
                onClick={() => void navigator.clipboard.writeText(parts.map(({ text }) => text).join('\n\n')).then(() => notice.done(t('action.copied')))}
              >
                {t('trace.copy')}
              </Button>
            )}
          </p>
          {parts.map(({ title, text }) => (
            <section key={title}>
              <h3>{title}</h3>
              {text === '' ? <p className="muted">{t('trace.none')}</p> : <pre className="mono">{text}</pre>}
            </section>
          ))}
        </div>
      </details>
    </li>
  )
}

/** Hands a text to the browser as a file. */
function save(name: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
