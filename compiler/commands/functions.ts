import { listFunctions } from '../functions/index.ts'
import { type Command, exitCode } from './command.ts'

export const functionsCommand: Command = {
  name: 'functions',
  usage: '',
  summary: 'list the functions of the language',
  options: [
    { name: 'format', value: '<format>', choices: ['text', 'json'], help: 'text (default) or json' }
  ],
  positional: { min: 0, max: 0 },
  async run({ options }) {
    const functions = listFunctions()
    if (options['format'] === 'json') {
      process.stdout.write(JSON.stringify(functions, null, 2) + '\n')
      return exitCode.done
    }
    for (const { signature, description, example } of functions) {
      process.stdout.write(`${signature}\n    ${description}\n    ${example}\n`)
    }
    return exitCode.done
  }
}
