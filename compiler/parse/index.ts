export { decodeScript } from './decode.ts'
export { parseScript, parseSource, type Parsed } from './parse.ts'
export { parseTestFile } from './parse-tests.ts'
