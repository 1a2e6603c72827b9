#!/usr/bin/env node
'use strict'
// Builds, then runs: `bin/dev.js sync` tries what is in the source.
const {spawnSync} = require('node:child_process')
const path = require('node:path')

const {status} = spawnSync(process.execPath, [path.join(__dirname, '../scripts/build.mjs')], {stdio: ['ignore', 2, 2]})
if (status === 0) require('./run.js')
else process.exitCode = status
