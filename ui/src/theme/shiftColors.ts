/** The colours shifts are told apart by, beside their names: a line, a ground to write on, and text that is read on that ground. */
interface ShiftColor {
  line: string
  soft: string
  text: string
}

export const SHIFT_COLORS = ['blue', 'teal', 'green', 'amber', 'rose', 'purple', 'cyan', 'slate'] as const
export type ShiftColorName = (typeof SHIFT_COLORS)[number]

const color = (line: string, soft: string, text: string): ShiftColor => ({ line, soft, text })

const light: Readonly<Record<ShiftColorName, ShiftColor>> = {
  blue: color('#2156c4', '#dfe8fb', '#17429c'),
  teal: color('#0b7a75', '#d3efec', '#07514e'),
  green: color('#3b7d23', '#e2f1d8', '#2a5c17'),
  amber: color('#a86a00', '#fdeac0', '#6b4400'),
  rose: color('#b8326b', '#fbdfe9', '#8c1f4e'),
  purple: color('#6f42c1', '#eae1fa', '#51309a'),
  cyan: color('#0e7490', '#d3eef7', '#0a5166'),
  slate: color('#56606f', '#e3e7ec', '#3a4350'),
}

const dark: Readonly<Record<ShiftColorName, ShiftColor>> = {
  blue: color('#84aaf5', '#22355c', '#b8cffb'),
  teal: color('#5cc9c1', '#163c3a', '#97e3dd'),
  green: color('#8ccf6f', '#213a19', '#b2e29a'),
  amber: color('#e3b04b', '#423313', '#f3cf86'),
  rose: color('#f08fb4', '#4a2033', '#f8bfd4'),
  purple: color('#b497f0', '#352859', '#d3c2f8'),
  cyan: color('#67c6e3', '#163c4a', '#a4e0f1'),
  slate: color('#9da8b8', '#2d3440', '#c9d0da'),
}

/** `--shift-blue`, `--shift-blue-soft`, `--shift-blue-text` … */
export const shiftVariables = (theme: 'light' | 'dark'): [string, string][] =>
  Object.entries(theme === 'dark' ? dark : light).flatMap(([name, { line, soft, text }]): [string, string][] => [
    [`--shift-${name}`, line],
    [`--shift-${name}-soft`, soft],
    [`--shift-${name}-text`, text],
  ])

/** The palette's colour of that name; one that the palette does not have is grey. */
export const shiftColor = (name: string | null): ShiftColorName => SHIFT_COLORS.find((each) => each === name) ?? 'slate'
