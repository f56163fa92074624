import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useEmployeeMachines } from '../../api/people'
import type { Employee, EmployeeMachine } from '../../api/types'
import { explain, Failure, Loading, localTime } from '../../kit'
import { STATE_TONE } from '../machine/roster/states'

/** On which machines somebody is, and which numbers were theirs when. */
export function PersonMachines({ person }: { person: Employee }) {
  const { t } = useTranslation()
  const machines = useEmployeeMachines(person.id)
  if (machines.error && !machines.data) return <Failure title={t('people.machinesFailed')} error={machines.error} onRetry={() => void machines.refetch()} />
  if (!machines.data) return <Loading />
  if (machines.data.length === 0) return <p className="muted">{t('people.noMachines')}</p>
  return (
    <ul className="person-machines">
      {machines.data.map((machine) => (
        <li key={machine.sn}>
          <div className="person-machine">
            <Link to={`/machines/${encodeURIComponent(machine.sn)}?tab=people&search=${encodeURIComponent(person.name)}`}>{machine.machineName}</Link>
            <EntryWords machine={machine} />
          </div>
          <ul className="spans">
            {machine.spans.map((span) => (
              <li key={`${span.pin} ${span.from ?? ''}`}>
                <strong>{span.pin}</strong>{' '}
                <span className="muted">{t('people.span', { from: dayOf(span.from) ?? t('people.spanAlways'), to: dayOf(span.to) ?? t('people.spanNow') })}</span>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  )
}

const dayOf = (instant: string | null): string | undefined => (instant === null ? undefined : localTime(instant).slice(0, 10))

function EntryWords({ machine: { entry } }: { machine: EmployeeMachine }) {
  const { t } = useTranslation()
  if (entry === null) return <span className="muted">{t('people.notOnList')}</span>
  const why = entry.failure ?? entry.pinProblem
  return (
    <span title={why ? explain(why) : undefined}>
      {!entry.enabled && <span className="tag tag-warn">{t('roster.off')}</span>}{' '}
      <span className={`tag tag-${STATE_TONE[entry.state]}`}>{t(`rosterState.${entry.state}`)}</span>
    </span>
  )
}
