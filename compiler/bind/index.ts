export { bindScript } from './bind-script.ts'
export { makeFindings, type Findings } from './findings.ts'
export { matchName } from './names.ts'
export type { NamedRelation } from './queries/names-in-scope.ts'
