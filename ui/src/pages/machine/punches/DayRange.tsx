import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import type { Period } from '../../../api/reuploads'
import { shiftDate, today } from '../../../kit'

/** As many days as a machine is asked for at once. */
const MOST = 366

/** Days that have begun, the usual ones at hand. */
export function DayRange({ id, label, value, onChange }: { id?: string; label: string; value: Period; onChange: (period: Period) => void }) {
  const { t } = useTranslation()
  const now = today()
  const stretch = (from: string): [dayjs.Dayjs, dayjs.Dayjs] => [dayjs(from), dayjs(now)]
  return (
    <DatePicker.RangePicker
      {...(id === undefined ? {} : { id })}
      aria-label={label}
      placeholder={[t('reupload.from'), t('reupload.to')]}
      style={{ width: 270 }}
      allowClear={false}
      presets={[
        { label: t('time.today'), value: stretch(now) },
        { label: t('time.yesterday'), value: [dayjs(shiftDate(now, -1)), dayjs(shiftDate(now, -1))] },
        { label: t('time.last7'), value: stretch(shiftDate(now, -6)) },
        { label: t('time.thisMonth'), value: [dayjs(now).startOf('month'), dayjs(now)] },
      ]}
      disabledDate={(day, { from }) => day.isAfter(dayjs(now), 'day') || (from !== undefined && Math.abs(day.diff(from, 'day')) >= MOST)}
      value={[dayjs(value.from), dayjs(value.to)]}
      onChange={(dates) => {
        const [from, to] = dates ?? []
        if (from && to) onChange({ from: from.format('YYYY-MM-DD'), to: to.format('YYYY-MM-DD') })
      }}
    />
  )
}
