import { PaperClipOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Tabs } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAppeals, useOpenAppeals } from '../../../api/appeals'
import type { Appeal, AppealState } from '../../../api/attendanceTypes'
import { Ago, type Column, DataTable, Empty, number, PeriodSelect, type Refusal, Refusals, useFilters } from '../../../kit'
import { PersonSelect, unitFilter, UnitSelect } from '../../../kit/org'
import { Sign } from '../Sign'
import { AppealDrawer } from './AppealDrawer'
import { Decide, type Asked } from './Decide'
import { RaiseAppeal } from './RaiseAppeal'
import { APPEAL_STATES } from './states'

/** What people ask to be put right: what waits for a decision first. */
export function Appeals() {
  const { t } = useTranslation()
  const { get, set } = useFilters()
  const state = APPEAL_STATES.find((each) => each === get('state')) ?? 'open'
  const waiting = useOpenAppeals()
  const [raising, setRaising] = useState(false)
  return (
    <>
      <Tabs
        className="page-tabs"
        activeKey={state}
        onChange={(next) => set({ state: next === 'open' ? undefined : next, appeal: undefined })}
        destroyOnHidden
        items={APPEAL_STATES.map((each) => ({
          key: each,
          label: each === 'open' && (waiting.data ?? 0) > 0 ? `${t('appeal.state.open')} ${number(waiting.data ?? 0)}` : t(`appeal.state.${each}`),
          children: <AppealTable state={each} onRaise={() => setRaising(true)} />,
        }))}
      />
      {raising && <RaiseAppeal onClose={() => setRaising(false)} />}
    </>
  )
}

const departmentOnly = (unit: string) => {
  const { departmentId } = unitFilter(unit)
  return departmentId === undefined ? {} : { departmentId }
}

const NONE = { unit: undefined, person: undefined, from: undefined, to: undefined }

function AppealTable({ state, onRaise }: { state: AppealState; onRaise: () => void }) {
  const { t } = useTranslation()
  const { get, set } = useFilters()
  const [asked, setAsked] = useState<Asked | null>(null)
  const [refused, setRefused] = useState<readonly Refusal[]>([])
  const filter = {
    state,
    ...departmentOnly(get('unit')),
    ...(get('person') === '' ? {} : { employeeId: get('person') }),
    ...(get('from') === '' ? {} : { from: get('from') }),
    ...(get('to') === '' ? {} : { to: get('to') }),
  }
  const list = useAppeals(filter)
  const open = (appeal: Appeal) => set({ appeal: String(appeal.id) })
  const opened = Number(get('appeal')) || null
  const columns = useAppealColumns(state, open)
  const isOpen = state === 'open'
  return (
    <div className="tab-body">
      <Refusals title={t('appeal.refused', { count: refused.length })} refused={refused} onClose={() => setRefused([])} />
      <DataTable
        id={`appeals-${state}`}
        label={t(`appeal.state.${state}`)}
        columns={columns}
        list={list}
        rowKey={(appeal) => String(appeal.id)}
        rowName={(appeal) => `${appeal.name} ${appeal.date}`}
        filtered={Object.keys(NONE).some((name) => get(name) !== '')}
        onClearFilters={() => set(NONE)}
        keys={{
          Enter: open,
          ...(isOpen && {
            a: (appeal: Appeal) => setAsked({ decision: 'approve', appeals: [appeal] }),
            r: (appeal: Appeal) => setAsked({ decision: 'reject', appeals: [appeal] }),
          }),
        }}
        {...(isOpen && {
          batch: (selected: readonly Appeal[]) => (
            <>
              <Button type="primary" onClick={() => setAsked({ decision: 'approve', appeals: selected })}>{t('appeal.approve')}</Button>
              <Button onClick={() => setAsked({ decision: 'reject', appeals: selected })}>{t('appeal.reject')}</Button>
            </>
          ),
        })}
        filters={
          <>
            <UnitSelect departments label={t('people.colDepartment')} value={get('unit')} onChange={(unit) => set({ unit })} />
            <PersonSelect label={t('punches.person')} value={get('person')} onChange={(person) => set({ person })} />
            <PeriodSelect from={get('from')} to={get('to')} onChange={set} />
            <Button type="primary" icon={<PlusOutlined aria-hidden="true" />} onClick={onRaise}>{t('appeal.raise')}</Button>
          </>
        }
        empty={<Empty title={t(`appeal.none.${state}`)} hint={t('appeal.noneHint')} action={isOpen && <Button onClick={onRaise}>{t('appeal.raise')}</Button>} />}
      />
      {isOpen && list.rows.length > 0 && <p className="muted keys-hint">{t('appeal.keysHint')}</p>}
      {asked && <Decide asked={asked} onRefused={setRefused} onClose={() => setAsked(null)} />}
      {opened !== null && <AppealDrawer id={opened} onDecide={setAsked} onClose={() => set({ appeal: undefined })} />}
    </div>
  )
}

function useAppealColumns(state: AppealState, open: (appeal: Appeal) => void): Column<Appeal>[] {
  const { t } = useTranslation()
  return [
    { key: 'name', title: t('people.name'), width: 'minmax(100px, 0.9fr)', always: true, render: (appeal) => <button type="button" className="link-button" title={appeal.name} onClick={() => open(appeal)}>{appeal.name}</button> },
    { key: 'date', title: t('attendance.date'), width: '110px', always: true, render: (appeal) => <span>{appeal.date}</span> },
    {
      key: 'mark',
      title: t('appeal.mark'),
      width: '214px',
      always: true,
      render: (appeal) => (
        <span className={`mark mark-${appeal.mark}`}>
          <Sign name={appeal.mark} />
          <span>{t(`attendance.mark.${appeal.mark}`)}{appeal.claimed !== null && ` → ${appeal.claimed}`}</span>
        </span>
      ),
    },
    { key: 'reason', title: t('appeal.reason'), width: 'minmax(180px, 2fr)', always: true, render: (appeal) => <span title={appeal.reason}>{appeal.reason}</span> },
    { key: 'evidence', title: t('appeal.evidence'), width: '96px', render: (appeal) => (appeal.evidence === null ? <span className="muted">–</span> : <PaperClipOutlined aria-label={appeal.evidence.name} title={appeal.evidence.name} />) },
    { key: 'raised', title: t('appeal.raisedAt'), width: '120px', render: (appeal) => <Ago at={appeal.raisedAt} /> },
    ...(state === 'open'
      ? []
      : [
          { key: 'decided', title: t('appeal.decidedAt'), width: '120px', render: (appeal: Appeal) => <Ago at={appeal.decidedAt} /> },
          { key: 'note', title: t('appeal.note'), width: 'minmax(120px, 1fr)', render: (appeal: Appeal) => <span title={appeal.note ?? ''}>{appeal.note ?? '–'}</span> },
        ]),
  ]
}
