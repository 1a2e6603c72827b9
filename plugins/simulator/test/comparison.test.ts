import {expect} from 'chai'
import {writeFile} from 'node:fs/promises'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {readRecording, recordingFiles, type Exchange} from '../src/replay/exchange.js'
import {Judge} from '../src/replay/judge.js'
import {isUnsteady, leniencies} from '../src/replay/leniency.js'
import type {Reply} from '../src/replay/client.js'
import {referencePath} from '../../../test/support/reference.js'

type Json = Record<string, unknown>

/** The recorded answers as they are. */
const repliesOf = (exchanges: Exchange[]): Reply[] =>
  exchanges.map(({status, reason, contentType, body}) => structuredClone({status, reason, contentType, body}))

/** Plays answers to the comparison as if a server had sent them when they were recorded; the differences by exchange. */
function judge(exchanges: Exchange[], replies: Reply[]): string[][] {
  const it = new Judge(exchanges, false)
  return exchanges.map((_, index) => {
    it.send(index, it.timeline.at(index) ?? 0)
    return it.settle(index, replies[index]!)
  })
}

/** One tampering: the exchange it is done to, what is done, and what is said of it. */
interface Tamper {
  title: string
  recording: string
  /** The answer that is tampered with; it may be found by those before it. */
  where: (exchange: Exchange, before: Exchange[]) => boolean
  what: (reply: Reply, before: Exchange[]) => void
  says: RegExp
}

const dataOf = ({body}: {body: unknown}): Json => (body as {data: Json}).data
const listOf = ({body}: {body: unknown}): Json[] => (body as {data: Json[]}).data
const isGet = (pattern: RegExp) => (one: Exchange) =>
  one.method === 'GET' && one.status === 200 && pattern.test(one.path)
const entry = (list: Json[], key: string): Json => list.find((one) => one[key] !== undefined)!

/** Whether an earlier answer to the same request held the same digest. */
const repeatsDigest = (exchange: Exchange, before: Exchange[]): boolean =>
  isGet(/\/config$/)(exchange) &&
  before.some(
    (one) => one.path === exchange.path && one.status === 200 && dataOf(one)?.digest === dataOf(exchange).digest,
  )

/** Whether the digest is another one than before. */
const changesDigest = (exchange: Exchange, before: Exchange[]): boolean => {
  const last = before.findLast((one) => one.method === 'GET' && one.path === exchange.path && one.status === 200)
  return isGet(/\/config$/)(exchange) && last !== undefined && dataOf(last).digest !== dataOf(exchange).digest
}

/** A card in a configuration, and its address where a request before named it. */
const chosenAddress = (reply: {body: unknown}, before: Exchange[]): [key: string, address: string] | undefined =>
  Object.entries(dataOf(reply))
    .filter(([key]) => /^net\d$/.test(key))
    .map(([key, value]): [string, string] => [key, /(?:[0-9A-F]{2}:){5}[0-9A-F]{2}/.exec(String(value))?.[0] ?? ''])
    .find(([, address]) => address !== '' && before.some((one) => JSON.stringify(one.requestBody).includes(address)))

const tampers: Tamper[] = [
  {
    title: 'a status',
    recording: 'daemon/pools',
    where: ({status}) => status === 500,
    what: (reply) => (reply.status = 400),
    says: /^status: expected 500, got 400/,
  },
  {
    title: 'a reason phrase',
    recording: 'daemon/pools',
    where: ({status}) => status === 500,
    what: (reply) => (reply.reason = `${reply.reason}.`),
    says: /^reason: /,
  },
  {
    title: 'a content type',
    recording: 'daemon/pools',
    where: ({status}) => status === 200,
    what: (reply) => (reply.contentType = 'application/json'),
    says: /^content type: /,
  },
  {
    title: 'the text of a message',
    recording: 'daemon/vm-errors-01',
    where: ({body}) => (body as Json).message !== undefined,
    what: ({body}) => ((body as Json).message = 'no\n'),
    says: /^body\.message: /,
  },
  {
    title: 'a refused parameter',
    recording: 'daemon/vm-errors-01',
    where: ({body}) => (body as Json).errors !== undefined,
    what: ({body}) => {
      const errors = (body as {errors: Json}).errors
      errors[Object.keys(errors)[0]!] = 'value is wrong'
    },
    says: /^body\.errors\./,
  },
  {
    title: 'a pending value',
    recording: 'daemon/vm-keys-01',
    where: (one) => isGet(/\/pending$/)(one) && listOf(one).some(({key}) => key === 'memory'),
    what: (reply) => (listOf(reply).find(({key}) => key === 'memory')!.value = '2048'),
    says: /^body\.data\[\d+\]\.value: /,
  },
  {
    title: 'the type of a number',
    recording: 'daemon/vm-lifecycle',
    where: isGet(/\/nodes\/pve1\/qemu$/),
    what: (reply) => (listOf(reply)[0]!.maxmem = String(listOf(reply)[0]!.maxmem)),
    says: /^body\.data\[\d+\]\.maxmem: /,
  },
  {
    title: 'a missing key',
    recording: 'daemon/vm-keys-01',
    where: isGet(/\/config$/),
    what: (reply) => delete dataOf(reply).digest,
    says: /^body\.data\.digest: .* got nothing/,
  },
  {
    title: 'a key too many',
    recording: 'daemon/vm-keys-01',
    where: isGet(/\/config$/),
    what: (reply) => (dataOf(reply).onboot = 1),
    says: /^body\.data\.onboot: expected nothing/,
  },
  {
    title: 'a missing entry',
    recording: 'daemon/access',
    where: isGet(/^\/access\/users$/),
    what: (reply) => listOf(reply).pop(),
    says: /^body\.data: expected the entry/,
  },
  {
    title: 'an entry too many',
    recording: 'daemon/access',
    where: isGet(/^\/access\/users$/),
    what: (reply) => listOf(reply).push({userid: 'more@pve', enable: 1, expire: 0, 'realm-type': 'pve'}),
    says: /^body\.data: expected no entry/,
  },
  {
    title: 'the order of tasks',
    recording: 'daemon/cluster2-fake-second-node',
    where: (one) => isGet(/\/tasks$/)(one) && listOf(one).length > 1,
    what: (reply) => listOf(reply).reverse(),
    says: /^body\.data\[0\]\./,
  },
  {
    title: 'the order of firewall rules',
    recording: 'daemon/firewall',
    where: (one) => isGet(/\/rules$/)(one) && listOf(one).length > 1,
    what: (reply) => listOf(reply).forEach((rule, index, all) => (rule.pos = all.length - 1 - index)),
    says: /^body\.data\[\d+\]\./,
  },
  {
    title: 'a line of a log',
    recording: 'daemon/vm-lifecycle',
    where: (one) => isGet(/\/log$/)(one) && listOf(one).length > 1,
    what: (reply) => (listOf(reply)[0]!.t = 'something else'),
    says: /^body\.data\[0\]\.t: /,
  },
  {
    title: 'lines of a log that change places',
    recording: 'daemon/vm-lifecycle',
    where: (one) => isGet(/\/log$/)(one) && listOf(one).length > 2,
    what: (reply) => {
      const [first, second] = listOf(reply)
      ;[first!.t, second!.t] = [second!.t, first!.t]
    },
    says: /^body\.data\[0\]\.t: /,
  },
  {
    title: 'a digest that should recur',
    recording: 'daemon/vm-keys-04',
    where: repeatsDigest,
    what: (reply) => (dataOf(reply).digest = '0123456789abcdef0123456789abcdef01234567'),
    says: /^body\.data\.digest: .* before, now/,
  },
  {
    title: 'a digest that should differ',
    recording: 'daemon/vm-keys-09',
    where: changesDigest,
    what: (reply, before) => {
      const last = before.findLast((one) => isGet(/\/config$/)(one) && dataOf(one).digest !== dataOf(reply).digest)!
      dataOf(reply).digest = dataOf(last).digest
    },
    says: /^body\.data\.digest: .* (?:stood for|before, now)/,
  },
  {
    title: 'an address that two devices share',
    recording: 'daemon/vm-keys-09',
    where: (one, before) =>
      isGet(/\/qemu\/\d+\/config$/)(one) &&
      typeof dataOf(one).net0 === 'string' &&
      before.some(
        (other) => isGet(/\/config$/)(other) && dataOf(other).net0 && dataOf(other).net0 !== dataOf(one).net0,
      ),
    what: (reply, before) => {
      const other = before.find((one) => isGet(/\/config$/)(one) && dataOf(one).net0)!
      const mac = /(?:[0-9A-F]{2}:){5}[0-9A-F]{2}/
      dataOf(reply).net0 = String(dataOf(reply).net0).replace(mac, mac.exec(String(dataOf(other).net0))![0])
    },
    says: /^body\.data\.net0: /,
  },
  {
    title: 'an address that the client chose',
    recording: 'daemon/vm-keys-09',
    where: (one, before) => isGet(/\/qemu\/\d+\/config$/)(one) && chosenAddress(one, before) !== undefined,
    what: (reply, before) => {
      const [key, address] = chosenAddress(reply, before)!
      dataOf(reply)[key] = String(dataOf(reply)[key]).replace(address, 'BC:24:11:00:08:02')
    },
    says: /^body\.data\.net\d: /,
  },
  {
    title: 'the type of a task in its UPID',
    recording: 'daemon/vm-running',
    where: ({method, body}) => method === 'POST' && String((body as Json).data).includes(':qmstart:'),
    what: ({body}) => ((body as Json).data = String((body as Json).data).replace(':qmstart:', ':qmstop:')),
    says: /^body\.data: /,
  },
  {
    title: 'another task where one recurs',
    recording: 'daemon/tasks',
    where: (one, before) =>
      isGet(/\/tasks$/)(one) && before.some(({body}) => (body as Json).data === entry(listOf(one), 'upid').upid),
    what: (reply) => {
      const task = entry(listOf(reply), 'upid')
      task.upid = String(task.upid).replace(/^(UPID:[^:]+:)[0-9A-F]{8}/, '$10000BEEF')
      task.pid = 0xbeef
    },
    says: /^body\.data\[\d+\]\.upid: /,
  },
  {
    title: 'the process of a task that is not the one in its UPID',
    recording: 'daemon/tasks',
    where: isGet(/\/tasks\/[^/]+\/status$/),
    what: (reply) => (dataOf(reply).pid = Number(dataOf(reply).pid) + 1),
    says: /^body\.data\.pid: /,
  },
  {
    title: 'the moment of a snapshot',
    recording: 'clients/proxmoxer',
    where: (one) => isGet(/\/snapshot$/)(one) && listOf(one).some(({snaptime}) => snaptime !== undefined),
    what: (reply) =>
      (entry(listOf(reply), 'snaptime').snaptime = Number(entry(listOf(reply), 'snaptime').snaptime) - 3600),
    says: /^body\.data\[\d+\]\.snaptime: expected the moment/,
  },
  {
    title: 'what a stopped guest uses',
    recording: 'clients/ansible',
    where: (one) => isGet(/^\/cluster\/resources/)(one) && listOf(one)[0]?.status === 'stopped',
    what: (reply) => (listOf(reply)[0]!.mem = 4096),
    says: /^body\.data\[\d+\]\.mem: /,
  },
  {
    title: 'a figure that is no number',
    recording: 'clients/ansible',
    where: (one) => isGet(/^\/cluster\/resources/)(one) && listOf(one)[0]?.status === 'running',
    what: (reply) => (listOf(reply)[0]!.cpu = '0.1'),
    says: /^body\.data\[\d+\]\.cpu: /,
  },
  {
    title: 'the memory that a guest has',
    recording: 'clients/ansible',
    where: (one) => isGet(/^\/cluster\/resources/)(one) && listOf(one)[0]?.status === 'running',
    what: (reply) => (listOf(reply)[0]!.maxmem = 1),
    says: /^body\.data\[\d+\]\.maxmem: /,
  },
  {
    title: 'how long a guest has run',
    recording: 'clients/ansible',
    where: (one) => isGet(/^\/cluster\/resources/)(one) && listOf(one)[0]?.status === 'running',
    what: (reply) => (listOf(reply)[0]!.uptime = 7200),
    says: /^body\.data\[\d+\]\.uptime: /,
  },
  {
    title: 'a privilege',
    recording: 'daemon/permissions',
    where: isGet(/^\/access\/roles$/),
    what: (reply) => {
      const role = listOf(reply).find(({roleid}) => roleid === 'PVEAuditor')!
      role.privs = String(role.privs).replace('VM.Audit', 'VM.Console')
    },
    says: /^body\.data\[\d+\]\.privs: /,
  },
  {
    title: 'what a storage may hold',
    recording: 'daemon/storage',
    where: (one) => isGet(/^\/storage$/)(one) && String(listOf(one)[0]!.content).includes('iso,'),
    what: (reply) => (listOf(reply)[0]!.content = String(listOf(reply)[0]!.content).replace('iso,', '')),
    says: /^body\.data\[\d+\]\.content: /,
  },
  {
    title: 'the size of a storage',
    recording: 'clients/proxmoxer',
    where: isGet(/^\/nodes\/pve1\/storage$/),
    what: (reply) => (entry(listOf(reply), 'total').total = 1),
    says: /^body\.data\[\d+\]\.total: /,
  },
]

describe('the comparison of a replay', function () {
  this.timeout(60_000)

  for (const {title, recording, where, what, says} of tampers) {
    it(`notices ${title}`, async () => {
      const exchanges = await readRecording(referencePath(`${recording}.jsonl`))
      const at = exchanges.findIndex((one, index) => where(one, exchanges.slice(0, index)))
      expect(at, 'the recording has such an answer').to.be.greaterThan(-1)
      const replies = repliesOf(exchanges)
      what(replies[at]!, exchanges.slice(0, at))
      const differences = judge(exchanges, replies)
      expect(differences.slice(0, at).flat(), 'before it').to.deep.equal([])
      expect(
        differences[at]!.some((text) => says.test(text)),
        differences[at]!.join('\n'),
      ).to.equal(true)
    })
  }

  /** Every place in a body with what stands there. */
  function* leaves(
    value: unknown,
    at: string,
    shown: string,
  ): Generator<{at: string; shown: string; holder: Json; key: string}> {
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value as Json)) {
      const inside = Array.isArray(value) ? at : `${at}.${key}`
      if (typeof inner !== 'object' || inner === null)
        yield {at: inside, shown: `${shown}.${key}`, holder: value as Json, key}
      else yield* leaves(inner, inside, `${shown}.${key}`)
    }
  }

  const changed = (value: unknown): unknown =>
    typeof value === 'number'
      ? value + 1_000_003
      : typeof value === 'string'
        ? `${value}x`
        : value === null
          ? 1
          : !value

  for (const name of ['pools', 'vm-keys-12', 'vm-lifecycle', 'storage', 'node', 'ha', 'lxc-keys-01', 'tasks']) {
    it(`leaves out nothing but what its table names: ${name}`, async () => {
      const exchanges = await readRecording(referencePath('daemon', `${name}.jsonl`))
      const it = new Judge(exchanges, false)
      const replies = repliesOf(exchanges)
      const sound = exchanges.flatMap((_, index) => {
        it.send(index, it.timeline.at(index) ?? 0)
        return it.settle(index, replies[index]!)
      })
      expect(sound, 'the recording is equal to itself').to.deep.equal([])
      const missed: string[] = []
      for (const [index, reply] of replies.entries()) {
        const path = exchanges[index]!.path.replace(/\?.*/, '')
        for (const {at, shown, holder, key} of leaves(reply.body, 'body', 'body')) {
          if (leniencies.some((one) => one.on.test(path) && one.at.test(at))) continue
          const value = holder[key]
          if (value === 'MASKED' || isUnsteady(String(holder.t))) continue
          holder[key] = changed(value)
          if (it.compare(index, reply).differences.length === 0)
            missed.push(`${exchanges[index]!.place} ${shown}: ${value}`)
          holder[key] = value
        }
      }
      expect(missed, missed.slice(0, 20).join('\n')).to.have.length(0)
    })
  }

  it('takes any order of lists that PVE leaves to chance, and any order of keys', async () => {
    const exchanges = await readRecording(referencePath('daemon', 'access.jsonl'))
    const replies = repliesOf(exchanges)
    for (const {body} of replies) {
      const {data} = body as {data: unknown}
      if (Array.isArray(data)) data.reverse()
    }
    expect(judge(exchanges, replies).flat()).to.deep.equal([])
  })

  it('pairs entries that differ in made-up names only', () => {
    const job = (id: string, day: string): Json => ({id, schedule: day, enabled: 1})
    const ids = ['a', 'b', 'c', 'd'].map((letter) => `${letter.repeat(8)}-0000-4000-8000-000000000000`) as [
      string,
      string,
      string,
      string,
    ]
    const exchange = {
      place: 'made:1',
      seq: 1,
      method: 'GET',
      path: '/cluster/backup',
      query: null,
      requestBody: null,
      rawBody: null,
      requestContentType: null,
      auth: 'root',
      status: 200,
      reason: 'OK',
      contentType: 'application/json',
    }
    const recorded = [
      {...exchange, body: {data: [job(ids[0], 'mon'), job(ids[1], 'tue')]}},
      {...exchange, body: {data: [job(ids[1], 'tue')]}},
    ]
    const answer = (body: unknown): Reply => ({status: 200, reason: 'OK', contentType: 'application/json', body})
    const first = answer({data: [job(ids[3], 'tue'), job(ids[2], 'mon')]})
    expect(judge(recorded, [first, answer({data: [job(ids[3], 'tue')]})]).flat()).to.deep.equal([])
    expect(judge(recorded, [first, answer({data: [job(ids[2], 'tue')]})])[1]).to.have.length(1)
  })
})

describe('recordings that cannot be read', () => {
  let folder: string
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'recording-'))))
  after(() => rm(folder, {recursive: true}))

  const line = {
    seq: 1,
    method: 'GET',
    path: '/version',
    query: null,
    requestBody: null,
    auth: 'root',
    status: 200,
    reason: 'OK',
  }
  const cases: Record<string, [text: string, says: RegExp]> = {
    'an empty file': ['\n', /holds no exchange$/],
    'a broken line': [`${JSON.stringify(line)}\n{"seq":2,`, /:2: /],
    'a line that is no exchange': ['[1]', /:1: not an exchange/],
    'a line without a path': [JSON.stringify({...line, path: undefined}), /:1: 'path' has to be a string$/],
    'a status that is no number': [JSON.stringify({...line, status: '200'}), /:1: 'status' has to be a number$/],
  }
  for (const [title, [text, says]] of Object.entries(cases)) {
    it(title, async () => {
      const file = join(folder, 'broken.jsonl')
      await writeFile(file, text)
      const error = await readRecording(file).then(
        () => undefined,
        (one: Error) => one,
      )
      expect(error?.message).to.match(says)
    })
  }

  it('fields that nobody knows are left alone', async () => {
    const file = join(folder, 'more.jsonl')
    await writeFile(file, `\uFEFF${JSON.stringify({...line, seq: undefined, note: 'x', colour: 'blue'})}\r\n`)
    expect((await readRecording(file))[0]).to.include({seq: 1, path: '/version', place: `${file}:1`})
  })

  it('a file that is not there, a folder without recordings', async () => {
    const failure = (paths: string[]) =>
      recordingFiles(paths).then(
        () => '',
        (error: Error) => error.message,
      )
    expect(await failure([join(folder, 'nowhere')])).to.match(/nowhere: no such file or folder$/)
    expect(await failure([await mkdtemp(join(folder, 'empty-'))])).to.match(/the folder holds no recordings/)
  })
})
