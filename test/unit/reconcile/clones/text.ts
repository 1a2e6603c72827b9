/** Git's three-way merge of lines, as far as the model of several clones needs it. */

interface Hunk {
  /** Lines of the base that go: from, and up to but not including. */
  from: number
  to: number
  lines: string[]
}

/** How a conflict is settled, given both sides of it. */
export type Settle = (ours: string[], theirs: string[]) => string[]

export const union: Settle = (ours, theirs) => [...ours, ...theirs]

/** Merges lines; `settle` is asked for each conflict. Neighbouring changes are one, as Git has it. */
export function mergeLines(base: string[], ours: string[], theirs: string[], settle: Settle): string[] {
  if (equal(ours, theirs) || equal(theirs, base)) return ours
  if (equal(ours, base)) return theirs
  const [left, right] = [hunks(base, ours), hunks(base, theirs)]
  const result: string[] = []
  let at = 0
  while (left.length > 0 || right.length > 0) {
    const from = Math.min(left[0]?.from ?? Infinity, right[0]?.from ?? Infinity)
    let to = from
    const taken: [Hunk[], Hunk[]] = [[], []]
    for (let grew = true; grew;) {
      grew = false
      for (const [side, queue] of [left, right].entries()) {
        while (queue[0] && queue[0].from <= to) {
          to = Math.max(to, queue[0].to)
          taken[side]!.push(queue.shift()!)
          grew = true
        }
      }
    }
    result.push(...base.slice(at, from))
    const [mine, others] = taken.map((of) => within(base, from, to, of)) as [string[], string[]]
    if (taken[1].length === 0) result.push(...mine)
    else if (taken[0].length === 0) result.push(...others)
    else result.push(...conflict(mine, others, settle))
    at = to
  }
  return [...result, ...base.slice(at)]
}

/** What both sides have in common within a conflict is none of it. */
function conflict(ours: string[], theirs: string[], settle: Settle): string[] {
  const result: string[] = []
  let at = 0
  for (const {from, to, lines} of hunks(ours, theirs)) {
    result.push(...ours.slice(at, from), ...settle(ours.slice(from, to), lines))
    at = to
  }
  return [...result, ...ours.slice(at)]
}

function within(base: string[], from: number, to: number, changes: Hunk[]): string[] {
  const result: string[] = []
  let at = from
  for (const change of changes) {
    result.push(...base.slice(at, change.from), ...change.lines)
    at = change.to
  }
  return [...result, ...base.slice(at, to)]
}

/** What turns the base into a side, by the longest common subsequence. */
function hunks(base: string[], side: string[]): Hunk[] {
  const width = side.length + 1
  const longest = new Uint16Array((base.length + 1) * width)
  for (let i = base.length - 1; i >= 0; i--) {
    for (let j = side.length - 1; j >= 0; j--) {
      const next = (i + 1) * width + j
      longest[i * width + j] =
        base[i] === side[j] ? longest[next + 1]! + 1 : Math.max(longest[next]!, longest[i * width + j + 1]!)
    }
  }
  const found: Hunk[] = []
  let [i, j] = [0, 0]
  let open: Hunk | undefined
  while (i < base.length || j < side.length) {
    if (i < base.length && j < side.length && base[i] === side[j]) {
      open = undefined
      i++
      j++
      continue
    }
    if (!open) found.push((open = {from: i, to: i, lines: []}))
    if (j >= side.length || (i < base.length && longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!)) {
      open.to = ++i
    } else open.lines.push(side[j++]!)
  }
  return found
}

function equal(a: string[], b: string[]): boolean {
  return a === b || (a.length === b.length && a.every((line, i) => line === b[i]))
}
