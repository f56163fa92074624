/** The first character of each initial, as dictionaries sort them by sound; no sound begins with I, U or V. */
const LETTERS = 'abcdefghjklmnopqrstwxyz'
const FIRST = [...'阿八嚓哒妸发旮哈讥咔垃痳拏噢妑七呥扨它穵夕丫帀']
const bySound = new Intl.Collator('zh-Hans-CN-u-co-pinyin')

function initial(character: string): string {
  if (!/\p{Script=Han}/u.test(character)) return /[a-z0-9]/i.test(character) ? character.toLowerCase() : ''
  let letter = ''
  for (const [index, first] of FIRST.entries()) {
    if (bySound.compare(first, character) > 0) break
    letter = LETTERS[index] ?? ''
  }
  return letter
}

/** `生产一部` → `scyb`: what people type who know how a name sounds. */
export const initials = (name: string): string => [...name].map(initial).join('')
