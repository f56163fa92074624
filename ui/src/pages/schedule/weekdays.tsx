import { Checkbox } from 'antd'
import type { TFunction } from 'i18next'
import { type Weekday, WEEKDAYS } from '../../kit/dates'
import { weekdayName } from '../../kit/dateWords'

const isRun = (days: readonly number[]): boolean => days.every((day, index) => index === 0 || day === (days[index - 1] ?? 0) + 1)

/** `Mon–Fri`, `every day`, `Mon, Wed, Fri` */
export function weekdaysText(t: TFunction, weekdays: readonly number[]): string {
  const days = WEEKDAYS.filter((day) => weekdays.includes(day))
  const [first] = days
  const last = days.at(-1)
  if (days.length === 7) return t('assignments.everyDay')
  if (first !== undefined && last !== undefined && days.length > 2 && isRun(days)) return `${weekdayName(first)}–${weekdayName(last)}`
  return days.map((day) => weekdayName(day)).join(t('picker.and'))
}

/** Days of the week to tick. */
export function WeekdaysField({ value, label, onChange }: { value: readonly number[]; label: string; onChange: (weekdays: Weekday[]) => void }) {
  return (
    <div role="group" aria-label={label} className="weekday-choice">
      {WEEKDAYS.map((day) => (
        <Checkbox key={day} checked={value.includes(day)} onChange={(event) => onChange(WEEKDAYS.filter((each) => (each === day ? event.target.checked : value.includes(each))))}>
          {weekdayName(day)}
        </Checkbox>
      ))}
    </div>
  )
}
