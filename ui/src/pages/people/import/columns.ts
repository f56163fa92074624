import type { Mapping } from '../../../api/imports'

/** What a column may be beside the fields. */
export const TOP_COLUMNS = ['id', 'name', 'branch', 'department', 'hiredOn', 'leftOn'] as const

/** Without one of these nothing says who a row is about. */
export const enough = (mapping: Mapping): boolean => Object.values(mapping).some((field) => ['name', 'id', 'employeeNumber'].includes(field))
