import {trailersOf} from '../git/trailers.js'
import {present, type Overruled, type Session} from '../reconcile/index.js'
import {formatRef} from '../resources/index.js'
import {isLineAbout} from './decision.js'

/** A decision against the cluster that HEAD no longer holds, as another branch decided otherwise; part of what `pmpc sync --json` prints. */
export interface OverruledText {
  object: string
  /** Absent: the object as a whole. */
  field?: string
  /** What was to stay; null: nothing. Of an object null or `present`. */
  kept: unknown
  /** What HEAD says instead. */
  head: unknown
  /** Who rejected, and when (ISO 8601); null where the history does not tell. */
  by: string | null
  at: string | null
}

/** Tells whose decisions they were, by the commits of `pmpc reject`. */
export async function tellOverruled(session: Session, overruled: readonly Overruled[]): Promise<OverruledText[]> {
  if (overruled.length === 0) return []
  const commits = await session.repository.log()
  const rejects = commits.filter((commit) => trailersOf(commit, 'rejected').length > 0)
  return overruled.map(({ref, field, rejected, head}) => {
    const object = formatRef(ref)
    const isAbout = (line: string) => isLineAbout(line, object, field)
    const names = rejects.filter(({message}) => message.split('\n').some(isAbout))
    const {at = null} = rejected
    const distance = (date: string) => Math.abs(Date.parse(date) - Date.parse(at ?? date))
    const nearest = names.sort((a, b) => distance(a.committer.date) - distance(b.committer.date))[0]
    const kept = field === undefined && rejected.head !== null ? present : rejected.head
    return {object, ...(field === undefined ? {} : {field}), kept, head, by: nearest?.author.name ?? null, at}
  })
}
