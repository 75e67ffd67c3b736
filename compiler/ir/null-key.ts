/** A record's key whose only column is NULL: as plain text NULL would be the key of another value. */
export function nullKey(column: string): string {
  return `{${JSON.stringify(column)}:null}`
}
