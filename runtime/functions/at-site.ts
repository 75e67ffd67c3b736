import { atSite } from './decimal.ts'

// A function of runtime/sql throws a ValueError; here it becomes the failure of a row, at its place in the SQL.

/** The function with a place behind its argument. */
export function siteOf1<A, R>(compute: (a: A) => R): (a: A, site: number) => R {
  return (a, site) => {
    try {
      return compute(a)
    } catch (error) {
      throw atSite(error, site)
    }
  }
}

/** The function with a place behind its two arguments. */
export function siteOf2<A, B, R>(compute: (a: A, b: B) => R): (a: A, b: B, site: number) => R {
  return (a, b, site) => {
    try {
      return compute(a, b)
    } catch (error) {
      throw atSite(error, site)
    }
  }
}

/** The function with a place behind its three arguments. */
export function siteOf3<A, B, C, R>(
  compute: (a: A, b: B, c: C) => R
): (a: A, b: B, c: C, site: number) => R {
  return (a, b, c, site) => {
    try {
      return compute(a, b, c)
    } catch (error) {
      throw atSite(error, site)
    }
  }
}

/** The function with a place behind its four arguments. */
export function siteOf4<A, B, C, D, R>(
  compute: (a: A, b: B, c: C, d: D) => R
): (a: A, b: B, c: C, d: D, site: number) => R {
  return (a, b, c, d, site) => {
    try {
      return compute(a, b, c, d)
    } catch (error) {
      throw atSite(error, site)
    }
  }
}
