import type { CustomField } from '../../api/types'
import { said } from '../../words/said'

/** The system's fields are called as the language calls them, the customer's as the customer does. */
export const fieldLabel = ({ key, label, system }: Pick<CustomField, 'key' | 'label' | 'system'>): string =>
  system ? (said(`field.${key}`) ?? key) : label
