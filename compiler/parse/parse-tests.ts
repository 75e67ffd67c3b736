import type { TestStatement } from '../ast/index.ts'
import { testFileStatement } from '../diagnostics/bind-tests.ts'
import type { Session } from '../session.ts'
import type { SourceFile } from '../source/index.ts'
import { parseSource } from './parse.ts'

/** The TEST statements of a file beside the script; it holds nothing else. */
export function parseTestFile(file: SourceFile, { file: tested, diagnostics }: Session) {
  const parsed = parseSource(file)
  diagnostics.push(...parsed.diagnostics)
  return parsed.script.statements.filter((statement): statement is TestStatement => {
    if (statement.kind === 'Test') return true
    diagnostics.push(testFileStatement(tested.path, statement.span))
    return false
  })
}
