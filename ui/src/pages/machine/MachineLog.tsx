import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useMachineLog } from '../../api/machineQueries'
import type { Machine, MachineEvent } from '../../api/types'
import { type Column, DataTable, Empty, wallTime } from '../../kit'
import { concernedText, eventText, logKindText } from './logText'

/** What was done in the machine's own menu, and what happened at its doors. */
export function MachineLog({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  const list = useMachineLog(machine.sn)
  const { dialect } = machine
  const columns = useMemo<Column<MachineEvent>[]>(
    () => [
      { key: 'time', title: t('punches.colTime'), width: '180px', always: true, render: (event) => <span>{event.time === null ? '–' : wallTime(event.time)}</span> },
      { key: 'what', title: t('machineLog.colWhat'), width: 'minmax(200px, 1.6fr)', always: true, render: (event) => <span title={eventText(t, dialect, event)}>{eventText(t, dialect, event)}</span> },
      { key: 'concerned', title: t('machineLog.colConcerned'), width: 'minmax(160px, 1.4fr)', render: (event) => <span title={event.objects.join(' · ')}>{concernedText(t, dialect, event)}</span> },
      {
        key: 'operator',
        title: t('machineLog.colOperator'),
        width: 'minmax(130px, 1fr)',
        render: (event) =>
          event.operator === '' || event.operator === '0' ? (
            <span className="muted">{t('machineLog.atMachine')}</span>
          ) : (
            <span>{t('machineLog.number', { pin: event.operator })}</span>
          ),
      },
      { key: 'kind', title: t('machineLog.colKind'), width: '120px', render: (event) => <span className={`tag tag-${event.kind === 'alarm' || event.kind === 'error' ? 'bad' : ''}`}>{logKindText(event.kind)}</span> },
    ],
    [t, dialect],
  )
  return (
    <section className="tab-list">
      <h2>{t('machineLog.title')}</h2>
      <DataTable
        id="machine-log"
        label={t('machineLog.title')}
        columns={columns}
        list={list}
        rowKey={(event) => String(event.id)}
        rowName={(event) => eventText(t, dialect, event)}
        empty={<Empty title={t('machineLog.empty')} hint={t('machineLog.emptyHint')} />}
      />
    </section>
  )
}
