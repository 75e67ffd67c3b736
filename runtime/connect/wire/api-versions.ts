import type { Api, BrokerConnection } from './broker-connection.ts'

const API_VERSIONS: Api = { name: 'ApiVersions', key: 18, version: 3, isFlexible: true }

/** A broker is too old, or too new, for a request as we write it. */
export class ApiMissing extends Error {}

/** Rejects with ApiMissing where a broker does not speak the requests as we do. */
export async function requireApis(
  connection: BrokerConnection,
  apis: readonly Api[]
): Promise<void> {
  const { answer, body } = await connection.request(API_VERSIONS, request =>
    request.compactString('miraclec').compactString('1').noTags()
  )
  const isUnderstood = body.int16() === 0
  // A broker that knows no such version answers in the oldest one.
  const supported = !isUnderstood
    ? []
    : body.compactArray(() => {
        const range = { key: body.int16(), least: body.int16(), most: body.int16() }
        body.tags()
        return range
      })
  answer.release()
  for (const { name, key, version } of apis) {
    const range = supported.find(one => one.key === key)
    if (range === undefined || version < range.least || version > range.most)
      throw new ApiMissing(`the broker has no ${name} of version ${version}`)
  }
}
