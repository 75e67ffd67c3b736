import { Script } from 'node:vm'

/** V8's compiled form of the program. The executable's `node` is the one that runs this, so V8 accepts it there. */
export function compileCache(main: Uint8Array): Uint8Array {
  const script = new Script(Buffer.from(main).toString('latin1'), { filename: 'main.cjs' })
  return script.createCachedData()
}
