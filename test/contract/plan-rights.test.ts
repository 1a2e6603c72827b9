import {expect} from 'chai'
import {readFileSync} from 'node:fs'
import {check, type Known} from '../../src/kit/plan/checks.js'
import type {Permissions} from '../../src/kit/proxmox/index.js'
import type {KindName, Observed, Scalar} from '../../src/kit/resources/index.js'
import {actionOf, aroundOf, bothCalls, knownOf, requestOf} from '../support/plan/checking.js'
import {filesIn, least, readLines, referencePath} from '../support/reference.js'

/** A request to the real daemon of 9.2, and its answer. */
interface Exchange {
  auth: string
  method: string
  path: string
  requestBody: Record<string, Scalar | boolean> | null
  status: number
  reason: string
  body: {data?: unknown; message?: string} | null
}

const tokens: Readonly<Record<string, string>> = {root: 'root@pam!full', weak: 'weak@pve!t'}
const refusal = /^Permission check failed(?! \((?:pool|URI))|only root can|only allowed for root@pam/
/** What a path cannot be, which no right could mend. */
const isWords = ({requestBody}: Exchange): boolean => / /.test(String(requestBody?.poolid ?? ''))

const exchanges = filesIn(referencePath('daemon'), '.jsonl').flatMap((file) => readLines<Exchange>(file))
const writes = exchanges.filter(({method, auth, path}) => method !== 'GET' && auth in tokens && !path.includes('?'))

const {roles} = JSON.parse(
  readFileSync(new URL('../../plugins/simulator/src/contract/roles.json', import.meta.url), 'utf8'),
) as {roles: Record<string, Record<string, string[]>>}
const heldBy = (role: string) => Object.fromEntries(roles['9.2']![role]!.map((privilege) => [privilege, 1]))

/** As on the host of the recordings: all of one, and PVEAuditor on `/vms`. */
const permissions: Readonly<Record<string, Permissions>> = {
  root: Object.fromEntries(
    ['/', '/access', '/access/groups', '/nodes', '/pool', '/sdn', '/storage', '/vms'].map((path) => [
      path,
      heldBy('Administrator'),
    ]),
  ),
  weak: {'/vms': heldBy('PVEAuditor')},
}

describe('plan: rights, against the recordings', () => {
  let calls: Known['calls']
  before(async () => {
    calls = await bothCalls()
  })

  function told({auth, method, path, requestBody}: Exchange): string[] {
    const lxc = /\/lxc\/(\d+)/.exec(path)
    const [kind, id]: [KindName, number] = lxc
      ? ['container', Number(lxc[1])]
      : ['vm', Number(/\/qemu\/(\d+)/.exec(path)?.[1] ?? 1)]
    const is: Observed = {kind, id, config: {unprivileged: 1}, facts: {}}
    const acl: Observed = {kind: 'acl', id: 'acl', config: {'/vms': {'weak@pve': ['PVEAuditor']}}, facts: {}}
    const parameters = Object.fromEntries(
      Object.entries(requestBody ?? {}).map(([name, value]) => [
        name,
        typeof value === 'boolean' ? Number(value) : value,
      ]),
    )
    const action = actionOf({kind, id}, is, [{request: requestOf(`${method} ${path}`, parameters)}])
    const known = knownOf(calls, {who: tokens[auth]!, permissions: permissions[auth]!})
    return check([action], aroundOf([is, acl]), known)
      .filter((one) => one.check === 'privileges' || one.check === 'root-only')
      .map(({message}) => message)
  }

  it('lack where the daemon says so', () => {
    const refused = writes.filter(({reason, ...one}) => refusal.test(reason) && !isWords({reason, ...one}))
    for (const one of refused)
      expect(
        told(one),
        `${one.method} ${one.path} ${JSON.stringify(one.requestBody)}: ${one.reason}`,
      ).not.to.deep.equal([])
    expect(refused.length).to.be.at.least(least(70, 15))
  })

  it('name the path and the privilege that the daemon names', () => {
    const named = writes.flatMap((one) => {
      const [, path, privilege] = /^Permission check failed \((\/\S*), ([\w.]+)\)$/.exec(one.reason) ?? []
      return path === undefined ? [] : [{one, path, privilege: privilege!}]
    })
    for (const {one, path, privilege} of named)
      expect(told(one).join('\n'), `${one.method} ${one.path}`).to.match(
        new RegExp(`${privilege.replace('.', '\\.')}[\\w., ]* on ${path}(?:[:;]|$)`),
      )
    expect(named.length).to.be.at.least(least(15, 5))
  })

  it('suffice where the daemon did it', () => {
    const done = writes.filter(({status}) => status === 200)
    const wrong = done.flatMap((one) =>
      told(one).map((message) => `${one.method} ${one.path} ${JSON.stringify(one.requestBody)}: ${message}`),
    )
    expect(wrong).to.deep.equal([])
    expect(done.length).to.be.at.least(least(700, 100))
  })
})
