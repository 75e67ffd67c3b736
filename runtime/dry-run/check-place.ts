import { once } from 'node:events'
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import type { Check } from './check.ts'
import { failed, ok } from './check.ts'

/** Whether a port can be listened on. It is free again when this resolves. */
export async function checkPort(what: string, host: string, port: number): Promise<Check> {
  const subject = `${host}:${port}`
  const server = createServer()
  try {
    server.listen({ host, port, exclusive: true })
    await once(server, 'listening')
    return ok(what, subject, port === 0 ? 'any free one' : 'free')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const says = code === 'EADDRINUSE' ? 'somebody else listens on it' : message
    return failed(what, subject, says, `Give another with --${what.replace(' ', '-')}.`)
  } finally {
    server.close()
  }
}

/** Whether a folder can be made, or written to. Nothing is made. */
export function checkFolder(what: string, folder: string, fix: string): Check {
  const existing = nearest(folder)
  try {
    if (!statSync(existing).isDirectory()) throw new Error(`${existing} is not a folder`)
    accessSync(existing, constants.W_OK | constants.X_OK)
    return ok(what, folder, existing === folder ? 'may be written to' : 'would be made')
  } catch (error) {
    return failed(what, folder, (error as Error).message, fix)
  }
}

function nearest(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : nearest(dirname(path))
}
