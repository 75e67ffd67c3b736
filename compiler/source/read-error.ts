/** Why a file could not be read, for people. */
export function explainReadError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'there is no such file'
    case 'ENOTDIR':
      return 'a part of its path is no folder'
    case 'EISDIR':
      return 'it is a folder'
    case 'EACCES':
      return 'permission denied'
    case 'ERR_FS_FILE_TOO_LARGE':
      return 'it is larger than 2 GB'
    default:
      return error.message
  }
}
