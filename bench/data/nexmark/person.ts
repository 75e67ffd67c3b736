import { FIRST_PERSON } from './ids.ts'
import { lastPerson } from './proportions.ts'
import type { NexmarkRandom } from './random.ts'
import { nextExtra, nextText } from './random-text.ts'

export interface Person {
  readonly id: number
  readonly name: string
  readonly emailAddress: string
  readonly creditCard: string
  readonly city: string
  readonly state: string
  readonly dateTime: string
  readonly extra: string
}

const AVERAGE_SIZE = 200

const firstNames = 'Peter Paul Luke John Saul Vicky Kate Julie Sarah Deiter Walter'.split(' ')
const lastNames = 'Shultz Abrams Spencer White Bartels Walton Smith Jones Noris'.split(' ')
const states = ['AZ', 'CA', 'ID', 'OR', 'WA', 'WY']
const cities = [
  ...['Phoenix', 'Los Angeles', 'San Francisco', 'Boise', 'Portland'],
  ...['Bend', 'Redmond', 'Seattle', 'Kent', 'Cheyenne']
]

export function nextPerson(random: NexmarkRandom, event: number, dateTime: string): Person {
  const id = FIRST_PERSON + lastPerson(event)
  const name = `${random.pick(firstNames)} ${random.pick(lastNames)}`
  const emailAddress = `${nextText(random, 7)}@${nextText(random, 5)}.com`
  const creditCard = Array.from({ length: 4 }, () => nextFourDigits(random)).join(' ')
  const city = random.pick(cities)
  const state = random.pick(states)
  const used =
    8 + name.length + emailAddress.length + creditCard.length + city.length + state.length
  const extra = nextExtra(random, used, AVERAGE_SIZE)
  return { id, name, emailAddress, creditCard, city, state, dateTime, extra }
}

function nextFourDigits(random: NexmarkRandom): string {
  return String(random.below(10_000)).padStart(4, '0')
}
