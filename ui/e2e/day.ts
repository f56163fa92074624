import type { Site } from './site'

/** A morning at a small site: enough on every page to see how it looks when it is used. */
const MACHINES = [
  ['CQZ7000000001', '正门', 'FaceStation M2'],
  ['CQZ7000000002', '车间东门', 'SenseFace 4A'],
  ['CQZ7000000003', '食堂', 'K40'],
  ['CQZ7000000004', '仓库', 'K40'],
  ['CQZ7000000O05', '办公楼二层', 'FaceStation M2'],
] as const

const PEOPLE = ['王伟', '李娜', '张敏', '刘洋', '陈静', '杨帆', '赵磊', '黄丽', '周杰', '吴敏', '徐强', '孙丽', '马超', '朱婷', '胡军', '林晓燕', '何勇', '高翔', '梁慧', '郑𠮷'] as const

const BRANCHES = [
  ['b1', '总部', ''],
  ['b2', '苏州分部', 'b1'],
] as const

const DEPARTMENTS = [
  ['d1', '生产部', { branchId: 'b1' }],
  ['d2', '一车间', { parentId: 'd1' }],
  ['d3', '二车间', { parentId: 'd1' }],
  ['d4', '人力资源部', { branchId: 'b1' }],
  ['d5', '销售部', { branchId: 'b2' }],
  ['d6', '外包', {}],
] as const

const two = (n: number): string => String(n).padStart(2, '0')

export async function fillTheDay(site: Site): Promise<void> {
  await site.call('PUT', '/api/settings', { timeZone: 'UTC' })
  for (const [sn, name, model] of MACHINES) await site.call('POST', '/api/machines', { sn, name, model })
  for (const [id, name, parentId] of BRANCHES) await site.call('POST', '/api/branches', { id, name, ...(parentId === '' ? {} : { parentId }) })
  for (const [id, name, place] of DEPARTMENTS) await site.call('POST', '/api/departments', { id, name, ...place })
  await site.call('POST', '/api/fields', { key: 'door', label: '门禁号', type: 'number', group: 'basic' })
  await site.call('POST', '/api/fields', { key: 'shirt', label: '工服尺码', type: 'choice', group: 'personal', choices: ['S', 'M', 'L', 'XL'] })
  for (const [index, name] of PEOPLE.entries()) {
    await site.call('POST', '/api/employees', {
      id: `e${String(index + 1)}`,
      name,
      departmentId: DEPARTMENTS[index % DEPARTMENTS.length]?.[0],
      hiredOn: '2024-03-01',
      fields: { employeeNumber: String(1001 + index), mobile: `1380000${String(1000 + index)}`, position: index % 3 === 0 ? '操作工' : '职员' },
    })
  }
  await site.call('PATCH', '/api/employees/e20', { leftOn: '2026-10-31' })
  for (const [sn] of MACHINES.slice(0, 3)) {
    await site.call('POST', `/api/machines/${sn}/roster`, {
      entries: PEOPLE.slice(0, 18).map((_, index) => ({
        employeeId: `e${String(index + 1)}`,
        role: index === 0 ? 'administrator' : index === 1 ? 'registrar' : 'user',
        ...(index === 17 ? {} : { pin: String(1001 + index) }),
        ...(index === 16 ? { enabled: false } : {}),
      })),
    })
  }
  await site.call('PATCH', '/api/machines/CQZ7000000004', { enabled: false })
  // Two that nobody has added; one of them looks like the office's, mistyped with the letter O.
  for (const sn of ['CQZ7000000005', 'BRT1122334455']) await site.push(`cdata?SN=${sn}&options=all&pushver=2.4.1&language=83`)
  for (const [sn] of MACHINES.slice(0, 3)) {
    await site.push(`cdata?SN=${sn}&options=all&pushver=2.4.1&language=83`)
    await site.push(`getrequest?SN=${sn}&INFO=Ver%208.0.4.3-20240607,17,12,480,192.168.1.201,10,58,12,9,1101`)
  }
  const date = new Date().toISOString().slice(0, 10)
  for (const [machine, [sn]] of MACHINES.slice(0, 3).entries()) {
    const lines: string[] = []
    for (let index = 0; index < 17; index += 1) {
      const minute = 425 + ((index * 37 + machine * 11) % 90)
      lines.push(`${String(1001 + index)}\t${date} ${two(Math.floor(minute / 60))}:${two(minute % 60)}:${two((index * 7) % 60)}\t0\t${index % 2 === 0 ? '15' : '1'}\t0\n`)
      if (machine === 2) lines.push(`${String(1001 + index)}\t${date} 12:${two(5 + index)}:${two(index)}\t0\t1\t0\n`)
    }
    if (machine === 1) lines.push(`77\t${date} 08:02:10\t0\t2\t0\n`, `\t${date} 08:03:00\t0\t1\t0\n`, `1003\t2026-02-31 08:00:00\t0\t1\t0\n`)
    await site.push(`cdata?SN=${sn}&table=ATTLOG&Stamp=9999`, lines.join(''))
  }
  await ordersOfTheDay(site)
  await rulesOfTheDay(site)
}

/** A rule whose run the brake holds, numbers from a field that has changed since, and a sync under way. */
async function rulesOfTheDay(site: Site): Promise<void> {
  const [[first], [second]] = MACHINES
  await site.call('PUT', `/api/machines/${first}/number-mapping`, { enabled: true, field: 'employeeNumber' })
  await site.call('PATCH', '/api/employees/e3', { fields: { employeeNumber: '2003' } })
  await site.call('PATCH', '/api/employees/e18', { fields: { employeeNumber: 'A-18' } })
  await site.call('POST', `/api/machines/${first}/roster/sync`, {})
  const scope = { include: [{ kind: 'department', id: 'd1' }, { kind: 'branch', id: 'b2' }], exclude: [{ kind: 'employee', id: 'e3' }] }
  await site.call('PUT', `/api/machines/${second}/dispatch-rule`, { enabled: true, ...scope, outOfScope: 'disable', runAt: '02:00', syncToMachine: true })
  await site.call('POST', `/api/machines/${second}/dispatch-rule/run`, {})
}

/** On the first machine: what was done in its menu, whom it knows, and orders in every state. */
async function ordersOfTheDay(site: Site): Promise<void> {
  const [[sn]] = MACHINES
  const date = new Date().toISOString().slice(0, 10)
  const lines = [
    `OPLOG 4\t1001\t${date} 08:01:07\t0\t0\t0\t0`,
    `OPLOG 6\t1001\t${date} 08:02:30\t1003\t6\t8\t0`,
    `OPLOG 3\t0\t${date} 08:05:00\t55\t0\t0\t0`,
    'USER PIN=1001\tName=王伟\tPri=14\tPasswd=4321\tCard=123456789\tGrp=1',
    'USER PIN=1002\tName=李娜\tPri=0\tPasswd=\tCard=\tGrp=1',
    'USER PIN=1003\tName=张敏\tPri=1\tPasswd=\tCard=\tGrp=1',
    'USER PIN=77\tName=Visitor\tPri=0\tPasswd=\tCard=\tGrp=1',
    'FP PIN=1003\tFID=6\tSize=8\tValid=1\tTMP=TVpTUw==',
  ]
  await site.push(`cdata?SN=${sn}&table=OPERLOG&OpStamp=1`, `${lines.join('\n')}\n`)
  const order = (kind: string) => site.call('POST', `/api/machines/${sn}/commands`, { kind })
  const answer = async (code: number) => {
    const { text } = await site.exchange(`getrequest?SN=${sn}`)
    for (const [, id] of text.matchAll(/^C:(\d+):/gm)) await site.push(`devicecmd?SN=${sn}`, `ID=${String(id)}&Return=${String(code)}&CMD=DATA\n`)
  }
  await order('readPeople')
  await answer(4)
  await order('readInfo')
  await answer(-1002)
  await order('readOptions')
  await site.exchange(`getrequest?SN=${sn}`)
  await order('setClock')
}
