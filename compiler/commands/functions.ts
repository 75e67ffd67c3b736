import { closest } from '../diagnostics/closest.ts'
import { listFunctions, type ListedFunction } from '../functions/index.ts'
import { type Command, exitCode } from './command.ts'

export const functionsCommand: Command = {
  name: 'functions',
  usage: '[name]',
  summary: 'list the functions and operators of the language, or the ones with this in their name',
  options: [
    { name: 'format', value: '<format>', choices: ['text', 'json'], help: 'text (default) or json' }
  ],
  positional: { min: 0, max: 1 },
  async run({ positional, options }) {
    const word = positional[0] ?? ''
    const all = listFunctions()
    const isNamed = ({ name }: ListedFunction): boolean => name === word.toLowerCase()
    // The one that is called so comes first.
    const found = all
      .filter(entry => isAbout(entry, word))
      .sort((a, b) => Number(isNamed(b)) - Number(isNamed(a)))
    if (found.length === 0) {
      const near = closest(
        word,
        all.map(({ name }) => name)
      )
      const hint = near === null ? '' : `; did you mean "${near}"?`
      process.stderr.write(`miraclec: there is no function "${word}"${hint}\n`)
      return exitCode.usage
    }
    process.stdout.write(
      options['format'] === 'json'
        ? JSON.stringify(found, null, 2) + '\n'
        : found.map(renderFunction).join('')
    )
    return exitCode.done
  }
}

/** Operators are found by how they are written: `||`, IN. */
function isAbout({ name, signature }: ListedFunction, word: string): boolean {
  const written = signature.split(' (')[0]!
  return [name, written].some(text => text.toLowerCase().includes(word.toLowerCase()))
}

function renderFunction({ signature, description, example }: ListedFunction): string {
  return `${signature}\n    ${description}\n    ${example}\n`
}
