import { readFileSync } from 'node:fs'
import type { ModelDefinition, ModelRunner } from '../contract/index.ts'
import { type MockModel, mockModel } from './mock-model.ts'
import type { SuitePlan, TestPlan } from './plan.ts'
import { failAt } from './test-failure.ts'
import type { OpenModel, Suite } from './suite.ts'

export interface TestModels {
  readonly runners: ReadonlyMap<string, ModelRunner>
  /** Those of them that answer what the test says. */
  readonly mocks: readonly MockModel[]
}

/** The models of one test: ONNX Runtime is loaded only for those whose answers it does not give. */
export async function openModels(suite: Suite, test: TestPlan): Promise<TestModels> {
  const runners = new Map<string, ModelRunner>()
  const mocks: MockModel[] = []
  for (const definition of suite.pipeline.models) {
    const mock = mockOf(definition, suite, test)
    if (mock !== null) mocks.push(mock)
    runners.set(definition.name, mock ?? (await suite.openModel(definition)))
  }
  return { runners, mocks }
}

/** All of the test's answers for one model, wherever it gives them; null: it gives none. */
function mockOf(
  { name, output }: ModelDefinition,
  { values, plan }: Suite,
  test: TestPlan
): MockModel | null {
  const steps = test.steps.filter(step => step.kind === 'model').filter(step => step.model === name)
  if (steps.length === 0) return null
  const width = output.index === null ? output.width : 1
  const answers = steps.flatMap(step =>
    values.rows(step.values, step.place, test.start).map(row => {
      const answer = (JSON.parse(row) as Record<string, number | (number | null)[]>)[name]!
      const numbers = typeof answer === 'number' ? [answer] : answer
      if (numbers.length === width && numbers.every(number => number !== null)) return numbers
      const what = `model "${name}" answers ${width} numbers, but an answer of the test has ${numbers.length}`
      throw failAt(
        plan,
        step.place,
        numbers.includes(null) ? `${what}, with NULL among them` : what
      )
    })
  )
  return mockModel(name, steps.at(-1)!.place, answers, width)
}

/** Opens each ONNX file once for all tests of a suite. */
export function openOnnxModels({ models }: SuitePlan): OpenModel {
  const opened = new Map<string, Promise<ModelRunner>>()
  return definition => {
    const { name } = definition
    const known = opened.get(name)
    if (known !== undefined) return known
    const opening = openOnnx(definition, models[name]!)
    opened.set(name, opening)
    return opening
  }
}

async function openOnnx(definition: ModelDefinition, path: string): Promise<ModelRunner> {
  const { openModel } = await import('../model/model-runner.ts')
  return openModel(definition, readFileSync(path))
}
