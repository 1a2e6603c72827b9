import {readFileSync} from 'node:fs'
import Ajv from 'ajv'
import type {ValidateFunction} from 'ajv'
import {expect} from 'chai'
import fc from 'fast-check'
import {parse} from 'yaml'
import {decode} from '../../../src/kit/values/index.js'
import type {Config, Declared, KindName} from '../../../src/kit/resources/index.js'
import {declaredOf, kinds} from '../../../src/kit/resources/index.js'
import {parseManifests} from '../../../src/kit/workspace/manifests.js'
import {printManifest} from '../../../src/kit/workspace/print.js'
import {manifestSchema, manifestSchemas} from '../../../src/kit/workspace/schemas.js'
import {least, filesIn, referencePath} from '../../support/reference.js'
import {configs} from '../values/answers.js'
import {namesOf} from './shaped.js'
import {anyVmConfig} from './support.js'

const compiled = (kind: KindName): ValidateFunction =>
  new Ajv({allowUnionTypes: true, strict: false}).compile(manifestSchema(kind))

describe('the JSON Schemas of manifests', () => {
  it('are one a kind that can be declared, and always the same', () => {
    expect(manifestSchemas().map(({path}) => path)).to.deep.equal(
      kinds.filter(({declared}) => declared).map(({name}) => `.pmpc/schema/${name}.json`),
    )
    expect(manifestSchemas()).to.deep.equal(manifestSchemas())
  })

  it('know the keys, and offer the first slots by name', () => {
    const {properties} = (manifestSchema('vm').properties as {config: {properties: Record<string, unknown>}}).config
    expect(properties).to.include.keys('name', 'memory', 'net0', 'scsi0', 'tags', 'boot')
    expect(properties).to.not.have.any.keys('digest', 'lock', 'parent', 'meta', 'vmgenid', 'unused0')
  })

  it('take what pmpc prints', () => {
    const validate = compiled('vm')
    fc.assert(
      fc.property(anyVmConfig, (config) => {
        const manifest: unknown = parse(
          printManifest({
            kind: 'vm',
            id: 100,
            pool: 'a',
            placement: {node: 'b', pinned: true},
            power: 'running',
            config,
          }),
        )
        expect(validate(manifest), JSON.stringify(validate.errors)).to.equal(true)
      }),
    )
  })

  for (const {name: kind, id} of kinds.filter(({declared}) => declared)) {
    it(`take what pmpc prints of a ${kind}`, () => {
      const validate = compiled(kind)
      fc.assert(
        fc.property(configs(kind), (raw) => {
          const config = Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, decode(kind, key, value)]))
          const text = printManifest({
            kind,
            id: id === 'vmid' ? 100 : id === 'single' ? kind : namesOf(kind)[0]!,
            config,
          })
          expect(validate(parse(text)), `${JSON.stringify(validate.errors)}\n${text}`).to.equal(true)
        }),
        {numRuns: 25},
      )
    })
  }

  it('say what is in maps and rows, and are no larger than they have to be', () => {
    const config = (kind: KindName) => (manifestSchema(kind).properties as {config: object}).config
    expect(config('acl')).to.have.nested.property(
      'additionalProperties.additionalProperties.anyOf[0].uniqueItems',
      true,
    )
    expect(config('firewall')).to.have.nested.property('properties.rules.items.type', 'object')
    expect(config('network')).to.have.nested.property('additionalProperties.properties.bridge_ports')
    for (const {path, content} of manifestSchemas()) expect(content.length, path).to.be.lessThan(120_000)
  })

  it('refuse what is wrong', () => {
    const validate = compiled('vm')
    for (const wrong of [
      {kind: 'vm'},
      {kind: 'ct', id: 100},
      {kind: 'vm', id: 100, memory: 1},
      {kind: 'vm', id: 100, power: 'on'},
      {kind: 'vm', id: 100, config: {onboot: 2}},
    ]) {
      expect(validate(wrong), JSON.stringify(wrong)).to.equal(false)
    }
    expect(validate({kind: 'vm', id: 100, config: {'new-in-pve-10': 1}, 'x-mine': 1})).to.equal(true)
  })
})

describe('what a running PVE answered', () => {
  it('is printed and read back without loss', () => {
    let seen = 0
    for (const {kind, config} of configsIn(referencePath('daemon'))) {
      const decoded = Object.fromEntries(
        Object.entries(config).map(([key, value]) => [key, decode(kind, key, value)]),
      ) as Config
      const declared: Declared = {...declaredOf({kind, id: 100, config: decoded, facts: {}}), kind, id: 100}
      const text = printManifest(declared)
      const [document] = parseManifests(text, 'infra/home/x.yaml', ['home']).documents
      expect(document?.declared, text).to.deep.equal(declared)
      seen++
    }
    expect(seen).to.be.greaterThan(least(100, 20))
  })
})

/** Every answer to GET …/config of a guest. */
function* configsIn(folder: string): Generator<{kind: KindName; config: Record<string, unknown>}> {
  for (const file of filesIn(folder, '.jsonl')) {
    for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
      const text = /"(\/[^"]*\/(qemu|lxc)\/\d+\/config)"/.exec(line)
      if (!text) continue
      const data = answerOf(JSON.parse(line))
      if (data && 'digest' in data) yield {kind: text[2] === 'qemu' ? 'vm' : 'container', config: data}
    }
  }
}

/** The first object named `data` with a digest, wherever the recording keeps its body. */
function answerOf(value: unknown): Record<string, unknown> | undefined {
  if (typeof value === 'string' && value.startsWith('{')) {
    try {
      return answerOf(JSON.parse(value))
    } catch {
      return undefined
    }
  }
  if (typeof value !== 'object' || value === null) return undefined
  const {data} = value as {data?: unknown}
  if (typeof data === 'object' && data !== null && 'digest' in data) return data as Record<string, unknown>
  for (const inner of Object.values(value)) {
    const found = answerOf(inner)
    if (found) return found
  }
  return undefined
}
