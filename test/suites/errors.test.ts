import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts'
import type { Session } from '../../compiler/session.ts'
import type { Span } from '../../compiler/source/index.ts'
import { fixtureNames, isUpdating, readExpected, writeExpected } from '../support/fixtures.ts'
import { diagnoseErrorFixture, readErrorFixture } from '../support/read-error-fixture.ts'

const EXPECTED = 'expect/diagnostics.txt'

for (const name of fixtureNames('errors')) {
  test(name, () => {
    const fixture = readErrorFixture(name)
    const { session, text, codes } = diagnoseErrorFixture(fixture)
    if (isUpdating()) writeExpected(fixture.directory, EXPECTED, text)
    assert.equal(text, readExpected(fixture.directory, EXPECTED))
    assert.ok(codes.includes(fixture.code), `${fixture.code} is not among ${codes.join(', ')}`)
    if (session === null) return
    for (const diagnostic of session.diagnostics) {
      checkSpans(diagnostic, session)
      checkWording(diagnostic)
    }
  })
}

function checkSpans({ code, span, related = [] }: Diagnostic, session: Session): void {
  assert.ok(span !== null, `${code} has no position`)
  for (const one of [span, ...related.map(other => other.span)]) {
    assert.ok(liesIn(one, session), `${code} points outside of the script: ${one.start}-${one.end}`)
  }
}

function liesIn({ file, start, end }: Span, session: Session): boolean {
  const isOwn = file === session.file || file === session.testFile
  return isOwn && 0 <= start && start <= end && end <= file.text.length
}

/** Words of the compiler's own, which mean nothing to who wrote the script. */
const INTERNAL = /\b(token|EOF|AST|IR|node|parser|lexer|binder|undefined|NaN|Error|ENOENT|EISDIR)\b/

/** The style of messages: lower case without full stop; details too; hints end as sentences do. */
function checkWording({ code, message, detail, hint, related = [] }: Diagnostic): void {
  const texts = [message, ...(detail === undefined ? [] : [detail])]
  for (const text of [...texts, ...related.map(other => other.message)]) {
    assert.doesNotMatch(text, /[.!]$/, `${code}: ${text}`)
    // Words of SQL stand in upper case, quoted names as they are written.
    assert.doesNotMatch(text, /^(?!Kafka )[A-Z][a-z]/, `${code}: ${text}`)
  }
  if (hint !== undefined) assert.match(hint, /[.?]$/, `${code}: ${hint}`)
  assert.doesNotMatch([...texts, hint ?? ''].join('\n'), INTERNAL, code)
}
