import { normal, pick, type Random, round, wholeNumber } from './random.ts'

/** What columns hold that are called so. The first that fits decides. */
interface Guess<T> {
  readonly names: RegExp
  /** `unusual`: the row is one of the few that rules and models are there to find. */
  readonly value: (random: Random, unusual: boolean) => T
}

const people = ['Ada', 'Grace', 'Edsger', 'Barbara', 'Donald', 'Frances', 'Alan', 'Radia']
const families = ['Lovelace', 'Hopper', 'Dijkstra', 'Liskov', 'Knuth', 'Allen', 'Turing', 'Perlman']
const things = ['lamp', 'kettle', 'bicycle', 'notebook', 'jacket', 'camera', 'teapot', 'umbrella']

const texts: readonly Guess<string>[] = [
  {
    names: /e?mail/,
    value: random => `${pick(people, random).toLowerCase()}@example.com`
  },
  { names: /(first|given)_?name/, value: random => pick(people, random) },
  { names: /(last|family)_?name|surname/, value: random => pick(families, random) },
  {
    names: /(user|customer|person|owner|account|full)_?name|customer|^name$/,
    value: random => `${pick(people, random)} ${pick(families, random)}`
  },
  { names: /country|nation/, value: random => pick(['DE', 'US', 'FR', 'IN', 'BR', 'JP'], random) },
  { names: /currency/, value: random => pick(['EUR', 'USD', 'GBP', 'JPY'], random) },
  { names: /city|town/, value: random => pick(['Berlin', 'Austin', 'Lyon', 'Pune'], random) },
  { names: /street|road/, value: random => `${wholeNumber(1, 99, random)} Main Street` },
  { names: /region|zone/, value: random => pick(['eu-west', 'eu-central', 'us-east'], random) },
  { names: /status|state/, value: random => pick(['new', 'active', 'done', 'failed'], random) },
  { names: /level|severity/, value: random => pick(['debug', 'info', 'warn', 'error'], random) },
  { names: /method|verb/, value: random => pick(['GET', 'GET', 'POST', 'PUT'], random) },
  {
    names: /action|event|type|kind|operation/,
    value: random => pick(['view', 'view', 'click', 'login', 'purchase'], random)
  },
  { names: /device|platform|client|os$/, value: random => pick(['ios', 'android', 'web'], random) },
  { names: /sensor|machine|host/, value: random => `node-${wholeNumber(1, 8, random)}` },
  { names: /url|path|page|uri/, value: random => `/${pick(things, random)}s` },
  { names: /(^|_)ip(_|$)|address/, value: random => `192.0.2.${wholeNumber(1, 254, random)}` },
  { names: /message|description|comment|text|note/, value: random => `the ${pick(things, random)}` }
]

const numbers: readonly Guess<number>[] = [
  {
    names: /risk|score|probability|confidence|likelihood/,
    value: (random, unusual) => round(unusual ? 1 - random() * 0.3 : random() * random(), 3)
  },
  { names: /ratio|rate$|share|fraction|load/, value: random => round(random(), 3) },
  { names: /^lat|latitude/, value: random => round(random() * 140 - 60, 5) },
  { names: /^lon|^lng|longitude/, value: random => round(random() * 360 - 180, 5) },
  { names: /percent|humidity/, value: random => round(random() * 100, 1) },
  { names: /temp/, value: random => round(20 + normal(random) * 6, 1) },
  { names: /pressure/, value: random => round(1013 + normal(random) * 8, 1) },
  { names: /age$/, value: random => wholeNumber(18, 80, random) },
  { names: /quantity|qty|items/, value: random => wholeNumber(1, 5, random) },
  { names: /http|status|code/, value: random => pick([200, 200, 200, 201, 404, 500], random) },
  {
    names: /duration|latency|elapsed|_ms$/,
    value: (random, unusual) => round((unusual ? 800 : 40) * spread(random), 0)
  },
  {
    names: /amount|price|total|cost|fee|balance|revenue|value|payment/,
    value: (random, unusual) => round((unusual ? 800 : 40) * spread(random), 2)
  }
]

/** Around 1, with a long tail: what prices and durations do. */
function spread(random: Random): number {
  return Math.exp(normal(random))
}

/** Null: the name says nothing. */
export function textByName(name: string, random: Random): string | null {
  return texts.find(({ names }) => names.test(name.toLowerCase()))?.value(random, false) ?? null
}

/** Null: the name says nothing. */
export function numberByName(name: string, random: Random, unusual: boolean): number | null {
  const guess = numbers.find(({ names }) => names.test(name.toLowerCase()))
  return guess?.value(random, unusual) ?? null
}

export function anyThing(random: Random): string {
  return pick(things, random)
}
