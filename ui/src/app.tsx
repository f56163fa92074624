import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { App as AntApp, ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { RouterProvider } from 'react-router'
import { ApiProblem } from './api/problem'
import { router } from './router'
import { antdConfig, useTheme } from './theme/theme'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A refusal is an answer; only silence is asked again.
      retry: (failures, error) => failures < 2 && !(error instanceof ApiProblem && error.status !== 0 && error.status !== 503),
      // The service is on this computer or this network: whether the internet is there says nothing.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
})

export function App() {
  const { name } = useTheme()
  const { i18n } = useTranslation()
  const chinese = i18n.language !== 'en'
  useEffect(() => {
    dayjs.locale(chinese ? 'zh-cn' : 'en')
  }, [chinese])
  return (
    <ConfigProvider theme={antdConfig(name)} locale={chinese ? zhCN : enUS} button={{ autoInsertSpace: false }}>
      <AntApp component={false} notification={{ placement: 'bottomRight' }} message={{ maxCount: 3 }}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  )
}
