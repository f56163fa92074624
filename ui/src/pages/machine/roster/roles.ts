import type { Role } from '../../../api/types'

export const ROLES: readonly Role[] = ['user', 'registrar', 'administrator']
