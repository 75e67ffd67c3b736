import type { Statement } from '../ast/index.ts'
import { bindScript, type Findings, makeFindings } from '../bind/index.ts'
import type { BoundScript } from '../ir/index.ts'
import { parseRepaired } from '../parse/index.ts'
import type { SourceFile } from '../source/index.ts'
import { collectDeclared, type Declared } from './declared.ts'
import type { OpenedDocument } from './open-session.ts'

/** What is right of a script: its statements, and what the binder found out about them. */
export interface ScriptIndex {
  readonly file: SourceFile
  /** Of the script and of the tests beside it; what is wrong in them is repaired. */
  readonly statements: readonly Statement[]
  readonly bound: BoundScript
  readonly findings: Findings
  readonly declared: readonly Declared[]
}

export function indexScript({ file, session }: OpenedDocument): ScriptIndex {
  const files = [session.file, session.testFile].filter(one => one !== undefined)
  return indexStatements(
    file,
    files.flatMap(one => parseRepaired(one)),
    session
  )
}

/** `added` is bound along with the script: a statement that an editor needs the meaning of. */
export function indexWith(
  { file, session }: OpenedDocument,
  index: ScriptIndex,
  added: readonly Statement[]
): ScriptIndex {
  return indexStatements(file, [...index.statements, ...added], session)
}

function indexStatements(
  file: SourceFile,
  statements: readonly Statement[],
  session: OpenedDocument['session']
): ScriptIndex {
  const findings = makeFindings()
  const span = { file, start: 0, end: file.text.length }
  // Diagnostics of half a script are of no use: what is missing is what is wrong.
  const apart = { ...session, diagnostics: [] }
  const bound = bindScript({ kind: 'Script', span, statements }, apart, findings)
  const declared = collectDeclared({ statements, bound, findings })
  return { file, statements, bound, findings, declared }
}
