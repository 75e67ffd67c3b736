import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../package-root.ts'
import type { Component } from './component.ts'

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly version?: string; readonly integrity?: string }>
  >
}

export type LockedHashes = (name: string, version: string) => Pick<Component, 'hashes'>

/** Hashes of packages as miraclec's lock has them; without a lock, as where miraclec itself was installed, there are none. */
export async function readLockedHashes(): Promise<LockedHashes> {
  const text = await readFile(join(packageRoot, 'package-lock.json'), 'utf8').catch(() => null)
  if (text === null) return () => ({})
  const packages = Object.entries((JSON.parse(text) as Lock).packages)
  return (name, version) => {
    const found = packages.find(
      ([path, one]) => path.endsWith(`node_modules/${name}`) && one.version === version
    )
    const [, base64] = /^sha512-(\S+)$/.exec(found?.[1].integrity ?? '') ?? []
    if (base64 === undefined) return {}
    return { hashes: [{ alg: 'SHA-512', content: Buffer.from(base64, 'base64').toString('hex') }] }
  }
}
