import fc from 'fast-check'
import {mkdtempSync, rmSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'

// Loaded before every suite. The same cases in each run, so that a pipeline fails for what was changed and not by chance;
// PMPC_TEST_SEED tries others.
fc.configureGlobal({seed: Number(process.env.PMPC_TEST_SEED ?? 20_261_122)})

// What commands keep between runs lies in the user's cache folder, and tests are no user.
process.env.PMPC_CACHE_DIR = mkdtempSync(path.join(os.tmpdir(), 'pmpc-test-cache-'))
process.once('exit', () => rmSync(process.env.PMPC_CACHE_DIR!, {recursive: true, force: true}))
