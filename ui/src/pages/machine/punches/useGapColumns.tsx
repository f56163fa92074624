import { Button } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { GapDay } from '../../../api/types'
import { Ago, number, type Column } from '../../../kit'
import { lackingOf, verdictOf } from './gapDays'

interface Given {
  supported: boolean
  busy: boolean
  onFill: (day: GapDay) => void
}

export function useGapColumns({ supported, busy, onFill }: Given): Column<GapDay>[] {
  const { t } = useTranslation()
  return useMemo<Column<GapDay>[]>(() => {
    const date: Column<GapDay> = { key: 'date', title: t('gaps.colDate'), width: '130px', always: true, render: (day) => <span>{day.date}</span> }
    const ours: Column<GapDay> = { key: 'ours', title: t('gaps.colOurs'), width: '130px', align: 'end', always: true, render: (day) => <span>{number(day.ours)}</span> }
    if (!supported) return [date, ours]
    return [
      date,
      { key: 'theirs', title: t('gaps.colTheirs'), width: '130px', align: 'end', always: true, render: ({ theirs }) => <span>{theirs === null ? '–' : number(theirs)}</span> },
      ours,
      { key: 'verdict', title: t('gaps.colVerdict'), width: 'minmax(150px, 1fr)', always: true, render: (day) => <VerdictTag day={day} /> },
      { key: 'checked', title: t('gaps.colChecked'), width: 'minmax(110px, 1fr)', render: ({ checkedAt }) => (checkedAt === null ? <span>–</span> : <Ago at={checkedAt} />) },
      {
        key: 'actions',
        title: t('machines.colActions'),
        width: '190px',
        quiet: true,
        stays: true,
        always: true,
        render: (day) =>
          day.missing ? (
            <Button size="small" disabled={busy} aria-label={t('gaps.fillDay', { date: day.date })} onClick={() => onFill(day)}>{t('reupload.submit')}</Button>
          ) : (
            <span />
          ),
      },
    ]
  }, [t, supported, busy, onFill])
}

function VerdictTag({ day }: { day: GapDay }) {
  const { t } = useTranslation()
  const verdict = verdictOf(day)
  if (verdict === 'missing') return <span className="tag tag-bad">{t('gaps.lacks', { count: lackingOf(day) })}</span>
  if (verdict === 'unknown') return <span className="muted">{t('gaps.verdict.unknown')}</span>
  return verdict === 'agrees' ? (
    <span className="tag tag-good">{t('gaps.verdict.agrees')}</span>
  ) : (
    <span className="tag" title={t('gaps.fewerHint')}>{t('gaps.verdict.fewer')}</span>
  )
}
