import { theme as antdTheme, type ThemeConfig } from 'antd'
import { useSyncExternalStore } from 'react'
import { cssVariables, dark, light, type Palette } from './palette'
import { shiftVariables } from './shiftColors'

/** What the administrator chose; `system` follows the computer. */
export type ThemeChoice = 'system' | 'light' | 'dark'
export type ThemeName = 'light' | 'dark'

const KEY = 'rollcall.theme'
/** Asked of antd too, not only of our CSS: it waits for the end of animations that CSS alone would take away. */
const calm = globalThis.matchMedia('(prefers-reduced-motion: reduce)')
const preferred = globalThis.matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

let choice: ThemeChoice = read()

function read(): ThemeChoice {
  const stored = localStorage.getItem(KEY)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

function resolved(): ThemeName {
  if (choice !== 'system') return choice
  return preferred.matches ? 'dark' : 'light'
}

function paint() {
  const name = resolved()
  const root = document.documentElement
  root.dataset['theme'] = name
  root.style.colorScheme = name
  for (const [variable, value] of [...cssVariables(name === 'dark' ? dark : light), ...shiftVariables(name)]) root.style.setProperty(variable, value)
  for (const listener of listeners) listener()
}

/** Called once before the first paint, so that no white page flashes in the dark. */
export function startTheme() {
  preferred.addEventListener('change', paint)
  paint()
}

export function chooseTheme(next: ThemeChoice) {
  choice = next
  localStorage.setItem(KEY, next)
  paint()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useTheme(): { choice: ThemeChoice; name: ThemeName } {
  const name = useSyncExternalStore(subscribe, resolved)
  const chosen = useSyncExternalStore(subscribe, () => choice)
  return { choice: chosen, name }
}

export const FONT =
  '-apple-system, "Segoe UI", Roboto, "Helvetica Neue", "PingFang SC", "Microsoft YaHei", "Noto Sans", Ubuntu, Cantarell, "Liberation Sans", "Noto Sans CJK SC", "Noto Sans SC", sans-serif'

function tokens(p: Palette): NonNullable<ThemeConfig['token']> {
  return {
    colorPrimary: p.accent,
    colorPrimaryHover: p.accentStrong,
    colorPrimaryActive: p.accentStrong,
    colorLinkHover: p.accentStrong,
    colorLinkActive: p.accentStrong,
    colorInfo: p.accent,
    colorLink: p.accent,
    colorSuccess: p.good,
    colorWarning: p.warn,
    colorError: p.bad,
    colorText: p.text,
    colorTextBase: p.text,
    colorTextSecondary: p.muted,
    colorTextTertiary: p.muted,
    colorTextDescription: p.muted,
    colorTextPlaceholder: p.muted,
    colorTextLightSolid: p.onAccent,
    colorBgLayout: p.ground,
    colorBgContainer: p.surface,
    colorBgElevated: p.raised,
    colorBorder: p.lineStrong,
    colorBorderSecondary: p.line,
    colorSplit: p.line,
    colorErrorBg: p.badSoft,
    colorWarningBg: p.warnSoft,
    colorSuccessBg: p.goodSoft,
    colorInfoBg: p.accentSoft,
    fontFamily: FONT,
    fontSize: 14,
    borderRadius: 5,
    controlHeight: 32,
    motionDurationMid: '0.12s',
    motionDurationSlow: '0.16s',
    motion: !calm.matches,
  }
}

export function antdConfig(name: ThemeName): ThemeConfig {
  const palette = name === 'dark' ? dark : light
  return {
    algorithm: name === 'dark' ? antdTheme.darkAlgorithm : antdTheme.defaultAlgorithm,
    token: tokens(palette),
    hashed: false,
    components: {
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', primaryColor: palette.onAccent },
      Alert: { withDescriptionPadding: '10px 14px', withDescriptionIconSize: 18, fontSizeLG: 14 },
      Tooltip: { colorBgSpotlight: name === 'dark' ? '#39414f' : '#2a313d', colorTextLightSolid: '#ffffff' },
    },
  }
}
