import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app'
import { startTexts } from './i18n'
import { returnFocus } from './kit/returnFocus'
import './theme/console.css'
import './theme/attendance.css'
import { startTheme } from './theme/theme'

startTheme()
returnFocus()
await startTexts()
const root = document.querySelector('#root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
