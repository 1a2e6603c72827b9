/** One place of two sequences: in both, only in the first (`from`), or only in the second (`to`). */
export interface Step {
  from?: number
  to?: number
}

/** Above this many comparisons what is not equal at the ends counts as one change: nobody reads it line by line. */
const most = 1_000_000

/**
 * The way from one sequence to another that keeps most of it (longest common subsequence), in order; what goes comes before what comes
 * in the same place. Elements are compared as texts.
 */
export function stepsBetween(before: readonly string[], after: readonly string[]): Step[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end)) end++
  const kept = (from: number, to: number, count: number): Step[] =>
    Array.from({length: count}, (_, at) => ({from: from + at, to: to + at}))
  const inner = stepsIn(before.slice(start, before.length - end), after.slice(start, after.length - end))
  return [
    ...kept(0, 0, start),
    ...inner.map(({from, to}) => ({
      ...(from !== undefined && {from: from + start}),
      ...(to !== undefined && {to: to + start}),
    })),
    ...kept(before.length - end, after.length - end, end),
  ]
}

function stepsIn(before: readonly string[], after: readonly string[]): Step[] {
  const [rows, columns] = [before.length, after.length]
  const went = before.map((_, from) => ({from}))
  const came = after.map((_, to) => ({to}))
  if (rows * columns === 0 || rows * columns > most) return [...went, ...came]
  // lengths[i][j]: of what the tails from i and j have in common.
  const lengths = Array.from({length: rows + 1}, () => new Uint32Array(columns + 1))
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      lengths[i]![j] =
        before[i] === after[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)
    }
  }
  const steps: Step[] = []
  let [i, j] = [0, 0]
  while (i < rows && j < columns) {
    if (before[i] === after[j]) steps.push({from: i++, to: j++})
    else if (lengths[i + 1]![j]! >= lengths[i]![j + 1]!) steps.push({from: i++})
    else steps.push({to: j++})
  }
  steps.push(...went.slice(i), ...came.slice(j))
  return wentFirst(steps)
}

/** In a place where some go and some come, those that go first. */
function wentFirst(steps: Step[]): Step[] {
  const sorted: Step[] = []
  let came: Step[] = []
  for (const step of steps) {
    if (step.from === undefined) came.push(step)
    else if (step.to === undefined) sorted.push(step)
    else {
      sorted.push(...came, step)
      came = []
    }
  }
  return [...sorted, ...came]
}
