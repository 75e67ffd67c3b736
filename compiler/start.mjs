// JavaScript, not TypeScript: with V8's code cache on before the first `.ts` file is loaded, Node reads compiled code
// instead of stripping types and compiling each time.
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiler', import.meta.url)))
await import('./cli.ts')
