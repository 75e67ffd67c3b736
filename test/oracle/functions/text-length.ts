import { Failure } from '../failure.ts'

/** Longer texts than 16 million characters are refused. */
export function checkLength(length: bigint): void {
  if (length > 16_777_216n) throw new Failure('text-too-long', 'too long')
}
