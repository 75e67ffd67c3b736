import { setTimeout as sleep } from 'node:timers/promises'
import type { KafkaNative } from '../../native/index.ts'
import type { ClientConfig } from './client-config.ts'

type Admin = ReturnType<KafkaNative['AdminClient']['create']>

/** In ms: how long a token is waited for. What is asked then fails by itself. */
const TOKEN_TIMEOUT = 10_000

/** A client that asks the brokers to do something. Its calls fail by themselves: without a listener its errors would end the process. */
export async function openAdmin(
  { AdminClient }: KafkaNative,
  config: ClientConfig
): Promise<Admin> {
  const { oauthbearer_token_refresh_cb: refresh, ...rest } = config
  const listeners = { error: (): void => {} }
  if (typeof refresh !== 'function') return AdminClient.create(rest, listeners)
  // A call of the addon's holds a lock that taking in a token needs: called before there is one, it waits for itself.
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const admin = AdminClient.create(
    {
      ...rest,
      oauthbearer_token_refresh_cb: (async () => {
        try {
          return await refresh()
        } finally {
          setImmediate(() => resolve(undefined))
        }
      }) as never
    },
    listeners
  )
  await Promise.race([promise, sleep(TOKEN_TIMEOUT, undefined, { ref: false })])
  return admin
}
