// Preloaded into a measured process: writes its peak memory (KiB) to the file that PMPC_BENCH_PEAK names.
process.once('exit', () =>
  require('node:fs').writeFileSync(process.env.PMPC_BENCH_PEAK, String(process.resourceUsage().maxRSS)),
)
