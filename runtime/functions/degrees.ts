import { outOfDomain } from './double-math.ts'

// Functions of angles in degrees that are exact at multiples of 30 and 45, by PostgreSQL's way (utils/adt/float.c): each is
// scaled by what it gives at such an angle.

const RADIANS_PER_DEGREE = Math.PI / 180
const SIN_30 = Math.sin(30 * RADIANS_PER_DEGREE)
const ONE_MINUS_COS_60 = 1 - Math.cos(60 * RADIANS_PER_DEGREE)
const ASIN_HALF = Math.asin(0.5)
const ACOS_HALF = Math.acos(0.5)
const ATAN_1 = Math.atan(1)

export function sind(degrees: number, site: number): number {
  const { angle, negated } = firstTurn(degrees, site)
  const half = angle > 180 ? 360 - angle : angle
  const sine = sineOfQuarter(half > 90 ? 180 - half : half)
  return negated !== angle > 180 ? -sine : sine
}

export function cosd(degrees: number, site: number): number {
  const { angle } = firstTurn(degrees, site)
  const half = angle > 180 ? 360 - angle : angle
  return half > 90 ? -cosineOfQuarter(180 - half) : cosineOfQuarter(half)
}

export function tand(degrees: number, site: number): number {
  return quotient(degrees, sineOfQuarter, cosineOfQuarter, site)
}

export function cotd(degrees: number, site: number): number {
  return quotient(degrees, cosineOfQuarter, sineOfQuarter, site)
}

export function asind(value: number, site: number): number {
  checkWithin(value, site)
  return value >= 0 ? arcSine(value) : -arcSine(-value)
}

export function acosd(value: number, site: number): number {
  checkWithin(value, site)
  return value >= 0 ? arcCosine(value) : 90 + arcSine(-value)
}

export function atand(value: number): number {
  return (Math.atan(value) / ATAN_1) * 45
}

export function atan2d(y: number, x: number): number {
  return (Math.atan2(y, x) / ATAN_1) * 45
}

/** The angle within one turn, and whether it went the other way around. */
function firstTurn(degrees: number, site: number) {
  if (degrees === Infinity || degrees === -Infinity) {
    throw outOfDomain(site, 'an infinite angle has no direction')
  }
  const rest = degrees % 360
  return { angle: Math.abs(rest), negated: rest < 0 }
}

type OfQuarter = (degrees: number) => number

/** Of two functions of an angle from 0 to 90; 1 at 45 degrees, and never -0. */
function quotient(degrees: number, above: OfQuarter, below: OfQuarter, site: number): number {
  const { angle, negated } = firstTurn(degrees, site)
  const half = angle > 180 ? 360 - angle : angle
  const quarter = half > 90 ? 180 - half : half
  const size = above(quarter) / below(quarter) / (above(45) / below(45))
  const flips = [negated, angle > 180, half > 90].filter(Boolean).length
  return (flips % 2 === 1 ? -size : size) + 0
}

function sineOfQuarter(degrees: number): number {
  return degrees <= 30 ? smallSine(degrees) : smallCosine(90 - degrees)
}

function cosineOfQuarter(degrees: number): number {
  return degrees <= 60 ? smallCosine(degrees) : smallSine(90 - degrees)
}

/** Up to 30 degrees. */
function smallSine(degrees: number): number {
  return Math.sin(degrees * RADIANS_PER_DEGREE) / SIN_30 / 2
}

/** Up to 60 degrees. */
function smallCosine(degrees: number): number {
  return 1 - (1 - Math.cos(degrees * RADIANS_PER_DEGREE)) / ONE_MINUS_COS_60 / 2
}

/** Of a number from 0 to 1. */
function arcSine(value: number): number {
  return value <= 0.5
    ? (Math.asin(value) / ASIN_HALF) * 30
    : 90 - (Math.acos(value) / ACOS_HALF) * 60
}

/** Of a number from 0 to 1. */
function arcCosine(value: number): number {
  return value <= 0.5
    ? 90 - (Math.asin(value) / ASIN_HALF) * 30
    : (Math.acos(value) / ACOS_HALF) * 60
}

function checkWithin(value: number, site: number): void {
  if (value < -1 || value > 1) throw outOfDomain(site, 'the argument is not between -1 and 1')
}
