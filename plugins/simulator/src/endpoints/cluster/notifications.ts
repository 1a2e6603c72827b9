import {createHash} from 'node:crypto'
import {ApiError} from '../../errors.js'
import {unordered} from '../../calls/print.js'
import {required, type Call, type Endpoints} from '../../calls/call.js'
import type {Section} from '../../state/model.js'
import {sectionEndpoints, type SectionKind} from '../shared/sections.js'
import {sectionsOf} from '../../calls/sections.js'

const endpointTypes = ['sendmail', 'gotify', 'smtp', 'webhook']
const secrets = new Set(['token', 'password', 'secret'])

/** Digest of the one file that holds all of notifications: SHA-256, unlike all others. */
const digest = (call: Call): string => {
  const mine = Object.entries(call.sim.state.sections).filter(([file]) => file.startsWith('notifications/'))
  return createHash('sha256').update(JSON.stringify(mine)).digest('hex')
}

const builtIn: Record<string, Record<string, Section>> = {
  'notifications/sendmail': {
    'mail-to-root': {origin: 'builtin', comment: `Send mails to root@pam's email address`, 'mailto-user': ['root@pam']},
  },
  'notifications/matchers': {
    'default-matcher': {
      origin: 'builtin',
      mode: 'all',
      comment: 'Route all notifications to mail-to-root',
      target: ['mail-to-root'],
    },
  },
}

function shown(call: Call, section: Section, where: 'list' | 'show'): Section {
  const open = Object.fromEntries(
    Object.entries(section)
      .filter(([key]) => !secrets.has(key))
      .map(([key, value]) => [key, key === 'disable' ? Number(value) === 1 : value]),
  )
  return {origin: 'user-created', ...open, ...(where === 'show' && {digest: digest(call)})}
}

function kind(path: string, file: string): SectionKind {
  return {
    path,
    id: 'name',
    file,
    showId: true,
    digest: {list: false, show: false},
    verbatim: true,
    exists: (id) => `could not add '${id}': already exists`,
    missing: {show: (id) => new ApiError(404, `'${id}' does not exist`)},
    digestOf: digest,
    shown: (call, _id, section, where) => shown(call, section, where),
  }
}

function withBuiltIns(path: string, file: string): Endpoints {
  const endpoints = sectionEndpoints(kind(path, file))
  const preset = builtIn[file] ?? {}
  const list = endpoints[`GET ${path}`]!
  const show = endpoints[`GET ${path}/{name}`]!
  return {
    ...endpoints,
    [`GET ${path}`]: (call) =>
      unordered([
        ...Object.entries(preset).map(([name, section]) => ({name, ...section})),
        ...(list(call) as Section[]),
      ]),
    [`GET ${path}/{name}`]: (call) => {
      const name = required(call, 'name')
      return preset[name] ? {name, ...preset[name], digest: digest(call)} : show(call)
    },
  }
}

function checkUnused(call: Call): void {
  const name = required(call, 'name')
  const user = Object.entries(sectionsOf(call, 'notifications/matchers')).find(([, matcher]) =>
    (matcher.target as string[] | undefined)?.includes(name),
  )
  if (user) throw new ApiError(400, `cannot delete '${name}', referenced by: ${user[0]}`)
}

function endpointKinds(): Endpoints {
  const all: Endpoints = {}
  for (const type of endpointTypes) {
    const path = `/cluster/notifications/endpoints/${type}`
    const endpoints = withBuiltIns(path, `notifications/${type}`)
    const remove = endpoints[`DELETE ${path}/{name}`]!
    Object.assign(all, endpoints, {
      [`DELETE ${path}/{name}`]: (call: Call) => {
        checkUnused(call)
        return remove(call)
      },
    })
  }
  return all
}

function targets(call: Call): unknown {
  const own = endpointTypes.flatMap((type) =>
    Object.entries(sectionsOf(call, `notifications/${type}`)).map(([name, {comment}]) => ({
      name,
      type,
      origin: 'user-created',
      ...(comment !== undefined && {comment}),
    })),
  )
  return unordered([
    {name: 'mail-to-root', type: 'sendmail', origin: 'builtin', comment: `Send mails to root@pam's email address`},
    ...own,
  ])
}

/** Sends a message to a target; those beyond the host answer where the world does. */
function testTarget(call: Call): unknown {
  const name = required(call, 'name')
  const type =
    name === 'mail-to-root' ? 'sendmail' : endpointTypes.find((kind) => sectionsOf(call, `notifications/${kind}`)[name])
  if (type === undefined) throw new ApiError(404, `endpoint '${name}' does not exist`)
  if (type !== 'sendmail' && call.sim.state.world.offline)
    throw new ApiError(500, `Could not test target: could not notify via endpoint(s): ${name}`)
  return null
}

const eventTypes = ['package-updates', 'fencing', 'replication', 'vzdump', 'system-mail']

export const notificationEndpoints: Endpoints = {
  ...endpointKinds(),
  ...withBuiltIns('/cluster/notifications/matchers', 'notifications/matchers'),
  'GET /cluster/notifications/targets': targets,
  'POST /cluster/notifications/targets/{name}/test': testTarget,
  'GET /cluster/notifications/matcher-fields': () => ['type', 'hostname', 'job-id'].map((name) => ({name})),
  'GET /cluster/notifications/matcher-field-values': (call) => [
    ...eventTypes.map((value) => ({field: 'type', value})),
    ...Object.keys(call.sim.state.nodes).map((value) => ({field: 'hostname', value})),
  ],
}
