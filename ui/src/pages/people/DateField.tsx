import { DatePicker } from 'antd'
import dayjs from 'dayjs'

interface Props {
  id: string
  value: string | null
  onChange: (date: string | null) => void
  status?: 'error'
}

/** A date as text; what is stored and is no date is shown as none. */
export function DateField({ id, value, onChange, ...rest }: Props) {
  const date = value === null || value === '' ? null : dayjs(value)
  return (
    <DatePicker
      {...rest}
      id={id}
      format="YYYY-MM-DD"
      value={date?.isValid() ? date : null}
      // Enter takes the date; it must not send the form around it as well.
      onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
      onChange={(chosen: dayjs.Dayjs | null) => onChange(chosen ? chosen.format('YYYY-MM-DD') : null)}
    />
  )
}
