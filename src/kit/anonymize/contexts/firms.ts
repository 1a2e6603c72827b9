import type {Row} from './rows.js'

/** A word in capitals, as people write a name, and several of them. */
const cap = String.raw`[A-Z\u00c3-\u00c5][\w'\u0080-\u00ff-]+`
const caps = `(${cap}(?: (?:& )?${cap}){0,3})`
const any = String.raw`["'\x60]?([A-Za-z][\w-]*)["'\x60]?(?=[\s,;.:)!?/]|$)`
const row = (words: string, expression: string, flags?: string): Row => [words, new RegExp(expression, flags)]

/** Where companies, customers, projects and places stand. What is a word is none (`isOdd`). */
export const firms: readonly Row[] = [
  row(
    'kunde kunden kundin firma mandant mandanten auftraggeber soci\u00c3\u00a9t\u00c3\u00a9 entreprise ditta azienda empresa bedrijf klant cliente company customer client customers clients tenant',
    String.raw`[\w\u0080-\u00ff]+(?:,| ?:)? ${caps}`,
  ),
  row(
    'stadtwerke gemeinde stadt landkreis praxis kanzlei autohaus b\u00c3\u00a4ckerei gymnasium grundschule realschule gesamtschule berufsschule universit\u00c3\u00a4t hochschule klinikum krankenhaus mairie commune lyc\u00c3\u00a9e coll\u00c3\u00a8ge comune liceo scuola ayuntamiento hotel restaurant apotheke pfarrei kirchengemeinde kloster verein school university universit\u00c3\u00a9 clinic hospital',
    String.raw`[\w\u0080-\u00ff]+:? (?:de |di |du |des |of |der |zu |Dr\. |St\. )?${caps}`,
  ),
  row(
    'site location standort filiale werk niederlassung datacenter rechenzentrum rz dc building geb\u00c3\u00a4ude serverraum campus rack au\u00c3\u009fenstelle sede si\u00c3\u00a8ge agence ubicaci\u00c3\u00b3n vestiging',
    String.raw`[\w\u0080-\u00ff]+:? (?:in |at |of )?${caps}`,
  ),
  row('office', String.raw`[Oo]ffice (?:in |at |of )?${caps}`),
  row('project projekt projet progetto proyecto codename code-named', String.raw`[\w-]+:? ${caps}`),
  row(
    'project project_name projectname project_id tenant_id tenant_name tenantid workspace container_name compose_project_name namespace site site_name location standort org organization_name organisation_name company company_name customer_name customer_id client_name firma firmenname x-scope-orgid department abteilung',
    String.raw`[\w-]+["']? ?[:=] ?["']?([A-Za-z][\w-]*)(?=["'\s,;/]|$)`,
  ),
  row('kubectl helm oc', String.raw`\w+ [^\n|;]{0,200}?(?:-n|--namespace)[ =]${any}`),
  row('namespace namespaces', String.raw`namespaces?(?:\/| )${any}`),
  row('compose docker-compose', String.raw`[\w-]+ (?:-p|--project-name)[ =]${any}`),
  row('known', String.raw`known (?:as|internally as) ${any}`),
  row(
    'at bei for f\u00c3\u00bcr chez',
    String.raw`(?<=\b(?:work|working|works|worked|employed|arbeite|arbeiten|t\u00c3\u00a4tig|travaille) )[\w\u0080-\u00ff]+ ${caps}`,
  ),
  row('to', String.raw`(?<=[Ww]elcome )to ${caps}`),
  row('of', String.raw`(?<=[Pp]roperty )of ${caps}`),
  row('motd', String.raw`(?<=banner )motd \S{1,3} ?${caps}`),
  row(
    'in',
    String.raw`(?<=\b(?:[Oo]ffice|branch|[Bb]ranch office|site|datacenter|data center|plant|Niederlassung|B\u00c3\u00bcro|Filiale|Werk|RZ) )in ${caps}`,
  ),
  row('snmp-server', String.raw`snmp-server location "?([A-Za-z][\w-]*)(?: ([A-Za-z][\w-]*))?(?: ([A-Za-z][\w-]*))?`),
  row(
    'syslocation',
    String.raw`sysLocation(?:\.0 = STRING:|:)? "?([A-Za-z][\w-]*)(?: ([A-Za-z][\w-]*))?(?: ([A-Za-z][\w-]*))?`,
    'i',
  ),
  row(
    'snmpv2-mib',
    String.raw`SNMPv2-MIB::sysLocation\.0 = STRING: "?([A-Za-z][\w-]*)(?: ([A-Za-z][\w-]*))?(?: ([A-Za-z][\w-]*))?`,
    'i',
  ),
]

/** Likewise before a word: companies by what they end in, and places. */
export const firmsAhead: readonly Row[] = [
  [
    'e.v e.k s.p.a s.r.l b.v n.v s.r.o corp corporation group stiftung foundation university se ab spa oyj aps gbr ohg kgaa',
    new RegExp(String.raw`(?:^|[\s("'])(${cap}(?: (?:& |und )?${cap}){0,2}) $`),
    /[A-Z]|[ebns]\./y,
  ],
  row(
    'sons partner partners co s\u00c3\u00b6hne associates fils hijos figli',
    String.raw`(?:^|[\s("'])(${cap}) (?:&|und|et) $`,
  ),
  row('office site branch plant campus datacenter warehouse headquarters', String.raw`(?:the|our|The|Our) (${cap}) $`),
  row('authorized authorised', String.raw`^\W*(${cap}(?: ${cap}){0,2})(?: [a-z]+){0,2} ?[-:.,]? $`),
]

/** Hosts and people as SNMP tells them. */
export const snmpHosts: readonly Row[] = [
  row('snmpv2-mib', String.raw`SNMPv2-MIB::sysName\.0 = STRING: "?([A-Za-z][\w-]*)`),
]
export const snmpUsers: readonly Row[] = [
  row('snmpv2-mib', String.raw`SNMPv2-MIB::sysContact\.0 = STRING: "?([A-Za-z][\w.-]*)`),
]
