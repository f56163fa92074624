import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { firstOf, lastOf, monthOf, shiftMonth } from './dates'
import { shiftDate, today } from './format'

interface Props {
  label?: string
  from: string
  to: string
  onChange: (period: { from: string | undefined; to: string | undefined }) => void
  /** The API answers for at most so many days. */
  most?: number
}

const range = (first: string, last: string): [dayjs.Dayjs, dayjs.Dayjs] => [dayjs(first), dayjs(last)]

/** From a date to a date, both included. */
export function PeriodSelect({ label, from, to, onChange, most }: Props) {
  const { t } = useTranslation()
  const now = today()
  const month = monthOf(now)
  return (
    <DatePicker.RangePicker
      aria-label={label ?? t('punches.period')}
      placeholder={[t('punches.from'), t('punches.to')]}
      style={{ width: 250 }}
      allowEmpty={most === undefined ? [true, true] : [false, false]}
      allowClear={most === undefined}
      presets={[
        { label: t('time.today'), value: range(now, now) },
        { label: t('time.yesterday'), value: range(shiftDate(now, -1), shiftDate(now, -1)) },
        { label: t('time.last7'), value: range(shiftDate(now, -6), now) },
        { label: t('time.thisMonth'), value: range(firstOf(month), now) },
        { label: t('attendance.lastMonth'), value: range(firstOf(shiftMonth(month, -1)), lastOf(shiftMonth(month, -1))) },
      ]}
      value={[from === '' ? null : dayjs(from), to === '' ? null : dayjs(to)]}
      {...(most !== undefined && { disabledDate: (date: dayjs.Dayjs, { from: start }: { from?: dayjs.Dayjs }) => start !== undefined && Math.abs(date.diff(start, 'day')) >= most })}
      onChange={(dates) => onChange({ from: dates?.[0]?.format('YYYY-MM-DD'), to: dates?.[1]?.format('YYYY-MM-DD') })}
    />
  )
}
