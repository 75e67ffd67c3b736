import type { TestStep } from '../../ast/index.ts'
import { modelNotFound } from '../../diagnostics/bind-models.ts'
import { testValueNull } from '../../diagnostics/bind-tests.ts'
import { answerType, type BoundTestStep } from '../../ir/index.ts'
import { DOUBLE } from '../../types/index.ts'
import { report } from '../context.ts'
import { matchName } from '../names.ts'
import type { TestContext } from './test-context.ts'
import { bindValues } from './bind-values.ts'

/** `MODEL m RETURNS a, b`: the answers in the order of the rows that ask. Null after a diagnostic. */
export function bindModelAnswers(
  { model: name, returns, span }: Extract<TestStep, { kind: 'TestModel' }>,
  { bind }: TestContext
): BoundTestStep | null {
  const { models } = bind.catalog
  const match = matchName(name, models, model => model.name.name)
  if (match.kind !== 'Found') {
    const names = models.map(model => model.name.name)
    report(bind, modelNotFound(name.name, name.span, names))
    return null
  }
  const model = match.value.name.name
  // A model whose file is wrong has its own diagnostic.
  const bound = bind.models.find(one => one.name === model)
  const type = bound === undefined ? DOUBLE : answerType(bound)
  const schema = { columns: [{ name: model, type, nullable: false }] }
  const values = bindValues(
    returns.map(value => [value]),
    schema,
    bind
  )
  if (values === null) return null
  for (const [expr] of values.rows) {
    if (expr?.kind !== 'Literal' || expr.value !== null) continue
    report(bind, testValueNull("a model's answer", expr.span))
    return null
  }
  return { kind: 'Model', model, values, span }
}
