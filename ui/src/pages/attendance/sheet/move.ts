/** A cell of the sheet: row from 0; column 0 is the name, day one is 1. */
export interface Place {
  row: number
  column: number
}

const PAGE = 10

/** Where a key leads from a cell; nothing for keys that lead nowhere. */
export function moved(key: string, { row, column }: Place, rows: number, columns: number, wholly = false): Place | undefined {
  const step: Record<string, Place> = {
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: column + 1 },
    Home: { row: wholly ? 0 : row, column: 0 },
    End: { row: wholly ? rows - 1 : row, column: columns - 1 },
    PageUp: { row: row - PAGE, column },
    PageDown: { row: row + PAGE, column },
  }
  const to = step[key]
  return to && { row: Math.max(0, Math.min(rows - 1, to.row)), column: Math.max(0, Math.min(columns - 1, to.column)) }
}
