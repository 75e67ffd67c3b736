import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ScramLogin } from '../../../../runtime/connect/wire/scram.ts'

const NONCE = 'rOprNGfwEbeRWgbNEkqO'
const CHALLENGE =
  'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096'

test('SCRAM-SHA-256: the example of RFC 7677', async () => {
  const login = new ScramLogin('sha256', 'user', 'pencil', NONCE)
  assert.equal(login.first().toString(), `n,,n=user,r=${NONCE}`)
  assert.equal(
    (await login.prove(Buffer.from(CHALLENGE))).toString(),
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ='
  )
  login.check(Buffer.from('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4='))
  assert.throws(() => login.check(Buffer.from('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G8=')))
  assert.throws(() => login.check(Buffer.from('e=invalid-proof')))
})

test('a broker that takes a shortcut gets no proof', async () => {
  for (const challenge of [
    CHALLENGE.replace('r=r', 'r=x'),
    CHALLENGE.replace('4096', '1'),
    CHALLENGE.replace(',i=4096', '')
  ])
    await assert.rejects(
      new ScramLogin('sha256', 'user', 'pencil', NONCE).prove(Buffer.from(challenge))
    )
})

test('names with commas and equals signs', () => {
  const login = new ScramLogin('sha512', 'a=b,c', 'x', NONCE)
  assert.equal(login.first().toString(), `n,,n=a=3Db=2Cc,r=${NONCE}`)
})
