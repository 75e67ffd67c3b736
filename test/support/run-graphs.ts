import assert from 'node:assert/strict'
import type { Script } from '../../compiler/ast/index.ts'
import { analyzeScript } from '../../compiler/compile.ts'
import type { StreamGraph } from '../../compiler/ir/index.ts'
import { parseSource } from '../../compiler/parse/index.ts'
import { openScriptFolder } from './compile-fixture.ts'
import { fixtureNames, readFixture } from './fixtures.ts'

/** What a run fixture's script becomes before anything is optimised. */
export interface RunGraph {
  readonly name: string
  readonly script: Script
  readonly graph: StreamGraph
}

/** Every script of test/fixtures/run that is not skipped. */
export function readRunGraphs(): readonly RunGraph[] {
  return fixtureNames('run').flatMap(name => {
    const { script, options } = readFixture('run', name)
    if (options.skip !== undefined) return []
    using folder = openScriptFolder(script, options.models, 'script.sql', options)
    const session = folder.session(false)
    const graph = analyzeScript(session)
    assert.ok(graph !== null, `${name} does not compile`)
    return [{ name, script: parseSource(session.file).script, graph }]
  })
}

/** A node of a tree: of the syntax, of expressions or of streams. */
export type TreeNode = Readonly<Record<string, unknown>> & { readonly kind: string }

/**
 * Every object with a kind in a tree or graph, each once, whatever fields lead there: new kinds of nodes are found without
 * being told of. Positions are left out.
 */
export function findNodes(root: object): readonly TreeNode[] {
  const seen = new Set<object>()
  const found: TreeNode[] = []
  const stack: object[] = [root]
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (seen.has(value)) continue
    seen.add(value)
    if ('kind' in value && typeof value.kind === 'string') found.push(value as TreeNode)
    for (const [field, child] of Object.entries(value)) {
      if (field !== 'span' && typeof child === 'object' && child !== null)
        stack.push(child as object)
    }
  }
  return found
}

/** Of a graph and of the bound script that it was planned from: there the calls of models are still expressions. */
export function expressionsOf(graph: StreamGraph): readonly TreeNode[] {
  return findNodes(graph).filter(node => 'type' in node && 'nullable' in node)
}

/** The operators of a graph. */
export function streamsOf(graph: StreamGraph): readonly TreeNode[] {
  return findNodes(graph).filter(node => 'traits' in node)
}
