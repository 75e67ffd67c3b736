export { RegexError, type RegexOptions } from './node.ts'
export { parseOptions } from './options.ts'
export { parseRegex } from './parse.ts'
export { compileRegex, findRegex, type Regex, testRegex } from './regex.ts'
