import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { Button, DatePicker } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { shiftDate, today } from '../../kit'
import { shiftMonth } from '../../kit/dates'
import { dateWords } from '../../kit/dateWords'

interface Props {
  date: string
  onChange: (date: string) => void
}

/** A day, the one before, the one after, and the way back to today. */
export function DateSwitch({ date, onChange }: Props) {
  const { t } = useTranslation()
  return (
    <span className="date-switch">
      <Button icon={<LeftOutlined />} aria-label={t('attendance.dayBefore')} onClick={() => onChange(shiftDate(date, -1))} />
      <DatePicker
        aria-label={t('attendance.date')}
        allowClear={false}
        style={{ width: 160 }}
        format={(value) => dateWords(value.format('YYYY-MM-DD'))}
        value={dayjs(date)}
        onChange={(chosen: dayjs.Dayjs | null) => chosen && onChange(chosen.format('YYYY-MM-DD'))}
      />
      <Button icon={<RightOutlined />} aria-label={t('attendance.dayAfter')} onClick={() => onChange(shiftDate(date, 1))} />
      <Button disabled={date === today()} onClick={() => onChange(today())}>{t('time.today')}</Button>
    </span>
  )
}

/** The same for a month. */
export function MonthSwitch({ month, onChange }: { month: string; onChange: (month: string) => void }) {
  const { t } = useTranslation()
  return (
    <span className="date-switch">
      <Button icon={<LeftOutlined />} aria-label={t('attendance.monthBefore')} onClick={() => onChange(shiftMonth(month, -1))} />
      <DatePicker
        picker="month"
        aria-label={t('attendance.month')}
        allowClear={false}
        style={{ width: 120 }}
        format="YYYY-MM"
        value={dayjs(`${month}-01`)}
        onChange={(chosen: dayjs.Dayjs | null) => chosen && onChange(chosen.format('YYYY-MM'))}
      />
      <Button icon={<RightOutlined />} aria-label={t('attendance.monthAfter')} onClick={() => onChange(shiftMonth(month, 1))} />
    </span>
  )
}
