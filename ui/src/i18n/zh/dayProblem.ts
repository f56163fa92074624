import type { dayProblem as english } from '../en/dayProblem'
import type { Shape } from '../types'

/** 考勤结果、申诉与更正的问题，按代码。 */
export const dayProblem: Shape<typeof english> = {
  day: {
    not_over: '当日尚未结束，还可能有打卡。',
    machine_silent: '{{machine}} 自 {{heard}} 起没有联系，机上可能还有当日的打卡。恢复联系后会自动送达，请检查电源和网络。',
    machine_disabled: '{{machine}} 已停用，机上可能还有当日的打卡。启用后会自动送达。',
    gap: '{{machine}} 上有当日打卡 {{theirs}} 条，已送达 {{ours}} 条。请让它重新上传考勤数据。',
    no_machine: '此人不在任何考勤机上，没有打卡不能说明问题。请把此人加入考勤机的人员列表。',
  },
  attendance: {
    range_turned: '结束日期早于开始日期，请调换。',
    range_too_long: '一次选择的时间太长（{{detail}}）。请选择较短的时间。',
    month_not_over: '这个月还没有结束，最后几天会按现在的样子锁定。建议等月底之后；也可以仍然锁定。',
    month_provisional: '这个月的打卡可能还没有全部送达，有些日期可能锁定得太早（{{detail}}）。请先查看没有联系的考勤机；也可以仍然锁定。',
    month_unsettled: '这个月的结果正在计算，请稍后再试。',
    month_locked: '这个月已锁定，结果不再变化。请先在月报中解锁。',
    month_not_locked: '这个月没有锁定，可能已在另一个窗口中解锁。',
    recompute_unknown: '那次重新计算的变化已不再保留。请重新计算。',
  },
  month: { invalid: '这不是月份。请写成 2026-07 的形式。' },
  appeal: {
    unknown: '这个申诉已不存在。请回到列表。',
    future: '这一天还没有到。有结果之后再申诉。',
    month_locked: '这一天所在的月份已锁定。请先在月报中解锁。',
    claimed_needed: '请填写补卡时间，例如 09:00。',
    claimed_outside: '当日班次在这个时间不接受打卡。打卡有效时间见当日详情。',
    no_such_mark: '当日已没有这项异常：可能有打卡送达，或已取消。请打开当日查看。',
    open_already: '这项异常已有待处理的申诉。请先处理那一个。',
    not_open: '这个申诉已被处理，不再是待处理。请刷新列表。',
    note_needed: '请填写驳回原因，申诉人会看到。',
    quota_used: '这个月的补卡次数已用完。请在设置中提高次数，或手动更正当日。',
    how_many: '一次请选择一到一千个申诉。',
  },
  evidence: {
    missing: '已没有证明材料。',
    type: '证明材料须为图片（JPEG、PNG）或 PDF。请另存为其中一种。',
    too_large: '文件超过 5 MB。请压缩，或以较低清晰度重新拍摄。',
  },
  correction: {
    unknown: '这项更正已不存在。请重新打开当日。',
    withdrawn: '这项更正已撤销，无需处理。',
    future: '还没有到的时间不能更正，请到时再做。',
    not_employed: '此人当日不在职。请核对入职和离职日期。',
    outside: '当日班次在这个时间不接受打卡。打卡有效时间见当日详情。',
    no_such_mark: '当日已没有这项异常：可能有打卡送达，或已取消。请打开当日查看。',
    incomplete: '补卡需要时间；取消异常需要指明是哪一项。',
    excess: '补卡只有时间，没有异常项；取消异常没有时间。',
  },
}
