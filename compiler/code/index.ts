export { js, literal, makeCode, quote, type Code, type Insertion } from './code.ts'
export { camelCase, makeScope, pascalCase, type Scope } from './scope.ts'
export { renderSourceMap } from './source-map.ts'
export { makeWriter, renderLines, type Line, type Place, type Writer } from './writer.ts'
