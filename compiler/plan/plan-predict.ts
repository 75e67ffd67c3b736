import {
  callsModel,
  type BoundModel,
  type BoundScript,
  childrenOf,
  type Expr,
  makeColumn,
  makeLiteral,
  makeNot,
  makeNotDistinct,
  makeAnd,
  makeIsNull,
  makeOr,
  makePredictNode,
  type PredictCall,
  type PredictExpr,
  rewriteExpr,
  type StreamNode
} from '../ir/index.ts'

/** A stream, and which of its columns hold the answers of which calls (by interned number), for every row. */
export interface Answered {
  readonly node: StreamNode
  readonly answers: ReadonlyMap<number, number>
}

/** `conditional`: answers that are there only for the rows for which the expressions at hand ask. */
interface Asked extends Answered {
  readonly conditional: ReadonlyMap<number, number>
}

type Intern = (expr: Expr) => number

/**
 * Takes the model calls out of expressions: each distinct one becomes a column of a Predict node. Calls whose arguments or
 * conditions hold calls wait for the next round, so nested calls become a chain of nodes. An answer that only some rows have
 * is for these expressions alone: later ones may need it for other rows.
 */
export function planPredicts(
  exprs: readonly Expr[],
  start: Answered,
  script: BoundScript,
  intern: Intern
): { readonly state: Answered; readonly exprs: readonly Expr[] } {
  let state: Asked = { ...start, conditional: new Map() }
  let current = exprs.map(expr => replaceAnswers(expr, state, intern))
  for (;;) {
    const calls = findCalls(current, intern)
    if (calls.length === 0) return { state, exprs: current }
    state = addCalls(calls, state, script)
    current = current.map(expr => replaceAnswers(expr, state, intern))
  }
}

interface FoundCall {
  readonly id: number
  readonly call: PredictExpr
  /** Null: every row needs the answer. */
  readonly when: Expr | null
}

function addCalls(calls: readonly FoundCall[], state: Asked, script: BoundScript): Asked {
  const { node } = state
  const width = node.schema.columns.length
  const answers = new Map(state.answers)
  const conditional = new Map(state.conditional)
  calls.forEach(({ id, when }, i) => (when === null ? answers : conditional).set(id, width + i))
  const planned = calls.map(({ call, when }): PredictCall => {
    const model = modelOf(call, script)
    return Object.freeze({ model, args: call.args, when, span: call.span })
  })
  const columns = calls.map(({ call, when }) => ({
    name: `predict(${call.model})`,
    type: call.type,
    nullable: call.nullable || when !== null
  }))
  const asked = makePredictNode(node, planned, columns, calls[0]!.call.span)
  return { node: asked, answers, conditional }
}

function modelOf(call: PredictExpr, script: BoundScript): BoundModel {
  return script.models.find(model => model.name === call.model)!
}

function replaceAnswers(root: Expr, { node, answers, conditional }: Asked, intern: Intern): Expr {
  // Numbers are those of the whole call before its own arguments are replaced: answers are kept under both.
  return rewriteExpr(root, expr => {
    if (expr.kind !== 'Predict') return expr
    const id = intern(expr)
    const index = answers.get(id) ?? conditional.get(id)
    return index === undefined ? expr : makeColumn(index, node.schema.columns[index]!, expr.span)
  })
}

/** The calls that can run now, each once, with the condition under which some expression needs it. */
function findCalls(roots: readonly Expr[], intern: Intern): FoundCall[] {
  const found = new Map<number, { call: PredictExpr; guards: (Expr | null)[] }>()
  for (const root of roots) {
    visitGuarded(root, null, (call, guard) => {
      const id = intern(call)
      const entry = found.get(id) ?? { call, guards: [] }
      entry.guards.push(guard)
      found.set(id, entry)
    })
  }
  const calls = [...found].map(([id, { call, guards }]) => ({ id, call, when: anyOf(guards) }))
  return calls.filter(
    ({ call, when }) => !call.args.some(callsModel) && (when === null || !callsModel(when))
  )
}

function anyOf(guards: readonly (Expr | null)[]): Expr | null {
  const conditions = guards.filter(guard => guard !== null)
  if (conditions.length < guards.length) return null
  return makeOr(conditions, conditions[0]!.span)
}

/** Calls `visit` for each Predict with the condition under which SQL evaluates it; null: always. */
function visitGuarded(
  root: Expr,
  rootGuard: Expr | null,
  visit: (call: PredictExpr, guard: Expr | null) => void
): void {
  const stack: { readonly expr: Expr; readonly guard: Expr | null }[] = []
  stack.push({ expr: root, guard: rootGuard })
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { expr, guard } = top
    if (expr.kind === 'Predict') visit(expr, guard)
    const guards = guardsOf(expr)
    childrenOf(expr).forEach((child, i) => {
      stack.push({ expr: child, guard: both(guard, guards[i] ?? null) })
    })
  }
}

function both(a: Expr | null, b: Expr | null): Expr | null {
  if (a === null || b === null) return a ?? b
  return makeAnd([a, b], b.span)
}

/** For each child: the condition under which it is evaluated, given that the parent is. */
function guardsOf(expr: Expr): readonly (Expr | null)[] {
  switch (expr.kind) {
    case 'Case': {
      const guards: (Expr | null)[] = []
      let none: Expr | null = null
      for (const { when } of expr.branches) {
        guards.push(none, both(none, is(when, true)))
        none = both(none, makeNot(is(when, true), when.span))
      }
      return [...guards, none]
    }
    case 'And':
      return runningGuards(expr.args, arg => makeNot(is(arg, false), arg.span))
    case 'Or':
      return runningGuards(expr.args, arg => makeNot(is(arg, true), arg.span))
    case 'Coalesce':
      return runningGuards(expr.args, arg => makeIsNull(arg, arg.span))
    default:
      return []
  }
}

/** Each argument is reached while all before it went on. */
function runningGuards(args: readonly Expr[], goesOn: (arg: Expr) => Expr): (Expr | null)[] {
  // Only arguments with a call matter; without any, a chain of 5,000 would make conditions of that length.
  const last = args.findLastIndex(callsModel)
  let guard: Expr | null = null
  return args.slice(0, last + 1).map(arg => {
    const reached = guard
    guard = both(guard, goesOn(arg))
    return reached
  })
}

function is(condition: Expr, value: boolean): Expr {
  const { span } = condition
  return makeNotDistinct(condition, makeLiteral(value, { kind: 'Boolean' }, span), span)
}
