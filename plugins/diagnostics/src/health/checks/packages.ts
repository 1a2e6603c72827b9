import {isEntry} from 'pmpc/kit/proxmox'
import type {Facts} from '../facts.js'
import type {Check, Finding} from '../model.js'
import {DAY, isSet, maps, text} from '../values.js'
import {above, below, finding, warning} from './grade.js'

/** Releases of Debian by that of Proxmox VE. */
const suites: Readonly<Record<string, string>> = {7: 'bullseye', 8: 'bookworm', 9: 'trixie'}

/** A package repository that is in use. */
interface Repository {
  path: string
  uris: string[]
  suites: string[]
  components: string[]
}

function repositoriesIn(answer: unknown): Repository[] {
  const files = isEntry(answer) ? maps(answer.files) : []
  const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(text) : [])
  return files.flatMap(({path, repositories}) =>
    maps(repositories)
      .filter(({Enabled}) => isSet(Enabled))
      .map((one) => ({
        path: text(path),
        uris: list(one.URIs),
        suites: list(one.Suites),
        components: list(one.Components),
      })),
  )
}

/** Judges the repositories of each node. */
function ofRepositories(facts: Facts, judge: (repositories: Repository[], node: string) => string[]): Finding[] {
  return facts
    .answers('repositories')
    .flatMap(({place, data}) =>
      judge(repositoriesIn(data), place.node!).map((message) => warning(`node/${place.node}`, message)),
    )
}

const isOfPve = ({components}: Repository): boolean => components.some((name) => /^pve-|^pvetest$/.test(name))
const isEnterprise = ({uris}: Repository): boolean =>
  uris.some((uri) => /^https:\/\/enterprise\.proxmox\.com/.test(uri))

/** How many packages can be replaced by newer ones. */
function waiting(data: unknown): number {
  return maps(data).filter(({OldVersion, Version}) => text(OldVersion) !== '' && text(OldVersion) !== text(Version))
    .length
}

/** Packages, repositories, subscriptions. */
export const packageChecks: readonly Check[] = [
  {
    id: 'updates.pending',
    severity: 'warning',
    about: 'The nodes are up to date',
    why: 'Among updates that wait for long are those that close holes.',
    fix: 'apt update && apt dist-upgrade, one node after the other.',
    reads: ['updates'],
    limits: {warning: {default: 30, is: 'packages with a newer version'}},
    find: (facts, limits) =>
      facts.answers('updates').flatMap(({place, data}) => {
        const amount = maps(data).length
        return finding(`node/${place.node}`, above(amount, limits), `${amount} packages have newer versions`)
      }),
  },
  {
    id: 'updates.pve',
    severity: 'warning',
    about: 'The packages of Proxmox VE are up to date',
    why: 'Corrections of the hypervisor, its kernel and its API come with them.',
    fix: 'apt update && apt dist-upgrade, one node after the other.',
    reads: ['packages'],
    limits: {warning: {default: 5, is: 'packages of Proxmox VE with a newer version'}},
    find: (facts, limits) =>
      facts.answers('packages').flatMap(({place, data}) => {
        const amount = waiting(data)
        return finding(
          `node/${place.node}`,
          above(amount, limits),
          `${amount} packages of Proxmox VE have newer versions`,
        )
      }),
  },
  {
    id: 'packages.state',
    severity: 'warning',
    about: 'No package is half installed',
    why: 'An upgrade that broke off leaves services of two versions.',
    fix: 'dpkg --configure -a && apt --fix-broken install',
    reads: ['packages'],
    find: (facts) =>
      facts
        .atNodes('packages')
        .filter(({entry}) => /^(?:UnPacked|HalfConfigured|HalfInstalled)$/.test(text(entry.CurrentState)))
        .map(({node, entry}) => warning(`node/${node}`, `${text(entry.Package)} is ${text(entry.CurrentState)}`)),
  },
  {
    id: 'repo.none',
    severity: 'warning',
    about: 'The nodes get updates of Proxmox VE from somewhere',
    why: 'Without a repository of Proxmox VE a node seems up to date for ever.',
    fix: 'Enable pve-no-subscription, or pve-enterprise with a subscription, below Updates > Repositories.',
    reads: ['repositories'],
    find: (facts) =>
      ofRepositories(facts, (all) => (all.some(isOfPve) ? [] : ['no repository of Proxmox VE is enabled'])),
  },
  {
    id: 'repo.enterprise',
    severity: 'warning',
    about: 'Enterprise repositories are used with a subscription',
    why: 'Without one they answer 401, and every update of the lists fails.',
    fix: 'Add the subscription key (pvesubscription set KEY), or disable them and enable pve-no-subscription.',
    reads: ['repositories', 'subscription'],
    find: (facts) => {
      const subscribed = facts
        .atNodes('subscription')
        .filter(({entry}) => text(entry.status).toLowerCase() === 'active')
        .map(({node}) => node)
      const known = facts.atNodes('subscription').map(({node}) => node)
      return ofRepositories(facts, (all, node) =>
        all.some(isEnterprise) && known.includes(node) && !subscribed.includes(node)
          ? ['an enterprise repository is enabled, and there is no active subscription']
          : [],
      )
    },
  },
  {
    id: 'repo.test',
    severity: 'warning',
    about: 'No repository for tests is in use',
    why: 'Its packages are those that others try before they are trusted.',
    fix: 'Disable pvetest or pve-test below Updates > Repositories.',
    reads: ['repositories'],
    find: (facts) =>
      ofRepositories(facts, (all) =>
        all
          .flatMap(({components, path}) => components.map((name) => ({name, path})))
          .filter(({name}) => /^(?:pvetest|pve-test|test)$/.test(name))
          .map(({name, path}) => `${name} is enabled in ${path}`),
      ),
  },
  {
    id: 'repo.suites',
    severity: 'warning',
    about: 'All repositories are of the release that runs',
    why: 'Packages of two releases of Debian end in a system that neither tests.',
    fix: 'Correct the suites in /etc/apt/sources.list.d.',
    reads: ['repositories', 'version'],
    find: (facts) => {
      const versions = new Map(facts.atNodes('version').map(({node, entry}) => [node, text(entry.version)]))
      return ofRepositories(facts, (all, node) => {
        const meant = suites[/^\d+/.exec(versions.get(node) ?? '')?.[0] ?? '']
        if (meant === undefined) return []
        const others = all.flatMap(({suites: named}) => named).filter((suite) => suite.split('-')[0] !== meant)
        return [...new Set(others)].map((suite) => `${suite} is enabled, and the node runs on ${meant}`)
      })
    },
  },
  {
    id: 'repo.errors',
    severity: 'warning',
    about: 'The lists of repositories can be read',
    why: 'A file with an error in it ends every update.',
    fix: 'Correct the file that is named below /etc/apt.',
    reads: ['repositories'],
    find: (facts) =>
      facts
        .atNodes('repositories')
        .flatMap(({node, entry}) =>
          maps(entry.errors).map(({path, error}) => warning(`node/${node}`, `${text(path)}: ${text(error)}`)),
        ),
  },
  {
    id: 'subscription.state',
    severity: 'warning',
    about: 'Subscriptions are active, where there are any',
    why: 'With a subscription that has ended the enterprise repository and the support are closed.',
    fix: 'Renew it, then pvesubscription update --force. Without a subscription there is nothing to do.',
    reads: ['subscription'],
    limits: {warning: {default: 30, is: 'days until it is due'}},
    find: (facts, limits) =>
      facts.atNodes('subscription').flatMap(({node, entry}) => {
        const status = text(entry.status).toLowerCase()
        // PVE/API2/Subscription.pm: `notfound` is a host without a key; that is a choice, and no fault.
        if (status === 'notfound' || status === '') return []
        if (status !== 'active') return [warning(`node/${node}`, `its subscription is ${status}`)]
        const due = Date.parse(text(entry.nextduedate))
        const days = Number.isNaN(due) ? Number.POSITIVE_INFINITY : (due / 1000 - facts.now) / DAY
        return finding(`node/${node}`, below(days, limits), `its subscription is due in ${Math.floor(days)} days`)
      }),
  },
]
