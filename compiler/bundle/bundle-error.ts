/** The machine is in the way (disk full, folder not writable, set-up not done): exit code 3, no stack trace. */
export class BundleError extends Error {
  override readonly name = 'BundleError'
}
