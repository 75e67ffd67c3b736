import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { root } from '../architecture/source-files.ts'

export interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

/** An editor's side of `miraclec lsp`: messages over the pipes of a process, in the framing of JSON-RPC. */
export interface LanguageClient {
  /** Sends a request and waits for its answer. */
  request<T>(method: string, params: unknown): Promise<T>
  notify(method: string, params: unknown): void
  /** The next notification of this kind that `isWanted`, those that came already included. */
  next<T>(method: string, isWanted: (params: T) => boolean): Promise<T>
  /** The notifications of this kind that nobody has asked for yet. */
  waiting<T>(method: string): readonly T[]
  /** Says `shutdown` and `exit`; gives the exit code. */
  stop(): Promise<number | null>
  kill(): void
}

export function startLanguageClient(): LanguageClient {
  const child = spawn(join(root, 'compiler/miraclec'), ['lsp', '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit']
  })
  const answers = new Map<number, (message: Message) => void>()
  const notes: Message[] = []
  let wake = (): void => {}
  let lastId = 0
  readMessages(child.stdout, message => {
    if (message.method !== undefined) notes.push(message)
    else answers.get(message.id!)?.(message)
    wake()
  })
  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }
  const client: LanguageClient = {
    async request<T>(method: string, params: unknown) {
      const id = ++lastId
      const answer = new Promise<Message>(resolve => answers.set(id, resolve))
      send({ id, method, params })
      const { result, error } = await answer
      if (error !== undefined) throw new Error(`${method}: ${error.message}`)
      return result as T
    },
    notify: (method, params) => send({ method, params }),
    async next<T>(method: string, isWanted: (params: T) => boolean) {
      for (;;) {
        const at = notes.findIndex(note => note.method === method && isWanted(note.params as T))
        if (at >= 0) return notes.splice(at, 1)[0]!.params as T
        await new Promise<void>(resolve => (wake = resolve))
      }
    },
    waiting: <T>(method: string) =>
      notes.flatMap(note => (note.method === method ? (note.params as T) : [])),
    async stop() {
      const ended = once(child, 'exit')
      await client.request('shutdown', null)
      client.notify('exit', null)
      const [code] = (await ended) as [number | null]
      return code
    },
    kill: () => void child.kill()
  }
  return client
}

function readMessages(output: NodeJS.ReadableStream, onMessage: (message: Message) => void): void {
  let rest = Buffer.alloc(0)
  output.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      const headerEnd = rest.indexOf('\r\n\r\n')
      const length = /Content-Length: (\d+)/i.exec(rest.toString('latin1', 0, headerEnd + 4))?.[1]
      if (headerEnd < 0 || length === undefined) return
      const end = headerEnd + 4 + Number(length)
      if (rest.length < end) return
      const body = rest.toString('utf8', headerEnd + 4, end)
      rest = rest.subarray(end)
      onMessage(JSON.parse(body) as Message)
    }
  })
}
