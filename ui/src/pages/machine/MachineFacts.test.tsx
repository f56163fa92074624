import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { renderToStaticMarkup } from 'react-dom/server'
import { MemoryRouter } from 'react-router'
import { expect, it } from 'vitest'
import type { Machine } from '../../api/types'
import { textsIn } from '../../i18n/forTests'
import { MachineFacts } from './MachineFacts'

const NOW = Date.now()
const before = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString()

const machine: Machine = {
  sn: 'CQZ7000000001',
  name: 'Main gate',
  model: 'SenseFace 4A',
  dialect: 'attendance',
  enabled: true,
  online: true,
  timeZone: 'Asia/Shanghai',
  addedAt: before(90_000),
  firstSeenAt: before(90_000),
  lastSeenAt: before(200),
  address: '192.168.1.201',
  firmware: 'Ver 8.0.4.3-20240607',
  protocolVersion: '2.4.1',
  capabilities: ['fingerprint', 'visibleLightFace'],
  algorithms: [{ kind: 'fingerprint', version: '10' }],
  reported: { people: 17, fingerprints: 12, faces: 9, punches: 480 },
  held: { people: 16, punches: 478 },
  roster: { total: 16, synced: 16, waiting: 0, failed: 0, noNumber: 0 },
  capacity: { people: 3000, fingerprints: 3000, faces: null, punches: 100_000 },
  clockSkewSeconds: 320,
  clockMeasuredAt: before(40),
  horizon: { newestPunchAt: before(3.5 * 3600), lastSeenAt: before(200) },
  queue: { waiting: 2, sent: 1, lastPollAt: before(200) },
  ignoresRepeatsMinutes: 1,
  encoding: 'auto',
  seenEncoding: null,
  warnings: [{ code: 'machine.people_full', detail: 'full' }],
}

const shown = (): string =>
  renderToStaticMarkup(
    <MemoryRouter>
      <QueryClientProvider client={new QueryClient()}>
        <MachineFacts machine={machine} />
      </QueryClientProvider>
    </MemoryRouter>,
  )

it('o4: shows dialect, firmware, protocol, capabilities, last request, last punch, clock, queue and counts', async () => {
  await textsIn('en')
  const page = shown()
  for (const part of [
    'Attendance push',
    'Ver 8.0.4.3-20240607',
    '2.4.1',
    'fingerprint · visible-light face',
    'fingerprint 10',
    '3 min. ago',
    '3 hr. ago',
    '5 minutes ahead',
    'Set the clock',
    '2 waiting · 1 sent, not answered yet',
    '192.168.1.201',
    '480',
    '478',
    '2 punches more than are here',
    '17 of about 3,000',
    'hardly any room left for people',
  ]) {
    expect(page).toContain(part)
  }
})

it('o4: in Chinese too', async () => {
  await textsIn('zh-CN')
  for (const part of ['考勤 PUSH', '快 5 分钟', '2 条等待中', '多 2 条', '人员容量将满']) expect(shown()).toContain(part)
})
