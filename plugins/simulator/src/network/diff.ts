import type {TextFile} from '../state/model.js'

interface NamedFile extends TextFile {
  name: string
}

/** Marks the lines of two files that have no partner in the other one, by their longest common subsequence. */
function unmatched(before: string[], after: string[]): [boolean[], boolean[]] {
  const width = after.length + 1
  const length = new Uint32Array((before.length + 1) * width)
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const [down, right] = [length[(i + 1) * width + j]!, length[i * width + j + 1]!]
      length[i * width + j] = before[i] === after[j] ? length[(i + 1) * width + j + 1]! + 1 : Math.max(down, right)
    }
  }
  const [removed, added] = [before.map(() => true), after.map(() => true)]
  for (let i = 0, j = 0; i < before.length && j < after.length;) {
    if (before[i] === after[j]) removed[i++] = added[j++] = false
    else if (length[(i + 1) * width + j]! >= length[i * width + j + 1]!) i++
    else j++
  }
  return [removed, added]
}

/** Moves each run of changed lines down as far as the lines allow, as diff does: `auto a … auto b` is added from `auto b` on. */
function slideDown(lines: string[], changed: boolean[]): void {
  for (let end = lines.length - 1; end >= 0; end--) {
    if (!changed[end] || changed[end + 1]) continue
    let start = end
    while (start > 0 && changed[start - 1]) start--
    let [from, to] = [start, end]
    while (to + 1 < lines.length && !changed[to + 1] && lines[from] === lines[to + 1]) {
      changed[from++] = false
      changed[++to] = true
    }
    end = start
  }
}

interface Row {
  sign: ' ' | '-' | '+'
  line: string
}

function rowsOf(before: string[], after: string[], same: (line: string) => string): Row[] {
  const [removed, added] = unmatched(before.map(same), after.map(same))
  slideDown(before.map(same), removed)
  slideDown(after.map(same), added)
  const rows: Row[] = []
  for (let i = 0, j = 0; i < before.length || j < after.length;) {
    if (i < before.length && removed[i]) rows.push({sign: '-', line: before[i++]!})
    else if (j < after.length && added[j]) rows.push({sign: '+', line: after[j++]!})
    else {
      rows.push({sign: ' ', line: before[i++]!})
      j++
    }
  }
  return rows
}

const context = 3

/** Rows from and to of each hunk: changes with the lines around them, put together where these touch. */
function hunksOf(rows: Row[]): [number, number][] {
  const hunks: [number, number][] = []
  rows.forEach(({sign}, at) => {
    if (sign === ' ') return
    const [from, to] = [Math.max(0, at - context), Math.min(rows.length, at + context + 1)]
    const last = hunks.at(-1)
    if (last && from <= last[1]) last[1] = to
    else hunks.push([from, to])
  })
  return hunks
}

function range(rows: Row[], from: number, to: number, not: '-' | '+'): string {
  const count = (part: Row[]): number => part.filter(({sign}) => sign !== not).length
  const [before, length] = [count(rows.slice(0, from)), count(rows.slice(from, to))]
  return length === 1 ? `${before + 1}` : `${length === 0 ? before : before + 1},${length}`
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))

/** The time of a file as diff prints it, in UTC. */
const stamp = (time: number): string => `${new Date(time).toISOString().replace('T', ' ').replace('Z', '')}000000 +0000`

/** What `diff -b -N -u` prints of two files; nothing where they are alike. */
export function unifiedDiff(before: NamedFile, after: NamedFile): string {
  const rows = rowsOf(linesOf(before.text), linesOf(after.text), (line) =>
    line.replace(/\s+$/, '').replace(/\s+/g, ' '),
  )
  const hunks = hunksOf(rows)
  if (hunks.length === 0) return ''
  const parts = hunks.map(([from, to]) => {
    const lines = rows.slice(from, to).map(({sign, line}) => `${sign}${line}\n`)
    return `@@ -${range(rows, from, to, '+')} +${range(rows, from, to, '-')} @@\n${lines.join('')}`
  })
  return `--- ${before.name}\t${stamp(before.time)}\n+++ ${after.name}\t${stamp(after.time)}\n${parts.join('')}`
}
