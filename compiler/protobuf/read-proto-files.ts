import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseProto } from '../../runtime/protobuf/parse-proto.ts'
import { ProtoSyntaxError } from '../../runtime/protobuf/proto-file.ts'

/** A file that declares a message, and behind it those that it imports. */
export interface ProtoSource {
  readonly files: readonly { readonly name: string; readonly text: string }[]
  /** Null: the file's first. */
  readonly message: string | null
}

/** What comes with every parser of protobuf. */
const BUILT_IN = 'google/protobuf/'

/**
 * The texts of a file and of what it imports: looked for beside the file, and beside the script. A string says what is wrong with them;
 * what can't be read throws. `looked`: see Session.files.
 */
export function readProtoFiles(
  path: string,
  directory: string,
  looked: Set<string> = new Set()
): ProtoSource['files'] | string {
  const roots = [dirname(resolve(directory, path)), directory]
  const files = new Map<string, string>()
  const waiting = [resolve(directory, path)]
  const names = new Set<string>()
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    looked.add(next)
    const text = readFileSync(next, 'utf8')
    files.set(next, text)
    try {
      for (const name of parseProto(text).imports) {
        if (name.startsWith(BUILT_IN) || names.has(name)) continue
        names.add(name)
        waiting.push(find(name, roots))
      }
    } catch (error) {
      if (error instanceof ProtoSyntaxError) return `${next.split('/').at(-1)!}: ${error.message}`
      throw error
    }
  }
  return [...files].map(([file, text]) => ({ name: file.split('/').at(-1)!, text }))
}

function find(name: string, roots: readonly string[]): string {
  const [first, ...others] = roots.map(root => resolve(root, name))
  return others.find(path => !exists(first!) && exists(path)) ?? first!
}

function exists(path: string): boolean {
  try {
    readFileSync(path)
    return true
  } catch {
    return false
  }
}
