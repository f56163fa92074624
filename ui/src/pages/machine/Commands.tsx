import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCancelCommand, useCommands } from '../../api/machineQueries'
import type { Command, Machine } from '../../api/types'
import { Ago, type Column, DataTable, Empty, localTime, useNotice, useNow } from '../../kit'
import { whoText } from '../audit/whoText'
import { CommandDetails } from './CommandDetails'
import { answerText, kindText, orderText, stateText, TONE } from './life'
import { MachineLog } from './MachineLog'
import { Orders } from './Orders'

/** What can be ordered, what became of what was ordered, and what was done at the machine itself. */
export function Commands({ machine }: { machine: Machine }) {
  return (
    <div className="tab-body">
      <Orders machine={machine} />
      <CommandList machine={machine} />
      <MachineLog machine={machine} />
    </div>
  )
}

function CommandList({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  const notice = useNotice()
  const list = useCommands(machine.sn)
  const cancel = useCancelCommand(machine.sn)
  const { mutateAsync } = cancel
  const now = useNow()
  const [open, setOpen] = useState<Command | null>(null)
  const heard = machine.queue.lastPollAt ?? machine.lastSeenAt

  const columns = useMemo<Column<Command>[]>(
    () => [
      { key: 'what', title: t('command.colWhat'), width: 'minmax(160px, 1.1fr)', always: true, render: (command) => <span>{orderText(t, command)}</span> },
      {
        key: 'state',
        title: t('command.colState'),
        width: 'minmax(290px, 1.5fr)',
        always: true,
        render: (command) => {
          const text = stateText(t, command, heard, now)
          return <span className={`tag tag-${TONE[command.state]}`} title={text}>{text}</span>
        },
      },
      {
        key: 'answer',
        title: t('command.colAnswer'),
        width: 'minmax(170px, 2fr)',
        render: (command) => {
          const text = answerText(t, command)
          return <span title={text}>{text}</span>
        },
      },
      { key: 'who', title: t('command.colWho'), width: '100px', optional: true, render: (command) => <span>{whoText(t, command.who)}</span> },
      { key: 'queued', title: t('command.colQueued'), width: '110px', render: (command) => <Ago at={command.queuedAt} /> },
      { key: 'sent', title: t('command.colSent'), width: '170px', optional: true, render: (command) => <Instant at={command.sentAt} /> },
      { key: 'done', title: t('command.colDone'), width: '170px', optional: true, render: (command) => <Instant at={command.doneAt} /> },
      { key: 'tries', title: t('command.colTries'), width: '80px', align: 'end', optional: true, render: (command) => <span>{command.tries}</span> },
      {
        key: 'actions',
        title: t('command.colActions'),
        width: '116px',
        quiet: true,
        stays: true,
        always: true,
        render: (command) => {
          if (command.state !== 'queued') {
            return (
              <Button size="small" aria-label={`${t('action.details')}: ${orderText(t, command)}`} onClick={() => setOpen(command)}>
                {t('action.details')}
              </Button>
            )
          }
          const what = kindText(command.kind)
          return (
            <Button
              size="small"
              aria-label={`${t('command.cancel')}: ${orderText(t, command)}`}
              onClick={() => notice.attempt(mutateAsync(command.id), t('command.cancelDone', { what }), t('command.cancelFailed'))}
            >
              {t('command.cancel')}
            </Button>
          )
        },
      },
    ],
    [t, heard, now, mutateAsync, notice],
  )

  return (
    <section className="tab-list">
      <h2>{t('command.list')}</h2>
      <DataTable
        id="commands"
        label={t('command.list')}
        columns={columns}
        list={list}
        rowKey={(command) => String(command.id)}
        rowName={(command) => orderText(t, command)}
        empty={<Empty title={t('command.empty')} hint={t('command.emptyHint')} />}
      />
      {open && <CommandDetails command={open} onClose={() => setOpen(null)} />}
    </section>
  )
}

const Instant = ({ at }: { at: string | null }) => <span>{at === null ? '–' : localTime(at)}</span>
