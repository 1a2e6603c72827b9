import {isPmpcError} from 'pmpc/kit/errors'
import {apiPath, mapsIn, type Reader} from 'pmpc/kit/proxmox'
import {factsOf, type Answer, type Facts, type Place, type Unread} from './facts.js'
import {guestName, placesIn, type Places} from './places.js'
import {Sight} from './sight.js'
import {sources, type Source, type SourceName} from './sources.js'

/** What was read for checks: the facts, and by source what is not in them. */
export interface Reading {
  facts: Facts
  unread: ReadonlyMap<SourceName, readonly Unread[]>
}

/** Ends all reading: what is so for every path, or asks for an end. */
const endsAll = /^PMPC_(NOT_AUTHENTICATED|NO_CREDENTIAL|BAD_CREDENTIAL|BAD_ENDPOINT|TLS.*|UNREACHABLE|INTERRUPTED)$/

/**
 * Reads what checks want, each call once at each place and all beside each other; the client sees to it that no node has too many at once.
 * A call that fails, and a node that is away, is noted and ends nothing.
 * @throws what the client throws where the cluster as a whole cannot be read
 */
export async function readFor(reader: Reader, wanted: ReadonlySet<SourceName>): Promise<Reading> {
  const [resources, sight] = await Promise.all([readPlaces(reader), Sight.read(reader)])
  const {places} = resources
  const read = new Map<SourceName, Answer[]>()
  const unread = new Map<SourceName, Unread[]>()
  const names = [...wanted]
  await Promise.all(
    names.map(async (name) => {
      const source: Source = sources[name]
      const missing: Unread[] = sight.lacks(source)
      const asked = placesOf(source, places)
      const answers = await Promise.all(
        asked.map(async (place) => {
          if (name === 'resources') return resources.answer
          const away = awayAt(place, places)
          if (away) return void missing.push(away)
          return ask(reader, source, place).catch((error: unknown) => {
            missing.push({object: objectOf(place), why: reasonOf(error)})
            return undefined
          })
        }),
      )
      read.set(
        name,
        answers.filter((answer) => answer !== undefined),
      )
      unread.set(name, missing)
    }),
  )
  return {facts: factsOf(places, Math.floor(Date.now() / 1000), read), unread}
}

async function readPlaces(reader: Reader): Promise<{places: Places; answer: Answer}> {
  const {path} = sources.resources
  const asked = Date.now()
  const data = await reader.get(path)
  return {places: placesIn(mapsIn(data, path)), answer: {place: {}, data, asked, answered: Date.now()}}
}

async function ask(reader: Reader, source: Source, place: Place): Promise<Answer> {
  const asked = Date.now()
  const data = await reader.get(pathAt(source, place), source.query).catch((error: unknown) => {
    if (isPmpcError(error) && source.absentWhen?.test(`${String(error.data?.text ?? '')} ${error.message}`))
      return undefined
    throw error
  })
  return {place, data, asked, answered: Date.now()}
}

/** @throws what is no failure of one call */
function reasonOf(error: unknown): string {
  if (!isPmpcError(error) || endsAll.test(error.code)) throw error
  return error.message.replace(/\.$/, '')
}

function placesOf({over, ofStorage = () => true, ofGuest = () => true}: Source, places: Places): Place[] {
  if (over === 'node') return places.nodes.map(({node}) => ({node}))
  if (over === 'storage') return places.storages.filter(ofStorage).map((storage) => ({node: storage.node, storage}))
  if (over === 'guest') return places.guests.filter(ofGuest).map((guest) => ({node: guest.node, guest}))
  return [{}]
}

function awayAt({node}: Place, {nodes}: Places): Unread | undefined {
  const isAway = nodes.some((one) => one.node === node && !one.isOnline)
  return isAway ? {object: `node/${node}`, why: 'the node is offline'} : undefined
}

function pathAt({path}: Source, {node, storage, guest}: Place): string {
  const values: Record<string, string | undefined> = {
    '{node}': node,
    '{storage}': storage?.storage,
    '{type}': guest?.type,
    '{vmid}': guest && String(guest.vmid),
  }
  return apiPath(
    ...path
      .split('/')
      .slice(1)
      .map((part) => values[part] ?? part),
  )
}

/** How a place is named in findings. */
export function objectOf({node, storage, guest}: Place): string {
  if (guest) return guestName(guest)
  if (storage) return `storage/${storage.node}/${storage.storage}`
  return node === undefined ? 'cluster' : `node/${node}`
}
