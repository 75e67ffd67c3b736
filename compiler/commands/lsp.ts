import type { Command } from './command.ts'

export const lspCommand: Command = {
  name: 'lsp',
  usage: '',
  summary: 'serve an editor: the language server protocol on stdin and stdout',
  options: [
    { name: 'stdio', value: null, help: 'what it does anyway: editors say so' },
    { name: 'clientProcessId', value: '<pid>', help: 'taken from editors that send it' }
  ],
  positional: { min: 0, max: 0 },
  async run() {
    const { serve } = await import('../lsp/index.ts')
    serve(process.stdin, process.stdout)
    // The server ends the process when the editor says so, or is gone.
    return new Promise(() => {})
  }
}
