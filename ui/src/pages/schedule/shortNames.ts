const HAN = /\p{Script=Han}/u

/** Two Chinese characters or three letters are as much as a cell of a month has room for. */
function ways(name: string): string[] {
  const text = name.normalize('NFKC').trim()
  const chars = [...text].filter((char) => /[\p{L}\p{N}]/u.test(char))
  if (chars.some((char) => HAN.test(char))) {
    // 早班, 中班: the word for “shift” tells nothing apart, what stands before it does.
    const telling = chars.join('').replace(/班次?$/u, '')
    const own = [...(telling === '' ? chars.join('') : telling)]
    return [own.slice(0, 2).join(''), `${own[0] ?? ''}${own.at(-1) ?? ''}`, chars.slice(0, 2).join('')]
  }
  const words = text.split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  const initials = words.map((word) => word[0] ?? '').join('').slice(0, 3).toUpperCase()
  return [...(words.length > 1 ? [initials] : []), chars.slice(0, 3).join(''), `${chars.slice(0, 2).join('')}${chars.at(-1) ?? ''}`]
}

/** A short name for each shift that no other one has; those that came first keep the plainest. */
export function shortNames(shifts: readonly { id: string; name: string }[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  for (const { id, name } of shifts) {
    const wanted = ways(name).filter((way) => way !== '')
    const first = wanted[0] ?? '?'
    let short = wanted.find((way) => !taken.has(way.toLowerCase()))
    for (let count = 2; short === undefined; count += 1) {
      const numbered = `${[...first][0] ?? ''}${String(count)}`
      if (!taken.has(numbered.toLowerCase())) short = numbered
    }
    taken.add(short.toLowerCase())
    names.set(id, short)
  }
  return names
}
