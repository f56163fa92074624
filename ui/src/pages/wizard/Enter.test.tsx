import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import type { Listener } from '../../api/types'
import { textsIn } from '../../i18n/forTests'
import { Enter } from './Enter'

const listener: Listener = { address: '192.168.1.10', port: 8083, addresses: [{ address: '192.168.1.10', family: 'ipv4', kind: 'lan', interface: 'eth0' }], guide: [], problems: [] }

const shown = (): string => {
  const queries = new QueryClient()
  queries.setQueryData(['listener'], listener)
  return renderToStaticMarkup(
    <QueryClientProvider client={queries}>
      <Enter onNext={() => undefined} onBack={() => undefined} />
    </QueryClientProvider>,
  )
}

it('n1: says what to type on the machine: address, port, and what to switch off', async () => {
  await textsIn('en')
  for (const part of ['Communication', '192.168.1.10', '8083', 'DHCP', 'domain name', 'proxy', 'HTTPS off']) expect(shown()).toContain(part)
})

it('n1: in Chinese under the names of the menus', async () => {
  await textsIn('zh-CN')
  for (const part of ['机器设置', '通讯设置', '进行传送', '192.168.1.10', '8083', '启用域名', '启用代理服务器', 'HTTPS']) expect(shown()).toContain(part)
})

it('n2: warns that another device type erases the machine, and n5: that many want a restart', async () => {
  await textsIn('en')
  expect(shown()).toContain('changing it erases everything on the machine')
  expect(shown()).toContain('restart the others')
})
