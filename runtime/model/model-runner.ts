import type { ModelDefinition, ModelRunner } from '../contract/index.ts'
import { loadOnnxNative, type OnnxNative } from '../native/index.ts'
import { readAnswers } from './read-answers.ts'
import { makeFeeds } from './make-feeds.ts'

type Session = Awaited<ReturnType<OnnxNative['InferenceSession']['create']>>
type Failed = (row: number, code: string, message: string) => void

/** Opens an ONNX graph as a runner of batches. */
export async function openModel(
  definition: ModelDefinition,
  bytes: Uint8Array
): Promise<ModelRunner> {
  const onnx = await loadOnnxNative()
  const session = await onnx.InferenceSession.create(bytes, {
    // Models here are small: threads of their own would cost more than they give on a machine that runs the pipeline too.
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3
  })
  return makeModelRunner(definition, session, onnx)
}

function makeModelRunner(
  definition: ModelDefinition,
  session: Session,
  onnx: OnnxNative
): ModelRunner {
  const ask = async (columns: readonly Float64Array[], from: number, to: number) => {
    const feeds = makeFeeds(definition, columns, from, to, onnx)
    const running = session.run(feeds, [definition.output.name])
    const results = await withTimeout(running, definition)
    return readAnswers(definition, results[definition.output.name]!.data, to - from)
  }
  return {
    async run(columns, count, failed) {
      const { index, width } = definition.output
      const answers = new Float64Array(count * (index === null ? width : 1))
      for (let from = 0; from < count; from += definition.batchSize) {
        const to = Math.min(count, from + definition.batchSize)
        await askRange(ask, columns, from, to, answers, failed)
      }
      return answers
    }
  }
}

/** Asks for rows [from, to); a batch that fails is halved, until the rows that make it fail are alone. */
async function askRange(
  ask: (columns: readonly Float64Array[], from: number, to: number) => Promise<Float64Array>,
  columns: readonly Float64Array[],
  from: number,
  to: number,
  answers: Float64Array,
  failed: Failed
): Promise<void> {
  try {
    const part = await ask(columns, from, to)
    const width = part.length / (to - from)
    answers.set(part, from * width)
    for (let row = from; row < to; row++) {
      const numbers = answers.subarray(row * width, (row + 1) * width)
      if (numbers.every(Number.isFinite)) continue
      failed(row, 'model-not-finite', 'the model answered NaN or infinity')
    }
  } catch (error) {
    if (error instanceof ModelTimeout) {
      // Asking again in parts would wait again, once per part.
      for (let row = from; row < to; row++) failed(row, 'model-timeout', error.message)
    } else if (to - from === 1) failed(from, 'model-failed', (error as Error).message)
    else {
      const middle = (from + to) >> 1
      await askRange(ask, columns, from, middle, answers, failed)
      await askRange(ask, columns, middle, to, answers, failed)
    }
  }
}

class ModelTimeout extends Error {}

async function withTimeout<T>(running: Promise<T>, { name, timeout }: ModelDefinition): Promise<T> {
  if (timeout === 0) return running
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new ModelTimeout(`model "${name}" did not answer within ${timeout} ms`)),
    timeout
  )
  try {
    return await Promise.race([running, promise])
  } finally {
    clearTimeout(timer)
    running.catch(() => {})
  }
}
