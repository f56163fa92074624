/**
 * Two designed palettes, one accent. The same values feed our CSS (`--surface` …) and antd's tokens, so a colour is
 * changed here and nowhere else. Text on its surface is at least 4.5:1, muted text too.
 */
export interface Palette {
  ground: string
  surface: string
  raised: string
  sunken: string
  line: string
  lineStrong: string
  text: string
  muted: string
  accent: string
  accentStrong: string
  accentSoft: string
  onAccent: string
  good: string
  goodSoft: string
  warn: string
  warnSoft: string
  bad: string
  badSoft: string
  idle: string
  hover: string
  selected: string
  focus: string
}

export const light: Palette = {
  ground: '#f4f5f7',
  surface: '#ffffff',
  raised: '#ffffff',
  sunken: '#eef0f3',
  line: '#e2e5ea',
  lineStrong: '#c6ccd5',
  text: '#1b212b',
  muted: '#586273',
  accent: '#2156c4',
  accentStrong: '#17429c',
  accentSoft: '#e8eefb',
  onAccent: '#ffffff',
  good: '#19733d',
  goodSoft: '#e4f3e9',
  warn: '#8a5a00',
  warnSoft: '#fdf2d8',
  bad: '#b3261e',
  badSoft: '#fbe7e5',
  idle: '#6b7585',
  hover: '#f2f5fa',
  selected: '#e8eefb',
  focus: '#2156c4',
}

export const dark: Palette = {
  ground: '#12151a',
  surface: '#191d24',
  raised: '#222731',
  sunken: '#0e1115',
  line: '#2a303b',
  lineStrong: '#424b5a',
  text: '#e4e8ee',
  muted: '#9da8b8',
  accent: '#84aaf5',
  accentStrong: '#a9c4fb',
  accentSoft: '#1f2d4a',
  onAccent: '#0d1b36',
  good: '#69c48b',
  goodSoft: '#17301f',
  warn: '#e3b04b',
  warnSoft: '#35290f',
  bad: '#f28b82',
  badSoft: '#3d1c1a',
  idle: '#8590a1',
  hover: '#20262f',
  selected: '#1f2d4a',
  focus: '#a9c4fb',
}

/** `goodSoft` → `--good-soft` */
export function cssVariables(palette: Palette): [string, string][] {
  return Object.entries(palette).map(([name, value]) => [
    `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    value as string,
  ])
}
