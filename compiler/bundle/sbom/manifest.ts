import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What a package.json says, as far as somebody here wants to know. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: string
  /** The version of the library that the client of Kafka brings along. */
  readonly librdkafka?: string
}

export async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest
}
