import {createHash} from 'node:crypto'
import {isIdentifier} from './hcl.js'

/**
 * Names that never move: what a thing was called in an earlier generation it is called still. A new one is called by what it is, and where that is
 * taken, with a few letters of the sum of it behind: so that no name follows from which others there are.
 */
export class Names {
  private readonly taken = new Set<string>()
  private readonly remembered = new Map<string, string>()

  /** @param remembered by what it is of, from an earlier generation; of two with one name, as a merge may leave them, the first keeps it */
  constructor(remembered: Iterable<readonly [of: string, name: string]> = []) {
    for (const [of, name] of remembered) {
      if (this.taken.has(name) || !isIdentifier(name)) continue
      this.taken.add(name)
      this.remembered.set(of, name)
    }
  }

  /**
   * @param of what is named, told apart from all others
   * @param wish words that the name is made of
   */
  name(of: string, wish: string): string {
    const known = this.remembered.get(of)
    if (known !== undefined) return known
    const plain = identifier(wish)
    const name = this.taken.has(plain) ? `${plain}_${createHash('sha256').update(of).digest('hex').slice(0, 6)}` : plain
    this.taken.add(name)
    return name
  }
}

/** A name that Terraform takes: letters, digits, `_` and `-`, a letter or `_` first. */
export function identifier(words: string): string {
  const name = words.replace(/[^A-Za-z0-9_-]+/g, '_')
  return /^[A-Za-z_]/.test(name) ? name : `_${name}`
}

/** A name of a variable: such as can be set by `TF_VAR_…` in a shell, too. */
export const variableName = (words: string): string => identifier(words).replaceAll('-', '_')

/** What the variables of each cluster begin with, by its name: `home` of `home_endpoint`, `home_api_token` and `home_insecure`. */
export function variablesOf(clusters: readonly string[]): Map<string, string> {
  const names = new Names()
  return new Map([...clusters].sort().map((cluster) => [cluster, names.name(cluster, variableName(cluster))]))
}
