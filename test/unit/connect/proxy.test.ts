import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Proxy } from '../../support/kafka/proxy.ts'

const echo = createServer(socket => socket.on('error', () => {}).pipe(socket))
echo.listen(0, '127.0.0.1')
await once(echo, 'listening')
const proxy = await Proxy.start()
proxy.lead((echo.address() as AddressInfo).port)
after(async () => {
  await proxy.stop()
  echo.close()
})

async function open(): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1')
  await once(socket, 'connect')
  return socket
}

/** Resolves when all of it has come back. */
async function ask(socket: Socket, bytes: Buffer): Promise<void> {
  socket.write(bytes)
  for (let left = bytes.length; left > 0;) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    left -= chunk.length
  }
}

test('a delay is that of the first bytes too, once for each direction, however many there are', async () => {
  const socket = await open()
  proxy.delay(100)
  const began = performance.now()
  // More than comes in one read.
  await ask(socket, Buffer.alloc(800_000))
  const took = performance.now() - began
  assert.ok(took >= 190, `${took} ms`)
  proxy.mend()
  socket.destroy()
})

test('of what hangs nothing gets through, also of new connections', async () => {
  const before = await open()
  await ask(before, Buffer.from('one'))
  proxy.hang()
  const sockets = [before, await open()]
  let received = 0
  for (const socket of sockets) {
    socket.on('data', ({ length }: Buffer) => (received += length))
    socket.write('two')
  }
  await sleep(100)
  assert.equal(received, 0)
  proxy.mend()
  await Promise.all(sockets.map(socket => once(socket, 'data')))
  assert.equal(received, 6)
  for (const socket of sockets) socket.destroy()
})

test('what is silenced stays so, and new connections are not', async () => {
  const before = await open()
  await ask(before, Buffer.from('one'))
  proxy.silence()
  before.on('data', () => assert.fail('something gets through'))
  before.write('two')
  const next = await open()
  await ask(next, Buffer.alloc(100_000))
  proxy.mend()
  await sleep(50)
  for (const socket of [before, next]) socket.destroy()
})

test('what is throttled takes its time', async () => {
  const socket = await open()
  proxy.throttle(100_000)
  const began = performance.now()
  await ask(socket, Buffer.alloc(20_000))
  assert.ok(performance.now() - began >= 190)
  proxy.mend()
  socket.destroy()
})
