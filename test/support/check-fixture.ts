import assert from 'node:assert/strict'
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts'
import type { StreamGraph } from '../../compiler/ir/index.ts'
import type { Fixture } from './fixtures.ts'

/** A case that checks less than it seems to fails: input that nobody reads, expectations that nobody writes. */
export function assertWholeFixture(
  { inputs, outputs, options }: Fixture,
  graph: StreamGraph
): void {
  const { sources } = graph.script
  assert.ok(outputs.size > 0, 'expect/output is empty')
  const read = new Set(sources.map(({ topic }) => topic))
  assert.deepEqual(
    [...inputs.keys()].filter(topic => !read.has(topic)),
    [],
    'unused input'
  )
  const written = new Set([
    ...graph.sinks.map(({ sink }) => sink.topic),
    ...sources.flatMap(({ onError, onLate }) => [onError.deadLetterTopic, onLate.deadLetterTopic])
  ])
  assert.deepEqual(
    [...outputs.keys()].filter(topic => !written.has(topic)),
    [],
    'unused output'
  )
  assert.deepEqual(
    Object.keys(options.models ?? {}).filter(
      file => !graph.script.models.some(({ path }) => path.endsWith(`/${file}`))
    ),
    [],
    'unused model'
  )
}

/** Exactly the warnings that `fixture.json` names. */
export function assertWarnings(diagnostics: readonly Diagnostic[], { options }: Fixture): void {
  const codes = diagnostics.map(({ code }) => code).sort()
  assert.deepEqual(codes, [...(options.warnings ?? [])].sort(), 'warnings')
}
