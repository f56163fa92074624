/** Days: the report, the sheet, what is wrong, and what is asked to be put right. */
export const attendance = {
  title: 'Attendance',
  parts: 'Parts of attendance',
  groupDays: 'Days',
  groupPlan: 'Planning',
  part: {
    days: 'Day report',
    sheet: 'Month sheet',
    exceptions: 'Exceptions',
    appeals: 'Appeals',
    schedule: 'Schedule',
    shifts: 'Shifts',
    assignments: 'Assignments',
    calendar: 'Calendar',
    leave: 'Leave',
  },
} as const
