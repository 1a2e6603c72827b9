/**
 * Words that manuals, changelogs and documentation are made of, most of all (counted in those that Debian and Proxmox bring): where a text seems to call a thing so, the
 * rest of it says the word in its usual meaning. Without names that people give machines: colours, animals, trees, planets.
 */
export const commonWords: ReadonlySet<string> = new Set(
  `
  abbreviated abbreviation abbreviations ability able abort aborted aborting aborts about above abs absence absent
  absolute absolutely abstract abstraction accelerator accelerators accents accept acceptable accepted accepting
  accepts access accessed accesses accessible accessing accident accidental accidentally accommodate accomplished
  accordance according accordingly account accounting accounts accumulated accuracy accurate accurately achieve
  achieved acknowledge acquire acquired across act action actions activate activated activating activation active
  actively activities activity acts actual actually adapt adapted add added adding addition additional additionally
  additions address addressed addresses addressing adds adjacent adjust adjusted adjusting adjustment adjustments
  admin administrator administrators admins advance advanced advantage advantages advertise advertised advertising
  advice advised affect affected affecting affects affinity after afterwards again against age agent agents aggregate
  aggressive aggressively ago agree agreement ahead aid aims aka alarm alert algorithm algorithms alias aliased
  aliases aliasing align aligned alignment alive all allocate allocated allocates allocating allocation allocations
  allocator allow allowed allowing allows almost alone along alongside alphabetic alphabetical alphabetically
  alphanumeric alphanumerics already also alter altered altering alternate alternative alternatively alternatives
  although altogether always ambiguity ambiguous among amount amounts analogous analysis analyze analyzed analyzer
  ancestor ancestors anchors ancient and android angle annotate annotated annotation annotations annoying anonymous
  another answer answers any anymore anyone anything anyway anyways anywhere apart app apparent apparently appear
  appearance appeared appearing appears append appended appending appends applicable application applications applied
  applies apply applying approach appropriate appropriately approval approved approximate approximately approximation
  apps apt arbitrarily arbitrary arch architecture architectures archive archived archives are area areas argument
  arguments arise arithmetic arm around array arrays article artifact artifacts ascending ask asked asking asks aspect
  aspects assembler assembly assert assertion assertions asserts asset assets assign assigned assigning assignment
  assignments assigns assist associate associated association associations assume assumed assumes assuming assumption
  assumptions assured asterisk asymmetric asynchronous asynchronously atom atomic attach attached attaches attachment
  attachments attack attacker attacks attempt attempted attempting attempts attention attestation attribute attributes
  audio audit authenticate authenticated authenticating authentication author authority authorization authorized
  authors auto automated automatic automatically automation auxiliary availability available average avoid avoided
  avoiding avoids await aware away awk awkward azure back backed background backing backlog backslash backslashes
  backup backups backward backwards bad badly bail balance balanced balancer balancers balancing bandwidth bar bare
  base based baseline bash basic basically basis batch became because become becomes becoming been before began begin
  beginning begins behalf behave behaves behavior behaviors behaviour behind being believe belong belonging belongs
  below benchmark benchmarks benefit benefits besides best better between beyond big bigger billing bin binaries
  binary bind binding bindings binds bison bit bitmap bits blame blank blanks blindly blob blobs block blocked
  blocking blocks body bogus bold book bookworm bool boot bootstrap bootstrapping border both bother bottom bound
  boundaries boundary bounded bounds box boxes brace braces bracket bracketed brackets branch branches brand break
  breakage breaking breaks brief bring brings broadcast broke broken brought browser browsers bucket buckets buffer
  buffered buffering buffers bug buggy bugs build builder building builds built bulk bump bumped bumping bunch bundle
  bundled bundles bus buster busy but button bypass bypassed byte bytes cache cached caches caching calculate
  calculated calculates calculating calculation calculations calendar call callback callbacks called caller callers
  calling calls came can cancel canceled cancellation cancelled cancels candidate candidates cannot canonical cap
  capabilities capability capable capacity capital capitalization capture captured card care careful carefully caret
  carriage carried carries carry case cases cast casting casts catalog catch catches catching categories category
  caught cause caused causes causing caution caveats cell cells center central cert certain certificate certificates
  certs chain chaining chains chance change changed changes changing channel channels chapter char character
  characteristics characters charge chars check checked checker checking checkout checks checksum checksums child
  children choice choices choose chooses choosing chosen chunk chunks cipher ciphers circular circumstances claim
  claims clang clarification clarified clarify clarity clash clashes class classes classic classification clause
  clauses clean cleaned cleaner cleaning cleanly cleans cleanup cleanups clear cleared clearer clearing clearly clears
  client clients clobber clock clone cloned clones cloning close closed closely closer closes closest closing closure
  cluster clusters cluttering code coded codes coding col collaborators collation collect collected collecting
  collection collections collects collision collisions colon colons color colored colors column columns combination
  combinations combine combined combines combining come comes coming comma command commands commas comment commented
  comments commit commitments commits committed committing common commonly communicate communication community compact
  compare compared compares comparing comparison comparisons compatibility compatible compilation compile compiled
  compiler compilers compiles compiling complain complaining complains complaints complement complete completed
  completely completes completing completion completions complex complexity compliance compliant complicated comply
  component components compose composed composer composite compound comprehensive compress compressed compressing
  compression compressor computation computations compute computed computer computes computing concatenate
  concatenated concatenation concept concepts concern concerned concerns concurrency concurrent concurrently condition
  conditional conditionally conditionals conditions conf confidential configuration configurations configure
  configured configures configuring confirm confirmation conflict conflicted conflicting conflicts conform conformance
  conforming conforms confuse confused confusing confusion conjunction connect connected connecting connection
  connections connectivity connector connectors connects consecutive consent consequence consequences conservative
  consider considerably consideration considerations considered considering considers consist consistency consistent
  consistently consisting consists console consolidate constant constants constitutes constrained constraint
  constraints construct constructed constructing construction constructor constructors constructs consult consulted
  consume consumed consumer consumers consumes consuming consumption contact contain contained container containers
  containing contains content contents context contexts contiguous continuation continue continued continues
  continuing continuous continuously contrast contribute contributed contribution contributions contributors control
  controlled controller controlling controls convenience convenient convention conventional conventions conversion
  conversions convert converted converting converts cookie coordinate coordinates cope copied copies copy copying
  copyright copyrights core cores corner correct corrected correcting correction corrections correctly correctness
  corrects correspond corresponding corresponds corrupt corrupted corruption cosmetic cost costs could count counted
  counter counterpart counterparts counters counting counts couple course cover coverage covered covers crafted crash
  crashed crashes crashing create created creates creating creation credential credentials criteria critical cross
  cruft crypt crypto cryptographic curl curly current currently cursor curve curves custom customer customization
  customize customized cut cycle cycles daemon daemons daily dangerous dangling dash dashes data database databases
  dataflow date dated dates day daylight days dead deadlock deadlocks deal dealing deals deb debug debugger debugging
  decide decided decides deciding decimal decision decisions declaration declarations declare declared declares
  declaring decode decoded decoder decoding decompress decompressed decompression decompressor decrease decreasing
  decrement decrypt decrypted decryption dedicated deep deeply def default defaulting defaults defer deferred define
  defined defines defining definitely definition definitions del delay delayed delays delegate delegated delete
  deleted deletes deleting deletion deletions deliberately delimited delimiter delimiters deliver delivered delivery
  demand demo demonstrate demonstrates demonstrating denial denied denote denotes deny depend depended dependencies
  dependency dependent depending depends deploy deployed deploying deployment deployments deprecate deprecated
  deprecation depth derivation derivatives derive derived descendant descending describe described describes
  describing description descriptions descriptive descriptor descriptors design designated designed desirable desired
  desktop despite destination destinations destroy destroyed destroying destruction destructor detach detached detail
  detailed details detect detected detecting detection detects determination determine determined determines
  determining deterministic dev develop developed developer developers developing development device devices diagnose
  diagnostic diagnostics dialog dict dictionaries dictionary did die dies diff differ difference differences different
  differentiate differently differs difficult diffs digest digests digit digits dimensions direct directed direction
  directions directive directives directly directories directory dirty disable disabled disables disabling disallow
  disallowed disappear disappeared discard discarded discarding discards disconnect disconnected discouraged discover
  discovered discuss discussed discussion discussions disk disks dispatch display displayed displaying displays
  distance distinct distinction distinguish distinguished distribute distributed distributing distribution
  distributions divide divided division doc docker docs document documentation documented documenting documents does
  doing domain domains done dot dots double doubled down downgrade download downloaded downloading downloads
  downstream draft drain draw drawing drawn drift drive driven driver drivers drives drop dropped dropping drops dry
  dual due dumb dummy dump dumped dumping dumps dup duplicate duplicated duplicates duplicating duplication duration
  during dynamic dynamically each earlier early ease easier easily easy echo edge edges edit edited editing edition
  editor edits effect effective effectively effects efficiency efficient efficiently effort egress eight either
  elaborate elapsed element elements eligible eliminate eliminated eliminates eliminating else elsewhere emacs email
  embed embedded embedding emit emits emitted emitting employed empty emulate emulation emulator emulators enable
  enabled enablement enables enabling enclosed enclosing encode encoded encoder encodes encoding encounter encountered
  encountering encounters encourage encouraged encrypt encrypted encrypting encryption end ended ending endings
  endless endpoint endpoints ends enforce enforced enforcement enforces enforcing engine engines enhance enhanced
  enhancement enhancements enough ensure ensures ensuring enter entered entering entire entirely entities entity
  entries entropy entry enumerate enumeration environment environments ephemeral epoch equal equality equally equals
  equivalent equivalents erase err erroneous erroneously error errors escape escaped escapes escaping especially
  essential essentially establish established establishing estimate estimated evaluate evaluated evaluates evaluating
  evaluation even event events eventually ever every everyone everything everywhere exact exactly examine examined
  examining example examples exceed exceeded exceeding exceeds except exception exceptions excess excessive exchange
  exclamation exclude excluded excludes excluding exclusion exclusive exclusively exec executable executables execute
  executed executes executing execution executions exercise exhausted exhaustion exist existed existence existing
  exists exit exited exiting exits expand expanded expanding expands expansion expansions expect expectations expected
  expecting expects expensive experience experiment experimental expiration expire expired expires explain explained
  explaining explains explanation explanations explicit explicitly exponent exponential export exported exporting
  exports expose exposed exposes exposing express expressed expression expressions extend extended extending extends
  extension extensions extensive extent extern external externally extra extract extracted extracting extraction
  extracts extraneous extreme extremely face facilitate facilitates facilities facility fact factor factors fail
  failed failing fails failure failures fairly fake fall fallback fallbacks falling falls false families family far
  fashion fast faster fatal fault faulty favor favour feature features fed feed feedback feel fellowship fetch fetched
  fetches fetching few fewer field fields figure file filename filenames files fill filled filling fills filter
  filtered filtering filters final finally find finding findings finds fine fingerprint finish finished finishes
  finishing firebase firewall firmware first fit fits five fix fixed fixes fixing flag flagged flags flaky flat flavor
  flaw fleet flexibility flexible float floating flock flow flush flushed flushes flushing fly focus fold folder
  folders folks follow followed following follows font fonts foobar footer footprint for forbid forbidden force forced
  forces forcing foreground foreign forever forget forgot forgotten fork forked forking forks form formal format
  formats formatted formatting formed former formerly forms forth forward forwarded forwarding forwards found four
  fourth fraction fractional fragment fragments frame frames framework free freed freeing freely frees freeze
  frequency frequently fresh friendly friends from front frozen fudge full fully function functional functionality
  functions further future fuzz fuzzy gain gained gap gaps garbage gateway gateways gather gathering gave gawk gemini
  gen general generally generate generated generates generating generation generator generators generic get gets
  getting gid git give given gives giving glib glob global globally glossary gnu goal goes going gone good google got
  grab graceful gracefully grammar granted grants granularity graph graphical graphics great greater greatly group
  grouped grouping groups grow growing guarantee guaranteed guarantees guard guards guess guessing guest guests
  guidance guide guidelines hack hacks had half halt hand handed handful handle handled handler handlers handles
  handling handshake hang hanging hangs happen happened happening happens happy hard hardening harder hardware
  harmless has hash hashed hashes hashing have haven having head header headers heading health healthcare healthy heap
  heavily heavy height held hello help helper helpers helpful helping helps hence here hereby heuristic heuristics hex
  hexadecimal hidden hide hides hiding hierarchical hierarchies hierarchy high higher highest highlight highlighted
  highlighting highlights highly hint hints his historical history hit hits hitting hold holder holding holds hole
  holes home homepage honor honored honors honoured hook hooks hope hopefully horizontal host hosted hosts hot hour
  hours how however hub hubs huge human hunk hunks hurt hybrid hyphen hyphenation hyphens icon idea ideal ideas
  idempotent identical identically identification identified identifier identifiers identifies identify identifying
  identity idle ids ignore ignored ignores ignoring illegal image images immediate immediately immutable impact
  implement implementation implementations implemented implementing implements implications implicit implicitly
  implied implies imply import important imported importing imports imposed impossible improper improperly improve
  improved improvement improvements improves improving inactive inadvertently inappropriate inbound include included
  includes including inclusion inclusive incoming incompatibilities incompatibility incompatible incomplete
  inconsistencies inconsistency inconsistent incorporate incorporated incorrect incorrectly increase increased
  increases increasing increment incremental incremented increments indeed indefinitely indent indentation indented
  independent independently index indexed indexes indexing indicate indicated indicates indicating indication
  indicator indicators indices indirect indirection indirectly individual individually inefficient inferred infinite
  infinity influence info inform information informational informative infra infrastructure ing ingress inherit
  inheritance inherited inherits initial initialisation initialization initializations initialize initialized
  initializes initializing initially initiate inject injection inner input inputs insecure insensitive insert inserted
  inserting insertion inserts inside insights inspect inspected inspecting inspection inspired install installation
  installations installed installer installing installs instance instances instantiate instantiated instead instruct
  instruction instructions instructs insufficient intact integer integers integrate integrated integration integrity
  intel intend intended intent intention intentionally interact interacting interaction interactions interactive
  interactively interacts intercept interconnect interconnects interest interested interesting interface interfaces
  interfere interim intermediate intermittent internal internally internals internationalization internet
  interoperability interpret interpretation interpreted interpreter interpreting interprets interrupt interrupted
  interrupts interval intervals into introduce introduced introduces introducing introduction introspection invalid
  invalidate inventory inverse inverted investigation invisible invitation invocation invocations invoke invoked
  invokes invoking involve involved involves involving irrelevant irrespective iso isolate isolated isolation issue
  issued issuer issues issuing item items iterate iterating iteration iterations its itself jar job jobs join joined
  journal jump junk just justification keep keeping keeps kept kernel kernels key keyboard keyring keys keyword
  keywords kill killed killing kind kinds know knowledge known knows label labeled labels lack lacking lacks lang
  language languages large largely larger largest last late latency later latest latter launch launched law layer
  layers layout lazily lazy lead leading leads leaf leak leaked leaking leaks learn learned least leave leaves leaving
  led left leftover legacy legal length lengths less let lets letter letters letting level levels lexical lib
  libraries library libs license licenses licensing life lifetime light like likely likewise limit limitation
  limitations limited limiting limits line linear lines link linkage linked linker linking links lint linux list
  listed listen listener listening listing listings lists lite literal literally literals little live lives load
  loaded loader loaders loading loads local locale locales localized locally locals locate located locating location
  locations lock locked locking locks log logged logger logging logic logical logically login logs long longer longest
  look looked looker looking looks lookup lookups loop looping loops loose lose loses losing loss lost lot lots low
  lower lowercase lowest mac machine machinery machines macro macros made magic mail mailing main mainly maintain
  maintained maintainer maintainers maintaining maintains maintenance major majority make makes making malformed
  malicious man manage managed management manager managers manages managing mandatory mangled mangling manifest
  manifests manipulate manipulated manipulating manipulation manner manual manually manuals many map mapped mapping
  mappings maps margin markdown marked marker markers marking marks markup mask masked masks master match matched
  matcher matches matching material math matrix matter matters maximum maybe mean meaning meaningful meanings means
  meant measure measured measurement measures measuring mechanism mechanisms media medium meet megabytes mem member
  members membership memberships memory mention mentioned mentioning mentions menu merely merge merged merges merging
  mesh meson mess message messages met meta metadata method methods metric metrics microseconds middle midnight might
  migrate migrated migrating migration migrations milliseconds mind minimal minimize minimum minor minus minute
  minutes mips mirror mirroring mirrors miscellaneous mishandled misleading mismatch mismatched mismatches misplaced
  miss missed misses missing mistake mistakenly mistakes misuse mitigate mix mixed mixing mod mode model models modern
  modes modification modifications modified modifier modifiers modifies modify modifying modular module modules modulo
  moment monitor monitored monitoring monitors month months more most mostly mount mounted mounting mounts move moved
  movement moves moving much multicast multiline multiple multiplication multiplied multiply must mutually myself name
  named namely names naming nanoseconds narrow narrowed nasty native natively natural naturally nature near nearest
  nearly necessarily necessary need needed needing needless needs negated negation negative negotiation neither nested
  nesting net network networking networks never nevertheless new newer newest newly news next nice nicer ninja nobody
  node nodes noise noisy non nonce none nonexistent nonsensical nonzero nor normal normalization normalize normalized
  normally not notable notably notation note notebook notebooks noted notes nothing notice noticed notices noticing
  notification notifications notified notify noting notion now nowadays null number numbered numbering numbers numeric
  numerical numerous obey object objects obscure observed obsolete obsoleted obtain obtained obtaining obvious
  obviously occasionally occur occurred occurrence occurrences occurring occurs octal octet octets odd off offer
  offered offering offers official officially offline offset offsets often old older oldest omit omits omitted
  omitting once one ones ongoing online only onto oops opaque opcode opcodes open opened opening opens operand
  operands operate operates operating operation operational operations operator operators opportunity opposed opposite
  ops opt optimal optimization optimizations optimize optimized optimizing option optional optionally options opts
  oracle order ordered ordering orders ordinary organization organizations organized origin original originally
  originating orphan other others otherwise ought our ourselves out outbound outcome outdated outer outgoing outline
  output outputs outputting outside outstanding over overall overflow overflows overhead overlap overlapping overly
  overridden override overrides overriding overrun overruns overview overwrite overwrites overwriting overwritten own
  owned owner owners ownership owning owns pack package packaged packages packaging packed packet packets packs pad
  padding pager pages paging pair pairs pam paper paragraph paragraphs parallel parallelism parameter parameters
  parent parentheses parenthesis parents parse parsed parser parsers parses parsing part partial partially particular
  particularly partition partitions partly parts party pass passed passes passing password passwords past paste patch
  patched patches patching path pathname pathnames paths pattern patterns pause paused pay payload peer peered peering
  peers pending people per percent percentage perfect perfectly perform performance performed performing performs
  perhaps period periodic periodically periods permanent permanently permission permissions permit permits permitted
  persist persistent person personal phase phrase physical pick picked picking picture piece pieces pin pip pipe piped
  pipeline pipelines pipes piping pitch pixel pixels place placed placeholder placeholders placement places placing
  plain plaintext plan plane planned planning plans platform platforms play please plugged plus pod point pointed
  pointer pointers pointing pointless points policies policy poll polling pool pools poor poorly pop popular populate
  populated port portability portable ported porting portion portions ports pos position positional positions positive
  positives possibilities possibility possible possibly post potential potentially power powerful practical practice
  practices pre preamble precede preceded precedence preceding precise precisely precision predefined predicate
  predict predictable prediction prefer preferable preference preferences preferred prefers prefix prefixed prefixes
  prefixing preliminary premature prematurely preparation prepare prepared preparing prepend preprocessor
  prerequisites presence present presented preserve preserved preserves preserving preset press pressed pressing
  pressure presumably pretend pretty prevent prevented preventing prevents preview previous previously primarily
  primary prime primitive primitives principal principals principle print printable printed printer printing prints
  prior priorities priority private privilege privileged privileges probability probably probe problem problematic
  problems procedure procedures proceed proceeding process processed processes processing processor processors prod
  produce produced producer produces producing product production products profile profiles profiling program
  programmer programming programs progress project projects promise promises promote promoted prompt prompted
  prompting prompts prone proof propagate propagated propagating propagation proper properly properties property
  proposal proposed proprietary protect protected protection protocol protocols prototype prototypes provide provided
  provider providers provides providing provision provisioned provisioning proxies proxy prune pseudo public publicly
  publish published publishing pull pulled pulling pulls punctuation pure purely purge purpose purposes push pushed
  pushes pushing put puts putting python qualified qualifier qualifiers quality queried queries query querying
  question questions queue queued queues quick quickly quiet quilt quit quite quota quotas quotation quote quoted
  quotes quoting race races raise raised raises ran rand random randomly range ranges rare rarely rate rather ratio
  rationale raw reach reachable reached reaches reaching react read readability readable reader readers reading reads
  ready real reality really realm rearrange reason reasonable reasonably reasons reboot rebuild rebuilding rebuilt
  receive received receives receiving recent recently recognised recognition recognize recognized recognizes recommend
  recommendation recommendations recommended recommender recommends recompile record recorded recording records
  recover recovered recovery recreate recreated recreating recurse recursion recursive recursively redefine redefined
  redefinition redirect redirected redirection redirects redistribute reduce reduced reduces reducing reduction
  redundancy redundant ref refer reference referenced references referencing referred referring refers reflect
  reflected reflects refresh refs refuse refused refuses regard regarding regardless regenerate regenerated region
  regional regions register registered registering registers registration registrations registries registry regressed
  regression regressions regular rehash reject rejected rejecting rejection rejects related relating relation
  relations relationship relationships relative relatively relax release released releases releasing relevant
  reliability reliable reliably relied relies reload reloaded reloading relocatable relocated relocation relocations
  rely relying remain remainder remaining remains remember remote remotely removal removals remove removed removes
  removing rename renamed renames renaming render rendered rendering reorder reordering reorganization reorganize
  repack repair repeat repeated repeatedly repeating repetition replace replaced replacement replacements replaces
  replacing replay replica replicas replicate replicated replication replies reply repo report reported reporting
  reports repos repositories repository represent representation representations represented representing represents
  reproduce reproducible request requested requesting requests require required requirement requirements requires
  requiring res reservation reservations reserve reserved reset resets resetting reside resides resize resized
  resizing resolution resolve resolved resolver resolves resolving resource resources respect respected respective
  respectively respects respond response responses responsibility responsible rest restart restarted restarting
  restarts restore restored restores restoring restrict restricted restricting restriction restrictions restrictive
  restricts result resulted resulting results resume ret retain retained retaining retains retention retried retries
  retrieval retrieve retrieved retrieves retrieving retry retrying return returned returning returns reuse reused
  reusing rev reverse reversed revert reverted reverting reverts review reviewing revised revision revisions
  revocation revoke revoked rework rewrite rewriting rewritten rid right rights ring risk robust robustness role roles
  rollback rolling rollout rollouts room root roots rotation roughly round rounded rounding rounds route router
  routers routes routine routines routing row rows rule rules run runner running runs safe safely safer safety said
  sake same sample samples sampling sandbox sane sanitize sanity satisfied satisfy save saved saves saving saw say
  saying says scalar scalars scale scaled scaling scan scanned scanner scanning scans scenario scenarios schedule
  scheduled scheduler schedules scheduling schema schemas scheme schemes scope scoped scopes score scratch screen
  script scripting scripts scrolling search searched searches searching sec second secondary seconds secret secrets
  section sections sector secure security sed see seed seeing seek seem seems seen sees segment segmentation segments
  select selected selecting selection selectively selector selects self semantic semantics semicolon semicolons send
  sender sending sends sense sensible sensitive sent sentence sentinel separate separated separately separating
  separation separator separators sequence sequences sequential sequentially serial serialization serialize serialized
  series serious serve served server servers serves service services serving session sessions set sets setting
  settings setup setups several severe severity sha shadow shadowed shadowing shall shallow shape share shared shares
  sharing shebang shell shells shift shifted shifting shifts shipped shipping ships short shortcut shorten shorter
  shorthand shortly should show showed showing shown shows shrink shut shutdown shutting side sides sign signal
  signals signature signatures signed significant significantly signing signs silence silent silently silly similar
  similarly simple simpler simplest simplification simplified simplifies simplify simply simulate simultaneous
  simultaneously since single site sites situation situations six size sized sizes skip skipped skipping skips slash
  slashes sleep slice slices slight slightly slot slots slow slower small smaller smallest smart snapshot snapshots
  snippet snippets socket sockets soft software sole solely solution solutions solve solved some somebody somehow
  someone something sometimes somewhat somewhere soon sooner sorry sort sorted sorting sorts source sourced sources
  space spaces spacing span spanner sparse spawn spawned spawning spec special specialized specially specific
  specifically specification specifications specified specifier specifiers specifies specify specifying specs speed
  speeds speedup spell spelling spent split splits splitting spokes spot spotted spread spurious square stability
  stable stack stacks stage stages staging stale stamp stand standard standardized standards stands start started
  starting starts startup stash stat state stated statement statements states static statically statistics stats
  status stay stays step steps sticky still stop stopped stopping stops storage store stored stores storing straight
  straightforward strange strategies strategy stray stream streamed streaming streams strength stretch strict stricter
  strictly string strings strip stripped stripping strong stronger strongly structure structured structures stub stubs
  stuck stuff stupid style styles sub subcategory subject submission submit submitted submitting subnet subnets
  subnetwork subprocess subprocesses subscribe subscribed subscription subscriptions subsection subsections subsequent
  subsequently subset substantial substitute substituted substitution substitutions subsystem subtle succeed succeeded
  succeeds success successful successfully successive such sufficient sufficiently suffix suffixed suffixes suggest
  suggested suggestion suggestions suggests suitable suite suites sum summary super superfluous superseded
  supplementary supplied supplies supply supplying support supported supporting supports supposed suppress suppressed
  suppresses suppression sure surface surprising surrounded surrounding survive suspect suspend suspended swap swapped
  swapping switch switched switches switching symbol symbolic symbols symmetric sync synchronization synchronize
  synchronized synchronous synchronously synonym synopsis syntax synthetic system systems tab table tables tabs tag
  tagged tags tail take taken takes taking talk talking tar target targeted targeting targets task tasks taught team
  technical technically technique tell telling tells temp template templates temporarily temporary ten tend term
  terminal terminals terminate terminated terminates terminating termination terminator terms terraform terse test
  tested testing tests text texts textual than thanks that the their them theme themselves then theoretical theory
  there thereby therefore these they thin thing things think thinking thinks third this those though thought thousands
  thread threaded threading threads threat three threshold through throughout throughput throw throwing thrown throws
  thus tick ticket tied tier tilde time timed timeout timeouts timer timers times timestamp timestamps timing tiny tip
  tips title titles today tofu together toggle token tokens told too took tool tooling tools top topic topics topology
  total totally touch touched touching toward towards trace traces tracing track tracked tracker tracking tracks
  traditional traffic trailer trailing training transaction transactions transfer transferred transferring transfers
  transform transformation transformations transformed transforms transient transition transitional transitions
  translatable translate translated translates translating translation translations transmission transmit transmitted
  transparent transparently transport transports trap traversal traverse treat treated treating treatment treats tree
  trees trick tricky tried tries trigger triggered triggering triggers trim trip trivial trouble true truly truncate
  truncated truncating truncation trunk trust trusted try trying tuning tunnel tuple tuples turn turned turning turns
  tutorial tweak tweaked tweaks twice two type typed types typical typically typing typo typos ubuntu ugly ultimately
  unable unaffected unaligned unambiguous unavailable unbreakable unchanged unchecked unclear uncommon unconditional
  unconditionally undeclared undefined under underflow underlying underscore underscores understand understanding
  understands understood undesirable undo undocumented unexpected unexpectedly unfinished unfortunately unhandled
  unhealthy unified uniform unify unimplemented uninstall uninstalled unintended union unique uniquely unit units
  universal unknown unless unlike unlikely unlimited unlink unlisted unlock unlocked unmanaged unmodified unnamed
  unnecessarily unnecessary unneeded unpack unpacked unpredictable unprivileged unquoted unreachable unreadable
  unrecognized unrelated unreliable unresolved unsafe unset unsetting unsigned unspecified unstable unsupported
  untested until untouched untracked unusable unused unusual unwanted upcoming update updated updates updating upgrade
  upgraded upgrades upgrading upload uploaded uploading uploads upon upper uppercase upstream uptime urgency usability
  usable usage usages use used useful useless user username usernames users uses using usual usually utilities utility
  utilization utilize valid validate validated validates validating validation validity value values van var variable
  variables variant variants variation variations varies variety various vars vary varying vector vectors vendor
  vendors verbatim verbose verbosity verification verified verifies verify verifying version versioned versioning
  versions versus vertical very via vice video view viewed viewer viewing views vim violation violations virtual
  visibility visible vision visit visual void volatile volume volumes vulnerabilities vulnerability vulnerable wait
  waiting waits walk walking wall want wanted wants warn warning warnings warns warranty was waste watch way ways weak
  web website week weeks weight weird welcome well went were what whatever wheel when whenever where whereas whereby
  wherever whether which whichever while who whole whom whose why wide widely wider widget width widths wildcard
  wildcards win window windows wins wire wish wishes with within without won word wording words work workaround
  workarounds worked worker workers workflow workflows workforce working workload workloads works workspace
  workstation workstations world worse worst worth would wrap wrapped wrapper wrappers wrapping wraps writable write
  writer writers writes writing written wrong wrongly wrote year years yes yet yield yields you your yourself zero
  zeroed zeroes zeros zip zonal zone zones
  will may page mark grant bill
`
    .trim()
    .split(/\s+/),
)
