import { ParserRuleContext, type ParseTree, SqlLexer, SqlParser } from '#grammar'
import { type Doc, makeGroup, makeIndent, makeSequence } from '../doc.ts'
import {
  firstTerminal,
  layOut,
  type Layout,
  type LayoutContext,
  layOutItems,
  layOutParts,
  lineBefore,
  lineBehind,
  lineBetween,
  partsOf,
  ruleOf,
  typeOf
} from '../layout.ts'

/** What begins a clause: token types and grammar rules, which are numbered apart. */
export interface ClauseStarts {
  readonly tokens?: readonly number[]
  readonly rules?: readonly number[]
}

/** The parts of a node, cut before each part that begins a clause. The first piece may be empty. */
export function cutClauses(
  node: ParserRuleContext,
  { tokens = [], rules = [] }: ClauseStarts
): ParseTree[][] {
  const pieces: ParseTree[][] = [[]]
  for (const part of partsOf(node)) {
    const starts = tokens.includes(typeOf(part)) || rules.includes(ruleOf(part))
    if (starts && pieces.at(-1)!.length > 0) pieces.push([part])
    else pieces.at(-1)!.push(part)
  }
  return pieces
}

/** Clauses on lines of their own, as far as what they stand in is broken. */
export function clauses(starts: ClauseStarts): Layout {
  return (node, cx) => {
    const docs = cutClauses(node, starts).flatMap((piece, i): Doc[] => {
      const doc = layOutParts(piece, node.ruleIndex, cx)
      return i === 0 ? [doc] : [lineBefore(piece[0]!, cx), doc]
    })
    return makeSequence(docs)
  }
}

/** Clauses in one line if they fit into it and stood so. */
export function shortClauses(starts: ClauseStarts): Layout {
  const layout = clauses(starts)
  return (node, cx) => makeGroup('kept', layout(node, cx))
}

/** As `shortClauses`, with the clauses below the first indented. */
export function indentedClauses(
  starts: ClauseStarts,
  how: 'fits' | 'kept' | 'broken' = 'kept'
): Layout {
  return (node, cx) => {
    const [head, ...rest] = cutClauses(node, starts)
    const line = how === 'broken' ? lineBetween : lineBefore
    const docs = rest.flatMap(piece => [
      line(piece[0]!, cx),
      layOutParts(piece, node.ruleIndex, cx)
    ])
    return makeGroup(how, layOutParts(head!, node.ruleIndex, cx), makeIndent(...docs))
  }
}

/** Keywords and a list without parentheses, as in SELECT, GROUP BY and VALUES. */
export function layOutList(
  keywords: readonly ParseTree[],
  items: readonly ParseTree[],
  rule: number,
  cx: LayoutContext
): Doc {
  const list = makeIndent(lineBehind(items[0]!, cx), layOutItems(items, rule, cx))
  return makeGroup('kept', ...keywords.map(word => layOut(word, cx)), list)
}

/** A rule that is all keywords and list. */
export const list: Layout = (node, cx) => {
  const parts = partsOf(node)
  const count = parts.findIndex(part => part instanceof ParserRuleContext)
  return layOutList(parts.slice(0, count), parts.slice(count), node.ruleIndex, cx)
}

export const statementLayouts: readonly (readonly [number, Layout])[] = [
  [SqlParser.RULE_statement, (node, cx) => makeGroup('broken', clauses({})(node, cx))],
  [SqlParser.RULE_statementBody, clauses({ rules: [SqlParser.RULE_plainStatement] })],
  [
    SqlParser.RULE_createSource,
    clauses({ tokens: [SqlLexer.KW_FROM], rules: [SqlParser.RULE_sourceClause] })
  ],
  [
    SqlParser.RULE_createSink,
    clauses({
      tokens: [SqlLexer.KW_TO, SqlLexer.KW_FROM, SqlLexer.KW_AS],
      rules: [SqlParser.RULE_sinkClause]
    })
  ],
  [SqlParser.RULE_createTable, clauses({ rules: [SqlParser.RULE_query] })],
  [SqlParser.RULE_createView, clauses({ rules: [SqlParser.RULE_query] })],
  [SqlParser.RULE_createModel, shortClauses({ tokens: [SqlLexer.KW_FROM, SqlLexer.KW_WITH] })],
  [SqlParser.RULE_insertStatement, layOutInsert],
  [SqlParser.RULE_updateStatement, shortClauses({ tokens: [SqlLexer.KW_SET, SqlLexer.KW_WHERE] })],
  [SqlParser.RULE_deleteStatement, shortClauses({ tokens: [SqlLexer.KW_WHERE] })],
  [SqlParser.RULE_alterStatement, shortClauses({ tokens: [SqlLexer.KW_SET] })],
  [SqlParser.RULE_testStatement, indentedClauses({ rules: [SqlParser.RULE_testStep] }, 'broken')],
  [SqlParser.RULE_watermark, indentedClauses({ rules: [SqlParser.RULE_watermarkOption] }, 'fits')]
]

/** Rows stand behind the target, a query below it. */
function layOutInsert(node: ParserRuleContext, cx: LayoutContext): Doc {
  const query = node.children.at(-1)!
  const isRows = typeOf(firstTerminal(query)) === SqlLexer.KW_VALUES
  return clauses(isRows ? {} : { rules: [SqlParser.RULE_query] })(node, cx)
}
