export function isAsciiLetterOrDigit(character: string): boolean {
  return /^[A-Za-z0-9]$/.test(character)
}
