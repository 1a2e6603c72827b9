import {expect} from 'chai'
import {createClient} from '../../src/kit/proxmox/index.js'
import {failureOf, makeAuthority, makeIdentity, startServer} from '../integration/proxmox/support.js'
import {least, filesIn, readLines, referencePath} from '../support/reference.js'

interface Recorded {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  status: number
  reason: string | null
  contentType: string | null
  body: unknown
}

/** Real hosts' answers, sent once more by a real server, come out of the client as they went in. */
describe('recorded answers', () => {
  for (const [folder, ending] of [
    ['recorded', '.json'],
    ['daemon', '.jsonl'],
  ] as const) {
    it(`pass the client without loss (${folder})`, async function () {
      this.timeout(120_000)
      const records = filesIn(referencePath(folder), ending).flatMap((file) => readLines<Recorded>(file))
      const authority = makeAuthority()
      const server = await startServer(makeIdentity(authority), ({path}, response) => {
        const {status, reason, contentType, body} = records[Number(path.slice(1))]!
        const type = contentType ?? 'application/json;charset=UTF-8'
        const bytes = Buffer.from(reason ?? '').toString('latin1')
        response.writeHead(status, bytes.split('\n')[0], {'content-type': type, connection: 'keep-alive'})
        response.end(body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body))
      })
      const client = createClient({endpoints: [server.url], trust: {ca: authority.pem}, env: {}, limits: {retries: 0}})
      const counted = {fine: 0, failed: 0}
      try {
        for (const [index, {status, body, method, path, reason}] of records.entries()) {
          const where = `${method} ${path} (${folder}, record ${index})`
          const isAnswer = typeof body === 'object' && body !== null && 'data' in body
          if (status === 200 && isAnswer) {
            counted.fine++
            expect(await client.getWhole(`/${index}`), where).to.deep.equal(body)
          } else if (status >= 400) {
            counted.failed++
            const error = await failureOf(client.get(`/${index}`))
            const said = body as {message?: string; errors?: Record<string, string>} | null
            const texts = said?.errors ? Object.values(said.errors) : [said?.message ?? reason ?? '']
            const kept = JSON.stringify([error.message, error.data])
            for (const text of typeof body === 'string' ? [] : texts)
              expect(kept, where).to.contain(JSON.stringify(text.trim().split('\n')[0]).slice(1, -1))
          }
        }
      } finally {
        await client.close()
        await server.close()
      }
      expect(counted.fine).to.be.greaterThan(least(200, 150))
      expect(counted.failed, 'failures').to.be.greaterThan(5)
    })
  }
})
