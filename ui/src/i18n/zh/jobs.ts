import type * as english from '../en/jobs'
import type { Shape } from '../types'

/** 定时任务与日志。 */
export const jobs: Shape<typeof english.jobs> = {
  title: '任务与日志',
  tabJobs: '任务',
  kind: { rosterSync: '同步人员', dispatchRun: '自动下发', readBack: '读回人员' },
  state: { waiting: '等待中', running: '执行中', needsConfirmation: '待确认', done: '完成', failed: '失败', cancelled: '已取消' },
  level: { warning: '注意', error: '错误' },
  result: {
    synced_other: '已同步 {{count}} 人',
    failed_other: '失败 {{count}} 人',
    added_other: '添加 {{count}} 人',
    deleted_other: '删除 {{count}} 人',
    disabled_other: '禁用 {{count}} 人',
    enabled_other: '启用 {{count}} 人',
    skipped_other: '不变 {{count}} 人',
    people_other: '{{count}} 人',
    templates_other: '{{count}} 个模板',
  },
  colKind: '任务',
  colState: '状态',
  colProgress: '进度',
  colCreated: '创建时间',
  colEnded: '结束时间',
  started: '开始时间',
  next: '下次检查',
  anyState: '全部状态',
  anyKind: '全部任务',
  counts: '{{done}} / {{total}}',
  waiting: '等待考勤机联系',
  log: '日志',
  logEmpty: '还没有日志。',
  loadFailed: '任务未能读取',
  cancel: '取消任务',
  cancelled: '正在取消“{{what}}”。',
  cancelFailed: '任务没有取消',
  confirm: '确认执行',
  refuse: '不执行',
  confirmed: '“{{what}}”继续执行。',
  confirmFailed: '任务没有确认',
  needYes_other: '有 {{count}} 个任务等待确认',
  waitsForYes: '它将删除或禁用异常多的人员，因此已停下。请查看涉及的人员，再决定是否执行。',
  empty: '还没有任务',
  emptyHint: '同步人员、执行规则、读回人员都会列在这里，并有进度和日志。',
}

/** 任务日志，按代码。 */
export const jobLog: Shape<typeof english.jobLog> = {
  sync: {
    asked_other: '有 {{count}} 个条目不一致，需要下发。',
    full_other: '要求全部重新下发：{{count}} 个条目。',
    done: '完成：已同步 {{synced}}，失败 {{failed}}。',
    offline: '考勤机失去联系，其余的等它下次联系。',
  },
  readBack: {
    asked: '已要求考勤机送来人员和模板。',
    done: '已读取：考勤机上有 {{people}} 人。',
  },
  job: { confirmed: '{{who}} 已确认。' },
  about: '{{who}}：{{what}}',
}
