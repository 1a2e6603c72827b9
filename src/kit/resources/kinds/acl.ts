import type {Config, KindName, Observed} from '../model.js'

/** What is known of other objects. */
export interface Others {
  objects(kind: KindName): readonly Observed[]
}

/** The ACL without some entries, where it has such: pure. */
export function aclWithout(
  around: Others,
  isGone: (path: string, who: string, role: string) => boolean,
): {kind: KindName; id: string | number; after: Observed}[] {
  return around.objects('acl').flatMap((acl) => {
    const config: Config = {}
    for (const [path, onPath] of Object.entries(acl.config)) {
      const kept = Object.entries(onPath).flatMap(([who, roles]): [string, (string | number)[]][] => {
        const left = [roles as string | (string | number)[]].flat().filter((role) => !isGone(path, who, roleOf(role)))
        return left.length > 0 ? [[who, left]] : []
      })
      if (kept.length > 0) config[path] = Object.fromEntries(kept)
    }
    const isSame = JSON.stringify(config) === JSON.stringify(acl.config)
    return isSame ? [] : [{kind: acl.kind, id: acl.id, after: {...acl, config}}]
  })
}

/** The role of an entry, without whether it holds for what is below. */
export function roleOf(entry: string | number): string {
  return String(entry).replace(/:.*$/s, '')
}
