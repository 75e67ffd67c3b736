import type { CallExpression } from '../../ast/index.ts'
import { constantNeeded } from '../../diagnostics/bind-expressions.ts'
import {
  modelNotFound,
  predictArgumentCount,
  predictArgumentType
} from '../../diagnostics/bind-models.ts'
import { answerType, type BoundModel, type Expr, makePredict } from '../../ir/index.ts'
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  isInteger,
  isNumeric,
  showType,
  type SqlType
} from '../../types/index.ts'
import { report } from '../context.ts'
import { bindAll, bindExpr } from './bind-expr.ts'
import type { ExprContext } from './expr-context.ts'
import { coerce } from './coerce.ts'

/** `predict('model', a, b, ...)`: the model is known, and its arguments are what its graph takes. */
export function bindPredict(call: CallExpression, cx: ExprContext): Expr | null {
  const { span } = call
  const [first, ...rest] = call.args.map(arg => arg.value)
  const model = first === undefined ? null : findModel(first, cx)
  const args = bindAll(rest, cx)
  if (first === undefined)
    report(cx.bind, constantNeeded("the model's name", 'string literal', span))
  if (model === null || args === null) return null
  const wanted = model.inputs.reduce((sum, input) => sum + input.width, 0)
  if (args.length !== wanted) {
    const inputs = model.inputs.map(input => `${input.name} ${input.elementType}[${input.width}]`)
    report(cx.bind, predictArgumentCount(model.name, wanted, args.length, inputs.join(', '), span))
    return null
  }
  const elements = model.inputs.flatMap(({ elementType, width }) =>
    Array.from({ length: width }, () => elementType)
  )
  const coerced = args.map((arg, i) => bindArgument(arg, elements[i]!, model, cx))
  if (!coerced.every(arg => arg !== null)) return null
  return makePredict(model.name, coerced, answerType(model), span)
}

function findModel(
  name: CallExpression['args'][number]['value'],
  cx: ExprContext
): BoundModel | null {
  const { bind } = cx
  if (name.kind !== 'StringLiteral') {
    bindExpr(name, cx)
    report(bind, constantNeeded("the model's name", 'string literal', name.span))
    return null
  }
  const wanted = name.value.toLowerCase()
  const model = bind.models.find(candidate => candidate.name.toLowerCase() === wanted)
  // A model whose file is wrong has its own diagnostic.
  if (
    model === undefined &&
    bind.catalog.models.some(({ name: { name } }) => name.toLowerCase() === wanted)
  ) {
    return null
  }
  if (model === undefined) {
    const names = bind.catalog.models.map(candidate => candidate.name.name)
    report(bind, modelNotFound(name.value, name.span, names))
    return null
  }
  bind.usedModels.add(model.name)
  return model
}

/** What a tensor's elements are written as, and what that is called. Nothing is rounded to fit a tensor of integers. */
function elementOf(elementType: string): {
  readonly type: SqlType
  readonly called: string
  takes(type: SqlType): boolean
} {
  switch (elementType) {
    case 'bool':
      return { type: BOOLEAN, called: 'a BOOLEAN', takes: ({ kind }) => kind === 'Boolean' }
    case 'int32':
    case 'int64': {
      const takes = (type: SqlType): boolean => isInteger(type) || type.kind === 'Boolean'
      return { type: BIGINT, called: 'an integer', takes }
    }
    default: {
      const takes = (type: SqlType): boolean => isNumeric(type) || type.kind === 'Boolean'
      return { type: DOUBLE, called: 'a number', takes }
    }
  }
}

function bindArgument(
  arg: Expr,
  elementType: string,
  model: BoundModel,
  { bind }: ExprContext
): Expr | null {
  const { type } = arg
  const element = elementOf(elementType)
  if (element.takes(type)) return arg
  const isOpen = arg.kind === 'Literal' && type.kind === 'Text'
  if (type.kind === 'Json' || type.kind === 'Null' || isOpen) return coerce(arg, element.type, bind)
  report(bind, predictArgumentType(model.name, element.called, showType(type), arg.span))
  return null
}
