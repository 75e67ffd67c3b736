import type { ParserRuleContext, TerminalNode } from '#grammar'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { nestingTooDeep } from '../../diagnostics/parse.ts'
import { makeSpan, type SourceFile, type Span } from '../../source/index.ts'

/** What building the syntax tree of one statement needs. A statement with a diagnostic is left out of the script. */
export interface Builder {
  readonly file: SourceFile
  readonly diagnostics: Diagnostic[]
  /** How deep in the syntax tree the node in hand will be. */
  depth: number
}

/** Later phases walk expressions recursively: this deep, a chain of operators included, they can. */
export const maxDepth = 1000

export function spanOf(cx: Builder, tree: ParserRuleContext): Span {
  const start = tree.start?.start ?? 0
  return makeSpan(cx.file, start, Math.max(start, (tree.stop?.stop ?? start) + 1))
}

export function terminalSpan(cx: Builder, terminal: TerminalNode): Span {
  return makeSpan(cx.file, terminal.symbol.start, terminal.symbol.stop + 1)
}

/** From the start of one node to the end of another. */
export function spanAcross(first: Span, last: Span): Span {
  return makeSpan(first.file, first.start, last.end)
}

/** Runs `build` with the depth that `levels` more operators make; null, with a diagnostic, where that is too deep. */
export function deeper<T>(
  cx: Builder,
  levels: number,
  tree: ParserRuleContext,
  build: () => T
): T | null {
  if (cx.depth + levels > maxDepth) {
    if (!cx.diagnostics.some(diagnostic => diagnostic.code === 'nesting-too-deep')) {
      cx.diagnostics.push(nestingTooDeep(maxDepth, spanOf(cx, tree)))
    }
    return null
  }
  cx.depth += levels
  const built = build()
  cx.depth -= levels
  return built
}
