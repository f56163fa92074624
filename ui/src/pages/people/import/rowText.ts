import type { CustomField, ImportRow } from '../../../api/types'
import { explain } from '../../../kit'
import { said } from '../../../words/said'
import { fieldLabel } from '../fieldLabel'

type Row = Pick<ImportRow, 'code' | 'detail' | 'changes'>

/** Why a row is bad, with the column it is about; or what it changes. */
export function rowText({ code, detail, changes }: Row, headers: readonly string[], fields: readonly CustomField[], none: string): string {
  if (code !== null) {
    // The detail begins with the heading of the column, where it is about one.
    const header = headers.find((each) => detail?.startsWith(`${each}: `))
    const why = explain({ code, detail: detail ?? '' })
    return header === undefined ? why : `${header}: ${why}`
  }
  const nameOf = (key: string) => {
    const field = fields.find((each) => each.key === key)
    return field ? fieldLabel(field) : (said(`importing.column.${key}`) ?? key)
  }
  return changes.map(({ field, before, after }) => (before === null ? `${nameOf(field)}: ${after ?? none}` : `${nameOf(field)}: ${before} → ${after ?? none}`)).join(' · ')
}
