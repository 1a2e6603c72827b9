/** Order in which a map's keys are written. */
export type Order = (a: string, b: string) => number

/** `net2` before `net10`; else by code point, so that every machine sorts alike. */
export const compareNatural: Order = (a, b) => {
  const [as, bs] = [a.match(/\d+|\D+/g) ?? [], b.match(/\d+|\D+/g) ?? []]
  for (let i = 0; i < Math.min(as.length, bs.length); i++) {
    const [x, y] = [as[i]!, bs[i]!]
    if (x === y) continue
    if (/^\d/.test(x) && /^\d/.test(y) && Number(x) !== Number(y)) return Number(x) - Number(y)
    return x < y ? -1 : 1
  }
  return as.length - bs.length || (a < b ? -1 : a > b ? 1 : 0)
}
