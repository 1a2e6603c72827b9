import type {Check} from '../model.js'
import {elementsOfSet} from './lists.js'
import {entriesOf, type Entry, type Need} from './known.js'
import {failed, odd, type Plan} from './seen.js'
import {contentNeed, usesOf, type Use} from './uses.js'

const allUses = ({steps}: Plan): Use[] => steps.flatMap(usesOf)

/** Whether storages are there, are enabled on the node, and take what they are to hold: once an object and storage. */
export function checkStorages(plan: Plan): Check[] {
  const said = new Set<string>()
  return allUses(plan).flatMap((use) => {
    const problem = problemOf(use, plan)
    const key = `${use.seen.object} ${problem?.message}`
    if (!problem || said.has(key)) return []
    said.add(key)
    return [problem]
  })
}

function problemOf(use: Use, {will, known, resources}: Plan): Check | undefined {
  const {seen, storage, node, content} = use
  const isListed = known.resources.some((entry) => entry.type === 'storage' && entry.storage === storage)
  const config = will.find('storage', storage)?.config
  if (!config)
    return isListed
      ? undefined
      : failed(seen, 'storage', `there is no storage ${storage}`, ['pmpc get storages', 'pmpc sync   # if it is new'])
  const nodes = elementsOfSet(config.nodes)
  const contents = elementsOfSet(config.content)
  if (Number(config.disable ?? 0) === 1)
    return failed(seen, 'storage', `storage ${storage} is disabled`, [`pmpc describe storage ${storage}`])
  if (nodes.length > 0 && !nodes.includes(node))
    return failed(seen, 'storage', `storage ${storage} is not on ${node}, only on ${nodes.join(', ')}`, [
      'pmpc get storages',
    ])
  if (contents.length > 0 && !contents.includes(content))
    return failed(seen, 'content', `storage ${storage} takes no ${content}, only ${contents.join(', ')}`, [
      `pvesm set ${storage} --content ${[...contents, content].join(',')}   # or another storage`,
    ])
  const figures = figuresOf(use, resources)
  if (figures && figures.status !== 'available')
    return odd(seen, 'storage', `storage ${storage} is not available on ${node} at the moment`, [
      `pvesm status --storage ${storage}`,
    ])
  return undefined
}

const figuresOf = ({storage, node}: Use, resources: ReadonlyMap<string, Entry>): Entry | undefined =>
  resources.get(`storage/${node}/${storage}`)

/** Types of storage that allocate a volume whole: it must fit. Others take more than they have, until it is written. */
const whole = new Set(['lvm', 'iscsidirect'])
const GiB = 1024 ** 3

/** Whether what a plan allocates fits, storage by storage. */
export function checkSpace(plan: Plan): Check[] {
  const {resources, will} = plan
  const asked = new Map<string, {use: Use; bytes: number}>()
  for (const use of allUses(plan).filter(({bytes = 0}) => bytes > 0)) {
    const isShared = Number(figuresOf(use, resources)?.shared ?? 0) === 1
    const key = `${use.storage} ${isShared ? '' : use.node}`
    asked.set(key, {use, bytes: (asked.get(key)?.bytes ?? 0) + use.bytes!})
  }
  return [...asked.values()].flatMap(({use, bytes}) => {
    const figures = figuresOf(use, resources)
    const free = Number(figures?.maxdisk) - Number(figures?.disk)
    if (Number(figures?.maxdisk ?? 0) === 0 || !(bytes > free)) return []
    const config = will.find('storage', use.storage)?.config ?? {}
    const isWhole = whole.has(String(config.type)) || (config.type === 'zfspool' && Number(config.sparse ?? 0) !== 1)
    const message = `this plan allocates ${inGiB(bytes)} on ${use.storage}, where ${inGiB(free)} are free on ${use.node}`
    const suggestions = [`pvesm status --storage ${use.storage}   # on ${use.node}`]
    return [isWhole ? failed(use.seen, 'space', message, suggestions) : odd(use.seen, 'space', message, suggestions)]
  })
}

const inGiB = (bytes: number): string => `${Math.round((bytes / GiB) * 10) / 10} GiB`

/** What `pmpc get` lists of a content. */
const listOf = (content: string): string => (content === 'backup' ? 'backups' : 'images')

/** Contents that say whether volumes are there that requests name. */
export function volumeNeeds(plan: Plan): Need[] {
  return allUses(plan)
    .filter((use) => use.volid !== undefined && problemOf(use, plan)?.severity !== 'error')
    .map(contentNeed)
}

/** Whether ISO images, templates, archives and volumes are there that requests name. */
export function checkVolumes(plan: Plan): Check[] {
  return allUses(plan).flatMap((use) => {
    const {seen, volid, node, storage, content} = use
    const entries = volid === undefined ? undefined : entriesOf(plan.known, contentNeed(use))
    if (!entries || entries.some((entry) => entry.volid === volid)) return []
    const near = entries.map((entry) => String(entry.volid)).slice(0, 3)
    return [
      failed(seen, 'volume', `${volid} is not there: ${storage} has no such ${content} on ${node}`, [
        `pvesm list ${storage} --content ${content}   # on ${node}`,
        ...(near.length > 0 ? [`pmpc get ${listOf(content)} -o name   # there is ${near.join(', ')}`] : []),
      ]),
    ]
  })
}
