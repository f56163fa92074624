import type { components } from './schema'

/** The generated shapes under the names the pages use. */
type Schemas = components['schemas']
export type Machine = Schemas['Machine']
export type Stranger = Schemas['Stranger']
export type Employee = Schemas['Employee']
export type NewEmployee = Schemas['NewEmployee']
export type EmployeeChange = Schemas['EmployeeChange']
export type RosterEntry = Schemas['RosterEntry']
export type NewRosterEntry = Schemas['NewRosterEntry']
export type RosterChange = Schemas['RosterChange']
export type Role = Schemas['Role']
export type Punch = Schemas['Punch']
export type RejectedLine = Schemas['RejectedLine']
export type AuditLine = Schemas['AuditLine']
export type Listener = Schemas['Listener']
export type Health = Schemas['Health']
export type Overview = Schemas['Overview']
