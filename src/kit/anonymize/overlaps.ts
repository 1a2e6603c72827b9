import type {FindKind} from './model.js'
import type {Located} from './found.js'

/** What is hidden whole. */
export const secrets: ReadonlySet<FindKind> = new Set(['password', 'token', 'key', 'certificate', 'note'])

/** A colour may stand between two words, or within one: what is found without it counts where it takes in all that is found with it. */
export function withColours(raw: Located[], viewed: Located[]): Located[] {
  const [apart, joined] = [disjoint(raw), disjoint(viewed)]
  const kept: Located[] = []
  let next = 0
  for (const one of joined) {
    while (next < apart.length && apart[next]!.end <= one.start) next++
    const over: Located[] = []
    for (let at = next; at < apart.length && apart[at]!.start < one.end; at++) over.push(apart[at]!)
    if (over.every(({start, end, confidence}) => one.start <= start && end <= one.end && confidence === one.confidence))
      kept.push(one)
  }
  return [...apart, ...kept]
}

const byPlace = (a: Located, b: Located): number => a.start - b.start || b.end - a.end

/** None over another. Only those that lie over another are weighed. */
export function disjoint(found: Located[]): Located[] {
  found.sort(byPlace)
  const kept: Located[] = []
  for (let from = 0, next: number; from < found.length; from = next) {
    let {end} = found[from]!
    for (next = from + 1; next < found.length && found[next]!.start < end; next++) end = Math.max(end, found[next]!.end)
    if (next === from + 2 && isSame(found[from]!, found[from + 1]!))
      kept.push(found[from]!.confidence === 'sure' ? found[from]! : found[from + 1]!)
    else if (next === from + 1) kept.push(found[from]!)
    else for (const one of weighed(found.slice(from, next))) kept.push(one)
  }
  return kept
}

/** One thing, found in two ways: none of them a secret, of which what is shorter may be more. */
const isSame = (a: Located, b: Located): boolean =>
  a.start === b.start &&
  a.end === b.end &&
  !secrets.has(a.kind) &&
  !secrets.has(b.kind) &&
  (a.confidence === 'sure' || b.confidence === 'sure')

/** Of finds in order: secrets before all else, as half of one must not stay; then what is longer, then what is sure. */
function weighed(found: readonly Located[]): Located[] {
  const whole: Located[] = []
  for (const one of found) {
    if (!secrets.has(one.kind)) continue
    const last = whole.at(-1)
    if (last && one.start < last.end) last.end = Math.max(last.end, one.end)
    else whole.push({...one, piece: undefined})
  }
  const others = found.filter(({kind}) => !secrets.has(kind))
  const kept: Located[] = []
  let next = 0
  for (let from = 0; from < others.length;) {
    let [to, end] = [from + 1, others[from]!.end]
    for (; to < others.length && others[to]!.start < end; to++) end = Math.max(end, others[to]!.end)
    for (const one of longestOf(others.slice(from, to))) {
      while (next < whole.length && whole[next]!.end <= one.start) kept.push(whole[next++]!)
      if (next >= whole.length || whole[next]!.start >= one.end) kept.push(one)
    }
    from = to
  }
  return [...kept, ...whole.slice(next)]
}

/** Of finds that overlap the longest, what is left beside it, and so on; in order. */
function longestOf(group: Located[]): Located[] {
  if (group.length < 2) return group
  const kept: Located[] = []
  const length = ({start, end}: Located) => end - start
  const rank = (one: Located) => (one.confidence === 'sure' ? 0 : 1)
  const from = group[0]!.start
  // What is taken, character by character: a find that is no longer than another overlaps it with its beginning or its end.
  const taken = new Uint8Array(group.reduce((last, {end}) => Math.max(last, end), from) - from)
  for (const one of [...group].sort((a, b) => length(b) - length(a) || rank(a) - rank(b))) {
    const [start, end] = [one.start - from, one.end - from]
    if (taken[start] === 1 || taken[end - 1] === 1) continue
    taken.fill(1, start, end)
    kept.push(one)
  }
  return kept.sort((a, b) => a.start - b.start)
}
