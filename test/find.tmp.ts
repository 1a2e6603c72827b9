import {World} from './unit/reconcile/clones/world.js'
const [from, to] = [Number(process.argv[2]), Number(process.argv[3])]
let bad = 0
for (let n = from; n < to; n++) {
  const w = new World({
    seed: n * 7919,
    steps: 60,
    ordinary: process.env.ORDINARY !== undefined,
    ...(process.env.NODRIVERS ? {noDrivers: true} : {}),
    ...(process.env.DEPTH ? {depth: Number(process.env.DEPTH)} : {}),
  })
  await w.run()
  const f = w.findings.filter((f) => f.what !== 'needless' && f.what !== 'elsewhere')
  if (f.length) {
    bad++
    console.log(n * 7919, f.length, f[0]!.what, f[0]!.detail.slice(0, 260))
  }
}
console.log('done', from, to, 'bad', bad)
