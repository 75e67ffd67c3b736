import { analyzeScript } from '../compile.ts'
import { explainGraph } from '../explain/index.ts'
import { lowerScript } from '../lower/index.ts'
import { hasErrors } from '../session.ts'
import { type Command, exitCode } from './command.ts'
import { openWithSchemas, printDiagnostics } from './open-script.ts'

const formats = ['text', 'json', 'mermaid'] as const

export const explainCommand: Command = {
  name: 'explain',
  usage: '<script.sql>',
  summary: 'show the plan: operators, decoded columns, what is copied',
  options: [
    {
      name: 'format',
      value: '<format>',
      choices: formats,
      help: 'text (default), json or mermaid'
    },
    { name: 'unoptimized', value: null, help: 'the plan before the optimizer' }
  ],
  positional: { min: 1, max: 1 },
  async run({ positional, options }) {
    const session = await openWithSchemas(positional[0]!, options['unoptimized'] !== true)
    if (session === null) return exitCode.usage
    const graph = analyzeScript(session)
    const lowered = graph === null ? null : lowerScript(graph, session)
    printDiagnostics(session, 'text')
    if (graph === null || lowered === null || hasErrors(session)) return exitCode.script
    const explained = explainGraph(graph, lowered.program, lowered.places)
    const format = (options['format'] ?? 'text') as (typeof formats)[number]
    process.stdout.write(explained[format])
    return exitCode.done
  }
}
