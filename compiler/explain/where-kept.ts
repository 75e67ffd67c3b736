import type { BoundScript } from '../ir/index.ts'

/** Where what is kept takes the bytes that are told. */
export function whereKept({ settings }: Pick<BoundScript, 'settings'>): string {
  return settings.state === 'memory' ? 'in memory' : 'in memory while in use, else on the disk'
}
