import type { TFunction } from 'i18next'
import { Button } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useKinds, useSeenPeople } from '../../api/machineQueries'
import type { Machine, SeenPerson } from '../../api/types'
import { Ago, type Column, DataTable, Empty, explain } from '../../kit'
import { useGive } from './useGive'

const TEMPLATES = ['fingerprints', 'faces', 'palms', 'veins', 'photos'] as const

export function templatesText(t: TFunction, { templates, hasPassword }: Pick<SeenPerson, 'templates' | 'hasPassword'>): string {
  const parts: string[] = TEMPLATES.filter((kind) => templates[kind] > 0).map((kind) => t(`seen.${kind}`, { count: templates[kind] }))
  if (hasPassword) parts.push(t('seen.password'))
  return parts.length === 0 ? t('seen.noTemplates') : parts.join(' · ')
}

/** Whom the machine says it knows, and who they are here. */
export function OnMachine({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  const list = useSeenPeople(machine.sn)
  const columns = useMemo<Column<SeenPerson>[]>(
    () => [
      { key: 'pin', title: t('punches.colPin'), width: '120px', always: true, render: (person) => <span>{person.pin}</span> },
      { key: 'name', title: t('seen.colName'), width: 'minmax(130px, 1fr)', always: true, render: (person) => <span>{person.name}</span> },
      {
        key: 'who',
        title: t('seen.colWho'),
        width: 'minmax(150px, 1.1fr)',
        render: (person) => (person.employeeName === null ? <span className="reason-warn" title={t('seen.nobody')}>{t('seen.nobody')}</span> : <span>{person.employeeName}</span>),
      },
      { key: 'role', title: t('roster.colRole'), width: '110px', render: (person) => <span>{t(`role.${person.role}`)}</span> },
      { key: 'enabled', title: t('roster.colEnabled'), width: '96px', render: (person) => <span>{person.enabled ? t('roster.on') : <span className="tag tag-warn">{t('roster.off')}</span>}</span> },
      { key: 'card', title: t('seen.colCard'), width: '120px', optional: true, render: (person) => <span>{person.card === '' ? '–' : person.card}</span> },
      { key: 'templates', title: t('seen.colTemplates'), width: 'minmax(150px, 1.2fr)', render: (person) => <span title={templatesText(t, person)}>{templatesText(t, person)}</span> },
      { key: 'seen', title: t('seen.colSeen'), width: '110px', render: (person) => <Ago at={person.seenAt} /> },
    ],
    [t],
  )
  return (
    <>
      <p className="muted">{t('seen.hint')}</p>
      <DataTable
        id="seen"
        label={t('seen.viewMachine')}
        columns={columns}
        list={list}
        rowKey={(person) => person.pin}
        rowName={(person) => person.name || person.pin}
        filters={<ReadButtons machine={machine} />}
        empty={<Empty title={t('seen.empty')} hint={t('seen.emptyHint')} />}
      />
    </>
  )
}

function ReadButtons({ machine }: { machine: Machine }) {
  const { t } = useTranslation()
  const kinds = useKinds(machine.sn)
  const give = useGive(machine.sn)
  return (
    <>
      {(['readPeople', 'readTemplates'] as const).map((kind) => {
        const said = kinds.data?.items.find((each) => each.kind === kind)
        const refusal = said && !said.supported ? explain({ code: said.reason ?? 'command.not_supported', detail: '' }) : undefined
        return (
          <Button key={kind} disabled={!machine.enabled || !said?.supported} title={refusal} onClick={() => give({ kind })}>
            {t(`command.kind.${kind}`)}
          </Button>
        )
      })}
    </>
  )
}
