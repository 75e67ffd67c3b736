export { bindScript } from './bind-script.ts'
export { type BoundStatement, bindStatement } from './bind-statement.ts'
