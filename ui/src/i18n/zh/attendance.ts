import type * as english from '../en/attendance'
import type { Shape } from '../types'

/** 日报、月报、异常和申诉。 */
export const attendance: Shape<typeof english.attendance> = {
  title: '考勤',
  parts: '考勤的各部分',
  groupDays: '考勤结果',
  groupPlan: '排班',
  part: {
    days: '日报',
    sheet: '月报',
    exceptions: '异常',
    appeals: '申诉',
    schedule: '排班表',
    shifts: '班次',
    assignments: '安排',
    calendar: '日历',
    leave: '请假',
  },
}
