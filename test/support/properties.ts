import fc from 'fast-check'

// Loaded before every suite. The same cases in each run, so that a pipeline fails for what was changed and not by chance;
// PMPC_TEST_SEED tries others.
fc.configureGlobal({seed: Number(process.env.PMPC_TEST_SEED ?? 20_261_122)})
