import { type ParserRuleContext, SqlLexer, SqlParser } from '#grammar'
import { type Doc, makeSequence } from '../doc.ts'
import {
  layOut,
  type Layout,
  type LayoutContext,
  layOutItems,
  layOutPlain,
  lineBefore,
  ruleOf
} from '../layout.ts'
import { clauses, cutClauses, indentedClauses, layOutList, list } from './clauses.ts'

const { RULE_fromClause, RULE_whereClause, RULE_groupBy, RULE_havingClause, RULE_windowClause } =
  SqlParser

export const queryLayouts: readonly (readonly [number, Layout])[] = [
  [SqlParser.RULE_query, clauses({ rules: [SqlParser.RULE_unionTerm, SqlParser.RULE_queryTail] })],
  [SqlParser.RULE_withClause, layOutWith],
  [
    SqlParser.RULE_unionTerm,
    clauses({
      tokens: [SqlLexer.KW_UNION, SqlLexer.KW_EXCEPT],
      rules: [SqlParser.RULE_intersectTerm]
    })
  ],
  [
    SqlParser.RULE_intersectTerm,
    clauses({ tokens: [SqlLexer.KW_INTERSECT], rules: [SqlParser.RULE_queryPrimary] })
  ],
  [SqlParser.RULE_select, layOutSelect],
  [RULE_fromClause, layOutFrom],
  [RULE_groupBy, list],
  [RULE_windowClause, list],
  [SqlParser.RULE_orderBy, list],
  [SqlParser.RULE_partitionBy, list],
  [SqlParser.RULE_values, list],
  [SqlParser.RULE_relation, clauses({ rules: [SqlParser.RULE_join] })],
  [SqlParser.RULE_join, indentedClauses({ tokens: [SqlLexer.KW_ON, SqlLexer.KW_USING] })]
]

const selectClauses = [
  ...[RULE_fromClause, RULE_whereClause, RULE_groupBy, RULE_havingClause, RULE_windowClause]
]

function layOutSelect(node: ParserRuleContext, cx: LayoutContext): Doc {
  const [head, ...rest] = cutClauses(node, { rules: selectClauses })
  const count = head!.findIndex(part => ruleOf(part) === SqlParser.RULE_selectItem)
  const items = layOutList(head!.slice(0, count), head!.slice(count), node.ruleIndex, cx)
  const docs = rest.flatMap(([clause]) => [lineBefore(clause!, cx), layOut(clause!, cx)])
  return makeSequence([items, ...docs])
}

/** One relation with its joins: they stand below FROM. Several are a list. */
function layOutFrom(node: ParserRuleContext, cx: LayoutContext): Doc {
  return node.children.length > 2 ? list(node, cx) : layOutPlain(node, cx)
}

/** The tables of WITH stand below each other, each with its name at the margin. */
function layOutWith(node: ParserRuleContext, cx: LayoutContext): Doc {
  const [keyword, ...tables] = node.children
  return makeSequence([layOut(keyword!, cx), layOutItems(tables, node.ruleIndex, cx)])
}
