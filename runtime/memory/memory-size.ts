const UNITS: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 }

/** `256MB`, `512M`, `1.5GiB`: in powers of 1024, as memory is counted. Null: it is none of these. */
export function readMemorySize(text: string): number | null {
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?([KMG])(?:i?B)?$/i.exec(text) ?? []
  if (number === undefined) return null
  return Math.floor(Number(number) * UNITS[unit!.toUpperCase()]!)
}

export function showMemorySize(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)}MB`
}
