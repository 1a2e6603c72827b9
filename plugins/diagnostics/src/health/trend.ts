import {DAY, number} from './values.js'

/** Fewer samples, or a shorter time, tell nothing of where it goes. */
const LEAST_SAMPLES = 8
const LEAST_DAYS = 2

/**
 * In how many days a storage is full if it goes on as it did: the straight line that lies closest to what was sampled (least squares).
 * @param samples of `GET …/rrddata`: `time` in seconds, `used` and `total` in bytes; those without figures say nothing
 * @returns undefined where it does not grow, or too little is known
 */
export function daysUntilFull(samples: readonly Record<string, unknown>[]): number | undefined {
  const points = samples
    .filter(({used, total}) => number(used) > 0 && number(total) > 0)
    .map(({time, used, total}) => ({at: number(time) / DAY, used: number(used), total: number(total)}))
    .toSorted((a, b) => a.at - b.at)
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last || points.length < LEAST_SAMPLES || last.at - first.at < LEAST_DAYS) return undefined
  const middle = mean(points.map(({at}) => at))
  const level = mean(points.map(({used}) => used))
  const spread = points.reduce((sum, {at}) => sum + (at - middle) ** 2, 0)
  const slope = points.reduce((sum, {at, used}) => sum + (at - middle) * (used - level), 0) / spread
  // Less than a thousandth in a month is noise.
  if (slope <= last.total / 1000 / 30) return undefined
  return Math.max(0, (last.total - last.used) / slope)
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length
