import {bytesOf} from './bytes.js'

/**
 * Words of four letters and more that the manuals and messages of systems are made of in English, German, French, Spanish, Italian, Dutch, Polish and Portuguese (counted in the translations and man
 * pages that Debian brings), and those that each of these languages has most of (stopwords-iso, MIT), and what people say of their machines. Without `commonWords`, and without names that people give machines: gods, planets, animals,
 * trees, colours, cities. A sentence that seems to call a machine so says something else.
 */
const words = `
  aachen aadf aangaande aangegeven aangemaakt aangepast aangezien aanmaken aanroep aanroepen aantal aanwezig aarch abac
  abaixo abandon abandoned abbastanza abbia abbiamo abbiano abbiate abbrechen abbrev abcd abcdef abend aber aberto
  abgebrochen abgefragt abgelaufen abgeleitet abgeschlossen abgestürzt abhängig abilitato ableabout abord abortar abrir
  abroad absolu absolue absolument absoluter absoluto abspath abst abuse acceder accedere accelerate accelerated
  acceleration acceleratortype acceleratortypes accent acceptance accepte accepter acceptés acceso accessapproval
  accesscontextmanager accessibility accesso accessor accessors accesstokenfile accetta accidenti acción accompanied
  accompanying accomplish acconfig accounted acct accumulate accès accéder aceitar aceites acerca acesso achlich acht
  achte achten achter achterna achtes acima acinclude acknowledgement acknowledges acknowledgment aclocal acordo acos
  acosh acquiring acquisition actie actif acting activa activado activar activates activedirectory activer activeren
  activé activée activées actualiza actualizar actualmente actuel actuelle actuellement acuerdo aczkolwiek adaptation
  adaptive addiampolicybinding additionalheaders addon addons addr addremovenetworktags addressof addrinfo adduser
  adelante ademas además adequate adesso adeus adfc adhere adiciona adicionado adicionados adicionais adicional
  adicionar adire adjusts adminclusters administer administration administrative admite adobe adopted adrede adres
  adresse adresses advent advisable advisory aead afab afbd affecter affich affichage affiche afficher affichera
  affiché affichée affichées affichés affiliates affinché afgelopen afhankelijk afin afirmó aforementioned afsluiten
  afternoon ages aggiornamento aggiornare aggiungere aggregated aggregates aggregation agli agora agotada agreed agrees
  agregó agulbra ahime ahimè ahlt ahora ahrend aide aider aient aies ailleurs ainda ainsi aint aiplatform aiuto ajax
  ajout ajoutant ajoute ajouter ajouté ajoutés ajuda aktiv aktiven aktivieren aktiviert aktualisieren aktualisiert
  aktuell aktuelle aktuellen akzeptieren akzeptiert akzeptierten albeit albo alcun alcuna alcune alcuni alcuno aldaar
  aldus alem alerts ależ algemene algmas algo algoritmo algum alguma algumas alguna algunas alguno algunos alguns algún
  alhoewel alignement aligning alignments aligns alike alioth alla allaient allbox alle allebei alleen allein allem
  allen aller allerdings alles allgemeine allgemeinen alli allmemberships allo alloc alloca allocators allons allora
  allowable allowlist allowmissing alloydb allumé allí allô almacenamiento almeno alnum alocar alors alpha alphabet
  alphabets alrededor alsnog alta alte alten altera alterado alterar alterações alternatif alternativa alternativo
  alternativos alters altijd altivec altlinux alto altoos altre altri altrimenti altro altrove altrui alum alumni alvo
  além ambas ambiente ambiguities ambiguë ambos ambígua amdgcn amend amended ametzler amid amidst amongst amont
  amoungst ampersand ampleamos analisar analizar analizzare analog analogs analyse analyser analyzers analyzes
  analyzing anche ancho anchor anchored ancien ancienne anciennes anciens ancillary ancora ander andere anderem anderen
  anderer anderes anderm andern andernfalls anderr anders anderszins andert anfangen angeben angefertigt angefordert
  angeforderte angegeben angegebene angegebenen angehängt angelegt angen angenommen angepasst angesehen angewendet
  angezeigt angibt angig angigkeit angigkeiten anglaise angt anhand anholt anlegen annehmen anni anno annotating
  announce announced announcement anomalies anon anos ansa ansi ansonsten anstatt anstelle antano antaño ante anterieur
  anterieure anterieures anterior anteriores anteriormente antes anthos anti antialiasing anticipo antiga antigas
  antigo antigos antiguo anybody anyhow anzeigen anzugeben anzuzeigen análise aonde apache apagado apagar aparecer
  apenas apertura apigateway apigee apis aplica aplicar apoio apontar apos apparaît appartenant appartient appel
  appeler appels appelé appendix appengine apphub appliance appliances appliquer appreciate appreciated approaches
  approprié approve apres april aprire apropos apropriado aproximadamente après após aquel aquela aquelas aquele
  aqueles aquella aquellas aquello aquellos aqui aquilo aquina aquél aquélla aquéllas aquéllos aquí arabic arbeiten
  arborescence arches archief architectural architectuur archivio archivo archivos archlinux archs aren arent argc
  argomenti argomento argparse args argumenten argumento argumentos argumenty argumentów argv arias ario arios arising
  arith armazenamento armazenar armhf armor armv arpa arpaket arquitectura arquivo arquivos arrange arranged
  arrangement arriba arribaabajo arrive arrived arrives arrière arrow arrows arrêt arrêté artifactregistry asan ascent
  ascii aseguró asiaeast asianortheast asiasoutheast aside asignar asin asinh asis aspas aspecttypes asprintf assai
  assemble asserted assez assim assinatura assistance assoc associ associado associates associating associative associé
  associée assorted assure assuredworkloads astuce async atan atanh atexit atfork atime atof atoi atomically atomicity
  atomics aton atras através atredhat atributo atributos atrás attaching attacked atteinte attend attendre attendu
  attendue attente attenzione attesa atteso attestor attestors attr attraverso attribution attributs attrs attuale
  attualmente atual atzliche auch aucun aucune aucuns audience auditing auditmanager aufgebraucht aufgef aufgelistet
  aufgenommen aufgerufen aufgesetzt aufgetreten aufgezeichnet aufgrund auflisten aufrufen augment augmented august
  aujourd aunque aupp aupres auquel aura aurai auraient aurais aurait auras aurez auriez aurions aurons auront ausf
  ausführbar ausführbare ausführbaren ausführen ausführliche ausgeben ausgef ausgefallen ausgeführt ausgegeben
  ausgelassen ausgewertet ausgewählt ausser ausserdem aussi austingroupbugs australiasoutheast auswählen auszuführen
  autant autenticação authnone authored authoritative authorize authorship authunix autoconf autodelete autodetect
  autodetection autogen autogenerated autoheader autohealing autohinting autoload autoloading automake automate
  automatica automaticamente automatique automatiquement automatisch automatische automatischen automount automática
  automáticamente autopkg autopkgtest autopkgtests autor autoreconf autoris autoriser autorisé autorisés autoscaling
  autostart autotools autre autrefois autrement autres autrui auxquelles auxquels auxv außer außerdem außerhalb avaient
  avail avais avait avant avanti avec aveis avel avemmo avendo avente aver avere averlo avertissement avertissements
  avesse avessero avessi avessimo aveste avesti avete aveva avevamo avevano avevate avevi avevo avez aviez avions aviso
  avisos avoir avond avons avrai avranno avrebbe avrebbero avrei avremmo avremo avreste avresti avrete avrà avrò avuta
  avute avuti avuto awaiting awful awfully axis ayant ayer ayez ayons ayuda ação añadir añadió backend backendbuckets
  backends backendservices backoff backplane backport backported backporting backports backs backspace backtrace
  backtraces backtracking backupdisasterrecovery backupdr backupforgke backupplan backuprestore backupvaults badge
  baixo bajo bald banco band bandeira banner bardziej bardzo barely baremetal baremetalsolution barfoo barra barre
  barrier basee basement basename bases bashism basierend basiert basse basta bastante batches baud bauen bavard
  bcollins beachten bearbeiten bearbeitet bearing beau beaucoup bedeutet bedingt bedoeld beeinflussen beenden beendet
  beep beetje befinden befindet beforehand beginnen beginnings beginnt begint begonnen begrenzt behalten behalve
  behandelt behaved behaving behavioral behouden behoudens behulp beibehalten beide beiden beim beings beispiel
  beispielsweise bekannt bekannten bekannter bekommen beliebige beliebigen beliebiger believed believes bell bench bene
  beneden beneficial benissimo bent benutzen benutzerdefinierte benutzt benötigen benötigt bepaald bepaalde bepalen
  berechnet bereik bereit bereitgestellt bereits bereitstellen bereitstellt berichten berkeley berücksichtigt
  beschikbaar beschikbare beschouwd beschreiben beschreibt beschreven beschrieben beschrijving beschädigt beside
  beslissen besoin besoins besondere besonders besser bestaan bestaande bestaat bestand bestanden bestandsnaam
  bestandssysteem bestehen besteht besten bestimmen bestimmt bestimmte bestimmten beta betekent betrachten betrachtet
  betreffende bevat bevatten bevor bevorzugt bewerking bewirkt beyondcorp bezeichnet beziehen bezieht beziehungsweise
  biarch biblioteca bibliotecas bibliothèque bibliothèques bidirectional biebl bien bietet bignum bigon bigquery bigre
  bigtable bigtableadmin bijkomende bijna bijv bijvoorbeeld billingaccount billingproject billion binair binaire
  binaires binario binarios binauthz binauthzevaluationmode binfmt binnen binnenin binutils binário binários biol
  bisher bist bitfields bitmaps bitmask bitte bitwise black blacklist blanco bleiben bleibt blijkbaar blijken blijven
  blink blkid bloc bloccato blocchi blocco blocksize bloco blocos blocs blog bloque bloqueado bloqueio bloqué blue
  blurb board boards boas bodies bogue bogues boilerplate bonding bonne bons bonus boolean booleans boost booted
  booting boots bootup borders borrar borrowed boss boucle boum bounding bouwen boven bovenal bovendien bovengenoemd
  bovenstaand bovenvermeld bowiem brak branching branchpattern branco brava breakages breakpoint breve briefly bringing
  broad broker broncode broncodepakket browse browsing brrr brut bsdi bsearch bswap btree bucketname bucle buen buena
  buenas bueno buenos bufcreate buflen bufsize bugfix bugfixes buglist bugreport bugreporting bugzilla buildable
  buildconfig buildd builddir buildds builders buildflags buildpackage builtin builtins buiten bullet bullseye bundling
  bunk buono burst busca buscar business busybox buttons bwiedemann byli bynajmniej bypasses bypassing bytecode
  byteorder była było były bzero bzip búsqueda będzie będą błąd błędu błędów caba cabecera cabeçalho cabeçalhos cabinet
  cabs cach caché cada caddr cadeia cadena cadenas cairo calc calcul calculer cali callable callee callhdr callmsg
  calloc callrpc cambia cambiado cambiar cambiare cambio cambios caminho caminhos campi campo campos canal canary
  cancelation cancelling canon canonicalize canonicalized cant cantidad cantor capitalize capitalized capped caps
  caption capturing caract caractere caracteres caractère caractères carattere caratteri cards cares carga cargar
  caricare carnil carregar carrying carácter cascade cased caseinsensitive casesensitive casi casing caso casos casse
  catalogs catorze causa caveat caído cała cały cbrt ccache ccae cdad cdbs cdce cdrom ceci cedc cedo ceil ceiling cela
  celle celles celui celà cent centered cento centralized cependant cerca cercare cero cerrar certa certaine certaines
  certainly certains certamente certe certes certeza certi certificatemanager certification certo cette ceux cfdc
  cflags cgit cgroup cgroups chacun chacune chained challenge chamada chamadas chamado chamar champ champs chances
  changelog changelogs changement changements changer changeset changé chaque charged chargement charger charges
  charset charsets charter charts chasing chassis chave chaves chaîne chaînes chce chdir chdr cheap checkers checkin
  checkinterval checkpoint chemin chemins chemnitz cher cherche chercher chers chez chgrp chiamata chiave chicchessia
  chiche chiffre chiffrement chiffres chip chips chiudere chiunque chiusura chmod choisi choisie choisir choix choke
  chose chown choć chromium chroot chunked chut chère chères ciascun ciascuna ciascuno cible cibles ciclo cidessous
  ciebie cierta ciertas cierto ciertos cima cinco cinq cinquantaine cinquante cinquantième cinque cinquième cioe cioè
  ciphertext circa circuit circumstance citta città cjwatson clac claimed claiming clamp clarifications clarifying
  claro clase classe classified classify classpath clave clavier clearerr clearlabels clever clic click clicking clicks
  clientcertificate clip clipboard clipped clipping clisp clnt clntraw clnttcp clntudp clobbered clobbering clobbers
  clocks clog cloos closedir closet cloudaicompanion cloudbilling cloudbuild clouddeploy cloudidentity cloudkms
  cloudplatform cloudresourcemanager cloudrun clouds cloudscheduler clutter clés cmake cmap cmdline cmds cmon cmsg
  cntrl coalescing codebase codec codecs codename codepage codepath codepoint codeset codespell codesta codesti codesto
  codice codifica codificación codificação coefficient coefficients coercion cogli coincide coinciden coincidencia cois
  coisa cokolwiek colab cold coldboot colei coll collabora collapse collapsed collapsing collating colleague colleagues
  collectively collegamenti collegamento collide colonne colonnes colorado coloring colormap coloro colour cols colui
  colunas comandi comando comandos combien combinación combinaison combinação combinées combo comcast coment comentário
  comentó começa começar cominci comm commande commandes commandline commando commandoregel commaseparated comme
  commence commencer commentaar commentaire commentaires commentary commenting commençant commercial commitment
  committer commun communicating communications como comp companion company comparable comparables comparaison
  comparação compat compatibile compatibilidad compatibilidade compatibilité compatibles compatível compensate compila
  compilable compilado compilar compilato compilação compilé compl complaint complet completa completamente
  completeness completo complies complète complètement componente componentes comportamento comportamiento comporte
  comportement composant composants composing composition comprare comprend compresser compresses compressão compressé
  compressée compressées compressés comprido comprimento compris comprobación compromise compte comptes compteur
  computers comstyle comum comunique comunque comuns concat concatenates concatenating concernant concernente
  concerning concise conclusione cond conditionfromfile conditionsoverview conexión conffile confidence configfile
  configmanagement configs configur configura configurable configuración configurado configuratiebestand configurazione
  configuração configurações configurer configuré confirmed conflit conflito conflitos conflits conformant conforme
  confuses conhecido conjunto conmigo conn connaître connecter connecté connessione connettersi connexion connexions
  connu connue connues connus conocer cons consecutivi consecutivo conseguimos conseguir conselho consensus consentito
  consentstores consequential consequently conserver consid considera considerable consideró considérés consiglio
  consigo consigue consiguen consigues consiste consoles consolidated const constantly constexpr constitute construire
  construit consts consultable consulter consultez consulting cont conta contacted contacts conte contenant contendo
  contener contenere conteneur contenido contenir contention contenttype contenu contenus contenuti contenuto conter
  contesto contexte contexto conteúdo contiene contiennent contient contigo continuar continuer contr contra contract
  contracts contraire contrary contraseña contre contrib contributing contributor contro controle controleren controlla
  controllare controllo controlo contrôle contrôler contudo contém conv conversation converse converter converters
  converti convertir convey cookies cooling coopersmith copia copiar copie copier copiés copyleft copyrighted coraz
  coredump coreutils coroutines correctamente correcte correctement corrente correr correspondance correspondances
  correspondant correspondante correspondantes correspondants corresponde correspondem correspondent correspondente
  correspondentes corresponder correspondre correspondência corretta correttamente corretto corriger corrisponde
  corrispondente corrispondenza corrispondono corrompido corrompu corrompue corrupting cortesia cortex corto cosa cosas
  cosi cosine costly così couic couldn couldnt couleur countries country courant courante courier cours court courte
  courtes courtesan courtesy covering coverity cpan cpio cplusplus cppcheck cpuid cpus cpuset crac crea creación crear
  creare createerr creativecommons creato creator creazione cred credit credits creds creo cria criado criados criar
  criação cris crlf cryptographically cryptography cryptokey cryptsetup création créer créé créée créés cscope ctags
  ctime ctrl ctype cual cuales cualquier cuando cuanta cuantas cuanto cuantos cuatro cuda cuenta cuja cujas cujo cujos
  cumulative curr currency curses curseur cursors curta curtas curto custa customary customermanaged customersupplied
  customizable customizations customizing custommodules cuál cuáles cuándo cuánta cuántas cuánto cuántos cvsignore
  cyclic cycling cygnus cygwin czas czasami czasem czasu czemu czyli często código cómo cópia daar daardoor daarheen
  daarin daarna daarnet daarom daarop daaruit daarvan daarvanlangs dabei dach dada dado dados dadurch dafür dagegen
  dagl dagli daher dahin dahinter daimi daleko dall dalla dalle dallo damage damaged damages damals damit danach
  daneben dank dann dans danych dappertutto daquela daquelas daquele daqueles daran darauf daraus dare darent darf
  darfst darin dark darstellen darum darunter darwin darüber dasein daselbst dass dasselbe databasemigration
  datacatalog datadir datafusion datagram datagrams datamigration dataplex dataproc dataprocmetastore datarootdir
  dataset datasets datasheet datastream datatype datatypes datetime datetimes dati dato datos dauernd davantage davanti
  davon davor dazu dazwischen dbgsym dbname dbus deactivate deactivated deadline deaktivieren deaktiviert dealings
  dealloc deallocate deallocated deallocation dealt dear death debaixo debajo debconf debe deben debería debhelper
  debianized debianl debianpt debido debout debugged debuginfo debuginfod decay december decidir decir decl declarative
  decls decoders decodes decompose decomposition decompressing decreased decrypting dedans deden deduce deduced
  deduction deduplicated deduplication deed deel deemed deeper defaulted defect defecto defects defekt defini definida
  definidas definido definidos definiert definir definito definição definições deflate defs defunct degl degli
  degradation degraded degree degrees dehors dein deine deinem deinen deiner deines deinit deinitialize deja dejagnu
  dejó dekomprimieren dekomprimiert dela delante delas dele delegates delegation delen deles deletionprotection delim
  delimit deliverypipeline dell della delle dello delta deltas delà demain demais demande demander demandé demandée
  demangle demangling demasiado demasiados dementsprechend demgegenüber demgemäss demgemäß demon demonstrated
  demonstration demos demselben demzufolge demás denen denn dennoch denoted dense denselben dentro depcomp depende
  dependence dependências deploymentmanager depois deprecationannouncement deprecations deprisa deps depths depuis
  depuración depuração derde deref dereference dereferenced dereferences dereferencing deren derer dergelijke derhalve
  derivative derives deriving derjenige derjenigen dermassen dermaßen derni dernier derniere dernière derriere derrière
  derselbe derselben dertig derzeit desactiva desc descend descendants descent desconhecida desconhecido desconocida
  desconocido descri descrip descripción descripteur descripteurs descritor descrizione descrição desde deseja deshalb
  designator desligado desormais despacio despues después desquelles desquels dessa dessas desse desselben dessen
  desses dessous dessus desta destas destdir deste destes destin destino destroys destructive destructors deswegen
  detalhada detalhes detalle detalles determinado determinar determinare detras detrás dettagli detto deutsche
  deutschen deux deuxième deuxièmement devant deve devel developerconnect developments devem deveria devers deverá
  devez devicename devido devient devo devono devra devraient devrait devriez devstorage dezanove dezasseis dezassete
  deze dezelfde dezember dezoito dfaf dfdc dfsg dgettext dgst dhparam diablo diag diagnosed diagnosis dialect diante
  dias dice dicen dich dicho dickey dicom dicomstores didn didnt died diejenige diejenigen dienstag dient dieron diese
  dieselbe dieselben diesem diesen dieser dieses dietro diferente diferentes differentes differents differing
  difficulty différemment différence différences différent différente différentes différents digital dijeron dijo
  dikwijls dimanche dimension dimensional dimensione dimensioni dinkumware dinsdag dire direcciones dirección
  directamente directe directement directorio directorios directs direita direkt dirent diretamente diretório
  diretórios dirfd dirimpetto dirmngr dirname dirs disabilitato disablement disallows disambiguate disappears
  disassemble disassembler disassembly disaster discipline disclaimer disclaims disco discoverable discovering
  discovery discrepancy discriminated discusses discussing disjoint disp dispatched dispatcher dispatching displayname
  dispoe dispoem dispon disponibile disponibili disponible disponibles disponíveis disponível dispose disposition
  dispositivo disque disruption disso dist distant distante distcheck distclean distinguishing distinto distribui
  distributedcloudedge distributes distributie distributors distro distros distutils dite dits ditto diventa diventare
  diventato divers diversa diversas diverse diverses diversi diversion diverso diversos divert dividing divisor dixième
  dizem dizer djgpp dlaczego dlatego dlclose dlopen dnusinow dobrze docbook docdir doch dock dockerfile dockerfiledir
  dockerfileimage docstring doctools doctype documento docutils doen doesn doesnt doet dois doit doivent doko dokąd
  dollar domaine domainmappings domainname domani domenica domingo domyślne domyślnie domínio donc donde donderdag
  dongle donn donne donner donnerstag donné donnée données donnés dono dont door doorgaand doorzoeken dopo doppelten
  doppio dort dortmund dotdot dotted doubles doubling doubly doubt doubtful douze douzième dove dovra dovrebbe dovrà
  dovunque downed downing downlink downs downwards doxygen doze dość dpkg dragonfly drand drapeau drapeaux drawable
  drawables draws drei drepper drew drie drin dring dritte dritten dritter drittes driverloglevels droite droits dropin
  droppings dryrun dsaparam duas dubbele dubious duizend dunque dupliquer duplocale dups duquel durant durante durch
  durchaus durchf durchgef durchgeführt durchsuchen durchsucht durfte durften durée dużo dwaj dwarf dwie dwoje dylib
  dynamique działania działanie dzisiaj dziś débogage débordement début débuter décalage décimal décodage décoder
  décompresser défaut défini définie définies définir définis définit définition déjà délai démarrage démarre démarrer
  démarré départ dépasse dépend dépendances dépendent déplacer désactive désactiver désactivé désactivée désactivées
  désormais détail détails détecter détection détecté détectée déterminer déterminée días dónde dúvida dürfen dürft
  eachresult eadf eager earliest easiest eation ebbe ebbero ebbi ebef eben ebenfalls ebenso ebogage ebourg ebut ecco
  ecdh ecdsa ecessaire ecessaires echoed echoing echte echter ecider ecifi ecifique ecis ecparam ecrit ecrits ecup
  ecuris ecurit ecut edgecache edgecloud edgecontainer edgeden edgenetwork edimitro editable editors eens eerdat eerder
  eerlang eerst eerste efaut efecto efeito effacer effectu effectuer effectuée effektive effet effettivamente effetto
  efforts efini efinie efinir efinit egale egalement egales egcs eggert egli egrep ehrlich eich eigen eigene eigenen
  eigener eigenes eigenlijk eighty einander einde eine einem einen einer eines einfach einfache einfachen einfacher
  eingebaute eingeben eingefroren eingefügt eingelesen eingerichtet eingeschaltet einig einige einigem einigen einiger
  einiges einmal eins einschalten einschließlich einwandfrei einzelne einzelnen einzelnes einzige einzigen eisentraut
  eixman ejecución ejecuta ejecutable ejecutar ejecute ejemplo elas electronic elem elementen elementi elemento
  elencati elenco eles elevated eleven elimina eliminar eliminare elimination eliz elkaar elke ella ellas elle elles
  ellipses ellipsis elliptic ello ellos embargo embeds embolden embora ement ementaires emergency emes emoji empfangen
  empfohlen emphasis emphasize emplacement emplacements empleais emplean emplear empleas empleo employ employing
  employs emulated enablelogging encapsulate encapsulated encapsulates encapsulation encendido encia encias encima
  enclose encodage encoders encodings encontrada encontrado encontrados encontrar encontró encore encrypts encuentra
  ende enden endereço endereços endet endian endianness endif endlich endorse endroit endtime enfants enfin enfrente
  english enig enige enigszins enkel enkele enlace enlaces enquanto enqueued enregistrement enregistrements enregistrer
  enroll enseguida ensemble ensuite ensured ensurepip entails entanto entao entero enterprise enters entfernen entfernt
  enth enthalten enthaltenen enthält entier entiers entirety entitled entitlement entitlements entnommen entonces
  entorno entpackt entr entrada entradas entrambi entre entrygroup entrygroups entrypoint entrypoints entrée entrées
  entsprechen entsprechend entsprechende entsprechenden entspricht entweder então enum enumerated enums envers envia
  enviar environ environmental environnement envoie envoyer envoyé envp envvar envvars epar ependance ependances
  epertoire epertoires epoll eppure equiv equivalence equivalente equivalently erais eral eram eramos eran erano eras
  erased eration eravamo eravate erdoor erement erence erent erer eres erfolgreich erfolgt erforderlich erfordern
  erfordert ergens erhalten erifier eriques erkannt erkennen erkennt erlangen erlauben erlaubt ermitteln ermittelt
  ermöglichen ermöglicht erneut ernst errado errata errato erreichbar erreicht erreur erreurs errno erro erroné errore
  errores errori erros errp errstr erróneo erscheinen ersetzen ersetzt erst erste erstellen erstellt erstellten ersten
  erster erstes ervan ervoor erwartet erweitert erweiterte erweiterten erzeugen erzeugt erzeugte erzeugten erzwingen
  erzwungen esas esaurita esce esci escolha escolher escreve escrever escribe escribir escrita escrito escritos
  escritura esecuzione esegue eseguibile eseguire eseguito esempio esent esente esgotada esiste esistente esos espa
  espace espaces espacio espacios espaço espaços espec especiais especial especifica especificada especificadas
  especificado especificados especificar especificação especificó especifique espera esperaba esperada esperado esperar
  espressione esquema esquerda essa essai essaie essas essayer essayez esse essendo esser essere esses essi esta estaba
  estabais estaban estabas establece establecer establecido establishes estad estada estadas estado estados
  estadísticas estais estamos estan estando estar estaremos estará estarán estarás estaré estaréis estaría estaríais
  estaríamos estarían estarías estas estatísticas estava estavam este esteja estejam estejamos estemos estes esteve
  estilo estimation estive estivemos estiver estivera estiveram estiverem estivermos estivesse estivessem estiveste
  estivestes estivéramos estivéssemos esto estos estou estoy estrutura estuve estuviera estuvierais estuvieran
  estuvieras estuvieron estuviese estuvieseis estuviesen estuvieses estuvimos estuviste estuvisteis estuviéramos
  estuviésemos estuvo está estábamos estáis están estándar estás estávamos estão esté estéis estén estés etag etags
  etails etant etat etcetera ethernet ethode etiqueta etre etres etwa etwas euch euer eues euid eure eurem euren eurent
  eurer eures europewest eusse eussent eusses eussiez eussions eval eveloppement eveneens evening evenly eventarc
  eventfd eventual eventueel eventuele eventuell evenwel evermore everybody evil evitar evitare eviter exactamente
  exacte exactement examines exampleinstance exampleproject excellent exceptional excepto excepté excessively
  exclusions executa executado executar executor executável execução execve exemple exemplo exercised exercising
  exhaustive exibe existance existant existantes existants existe existem existen existent existente existentes exister
  existieren existierende existierenden existiert existir expandiert expat expectation expense experiments expert
  expiry explanatory expliciet explicitamente explicite explicitely explicitement explicó explizit exploit exploitable
  exploration explore expm exponentiation expr expresión expressie expressing expressly expressão expresó extensible
  extensiones extensively extensión extenso extensão extensões extents exterieur externe extras exécutable exécutables
  exécuter exécution exécuté exécutée eûmes eûtes faccia facciamo facciano facciate faccio facemmo facendo faces
  facesse facessero facessi facessimo faceste facesti faceva facevamo facevano facevate facevi facevo facile factored
  factoring factory facts fadvise faible failover fair faire fais faisaient faisant fait faite faites faith faked
  fakeroot falha falhar falhou fallita fallito fallo fallocate fallthrough falló falsch falsche falschen falta faltando
  familiar familie famille fanalyzer fancy fanno fans farai faranno fare farebbe farebbero farei faremmo faremo fareste
  faresti farete farther farà fará farò fastest fastforward fastmail fatale fatto faults faut faux favore fazeis fazem
  fazemos fazer fazes fazia faço façon fchown fclose fcntl fdatasync fdopen fdset fead feba februar february fece
  fecero fecha fechar feci federation fedoraproject feeds fees fehl fehlende fehlenden fehlender fehlerfrei fehlerhaft
  fehlgeschlagen fehlschlagen fehlt feita feito felt fenv fenêtre fenêtres feof fermer fermeture feront ferramenta
  ferramentas ferror fest festgelegt festlegen fetestexcept ffbc ffee ffff fflush fgetc fgets fgetwc fhirstores fiber
  fica ficheiro ficheiros fichero ficheros fichier fichiers fifo fifteen fifth fifthhorseman fifty fify figlio figures
  figuring filed filelist fileno filestore filesystem filesystems filetype fileutils filho fils filtre filtres finale
  finalization finalize finalized finalmente finche finden finder finegrained finer finestra fingerprints fini finite
  fino fins fips fire firefox firestore firewallpolicies firewallpolicy firewallrules firewalls firma fish fitness
  fitzsim fixe fixup fixups flac flagsfile flameeyes flash flatten flattened flavors flawed flaws
  fleetdefaultmemberconfig fleetlevel flex flight flip floats floc flockfile floor floppy flto flux fluxo fname fnmatch
  focal foffload fois folded folding folgen folgende folgenden folgt followup fomit fomos fonction fonctionnalit
  fonctionnalité fonctionnalités fonctionne fonctionnement fonctionner fonctions fontconfig fonte fontes fooishbar
  fopen fora foram forbids forcer forcibly foreach foregoing forem forma formacie formally formatage formato formatos
  formatter forme forming formos formula fornece fornecer fornecida fornecido fornecidos fornire fornisce fornita
  fornito forse forthcoming fortify fortran forty forum forza fosse fossem fossero fossi fossimo foste fostes fosti
  foundry fourni fournie fournies fournir fournis fournit fout fouten fprintf fputc fputs fputwc fractions fragile
  fragmentation frameworks francophone française frattempo fread freeargs freedesktop freelists freeres freesbee
  freezing freie freitag french frequent freshly friday friend frontend frontends früher fsanitize fsck fseek fsij
  fsprogs fstab fstack fstat fstatat fsync ftbfs ftell ftime ftruncate fuente fuera fuerais fueran fueras fueron fuese
  fueseis fuesen fueses fuimos fuiste fuisteis fujitsu fulfill fulfilled fullyqualified fummo func funciona
  funcionalidade funciones función funcs functie functionally functioning fundamental funkcji funktionieren
  funktioniert funziona funzione funzioni função funções fuori furent furnished furono furthered furthering furthermore
  furthers fuse fusion fusse fussent fusses fussiez fussions futex futur futuro fuzzer fuzzing fuéramos fuésemos fwrite
  fôramos fôssemos fûmes fûtes führen führt fünf fünfte fünften fünfter fünftes gaan gaat gains game gamma ganz ganze
  ganzen ganzer ganzes garage garantir garder garten gauche gauw gcloud gcloudignore gcov gcrypt gdbinit gdbm gdoc
  gdyby gdyż gdzie gdziekolwiek gdzieś geactiveerd gebaut geben gebouwd gebruik gebruiken gebruiker gebruikers gebruikt
  gebruikte gedacht gedefinieerd gedrag gedurende gedurft geeft geen gefolgt gefunden gefundenen gegeben gegen
  gegenereerd gegenwärtig gegenüber gegeven gegevens gehabt gehad geheel gehen geheugen geht gehören gehört gekannt
  gekend gekonnt gekund geladen geldig geldige geleden gelesen gelezen gelijk gelöscht gemaakt gemacht gemarkeerd
  gemocht gemoeten gemogen gemusst genau genaue genauso gendsa genegeerd generale generalize generalized generar
  generare genereren genoeg genpkey genrsa gens gente gentoo genug genutzt geometry geplaatst geprüft gera gerade
  gerado geral geralmente gerar german gern gesagt gesamte geschehen gescheiden geschieht geschlossen geschreven
  geschrieben geschweige gesendet gesetzt gesetzte gesichert gespeichert gesperrt gestartet gestern gestion gestione
  gestionnaire gesucht getaddrinfo getaffinity getal getargs getattr getauxval getc getcaller getchar getconf
  getcredentials getcwd getentropy getenv geterr geteuid getgrnam getgroups gethostbyaddr gethostbyname gethostname
  getiampolicy getline getmaps getnameinfo getoond getopt getpass getpeername getpid getport getppid getpriority
  getpwent getpwnam getpwuid getrandom getrennt getrennte getrennten getreq getreqset getresuid getrlimit getrusage
  getserverconfig getsockname getsockopt gettable gettext gettid gettime gettimeofday getty getuid geval gevallen geven
  gevolgd gevonden gevraagde gewartet geweest gewesen gewijzigd gewollt gewone gewoon gewoonlijk gewoonweg geworden
  gewählt gewählten geändert geöffnet giacche gibt gids gigabit gigabyte gigabytes ging giorni giorno giovedì gisteren
  gitattributes github gitignore gitlab gitmodules gkebackup gkehub gleich gleiche gleichen gleichzeitig glibc gliela
  gliele glieli glielo gliene glisse glitch glitches globale globals globbing globs glossaries glue glyph glyphs gmail
  gmake gmane gmtime gnat gniibe gnome gnueabi gnulib gnupg gnutls goals gobject godz golang goods googleapis
  googlecloudsdk googlemail goto gotos gott gotten govern governed governing government governs gperf gpgv gprof
  grabbed grad gradually grained gran grand grande grandes granting graphic graphique graphs gratuitous gravar grave
  gray grazie greatest greedy green greetings grep groep groepen groff groot grootte gros gross grosse grossen grosser
  grosses groupe groupes grown grows growth groß große großen großer großes grpc grupo grupos gruppi gruppo größer
  gserviceaccount gshadow gssapi guardar guarded gueno guessed guesses guides guile guillem guillemets gute guter gutes
  guys gzip gzipped gère général généralement génération générer gérer gültig gültige gültigen gültiger haar haarzelf
  habe haben haber habia habida habidas habido habidos habiendo habituellement habla hablan habremos habrá habrán
  habrás habré habréis habría habríais habríamos habrían habrías habt habéis había habíais habíamos habían habías hace
  haceis hacemos hacen hacer hacerlo haces hachage hacia haciendo hacked hacking hadden hadnt hago haha haible haja
  hajam hajamos halten handing handy hanno hans happily hardcode hardcoded hardcoding hardlink hardlinks hardly
  hardwired hare harm harmful harms harness harris hashtable hasn hasnt hast hasta hatte hatten hattest hattet
  haubenwallner haus haut haute havemos havent havia haya hayamos hayan hayas hayáis hazards headed headings headp
  heads headset healthcheck healthchecks healthythreshold heard heatsink hebben hebt hecho hedden heeft heel hein
  heisst helfen helgefjell hell helped hemos hemzelf hereafter herein heres hereupon herkend hero herrb herrmann hers
  herself hetgeen hetzelfde heure heute hexadécimal hexdump hibernate hicieron hier hierarquia hierbeneden hierboven
  hierin hierna hierom hijo hijzelf himself hinter hinterherh hinting hinzu hinzufügen hinzugef hinzugefügt histogram
  historic historically hither hizo hmac hoch hoewel hoje holders holen holà homedir homelab honderd hora horas
  horizontally hormis horodatage hors hosting hostnames hotmail hotspare houp housekeeping houve houvemos houver
  houvera houveram houverei houverem houveremos houveria houveriam houvermos houverá houverão houveríamos houvesse
  houvessem houvéramos houvéssemos howbeit howto hppa hpux href html htmldir htonl htons hube hubiera hubierais
  hubieran hubieras hubieron hubiese hubieseis hubiesen hubieses hubimos hubiste hubisteis hubiéramos hubiésemos hubo
  hugepages huidige huit huitième hulptekst humanity humanreadable hundred hundreds hunne hunt hurd hurrah hush
  hutterer hwasan hwclock hyperbolic hypot hypothetical hängengeblieben hängt hätte hätten hélas hôte höher iamroles
  icmp icons iconv ideally ident identifiant identifiants identificador identique identiques identisch identities
  identityservice idiom idioma ieder iedere iedereen ieee iemand ieri ietf iets ifconfig ifdef ifdefs ifndef ignor
  ignora ignorada ignoradas ignorado ignorados ignorando ignorar ignorata ignorato ignoredfiles ignorer ignorieren
  ignoriert ignoré ignorée ignorées ignorés igual ihnen ihre ihrem ihren ihrer ihres ikzelf ilegal illustrate
  illustrates imagem imagen imediatamente immer immersivestream immédiatement impacted impersonate
  impersonateserviceaccount impersonation impl implementiert implementor implementors implica implicite implique
  impliziert implizit implémenté importance importante importantly importe impose imposes impossibile impossível
  imposta impostare impostata impostato impostazione impostazioni impressão imprime improvviso inability inaccessible
  inaccurate inactivity inasmuch inattendu inattendue inch incidental incidentally incluant includedfiles includedir
  inclui incluindo incluir inclure inclus incluses inclusions incluso inclut incompatibles incompatíveis inconnu
  inconnue inconnus inconsistently incorporates incorporating incorrecta incorrecte incorrecto incrementally
  incrementing incur incurred indefinite indeling indem indenting indep inderdaad indeterminate indica indicar
  indicateur indicato indice indicó indien indietro indiqu indiquant indique indiquer indiqué indiquée indiquées
  indiqués indirizzo induced indépendamment ineffective inesperada inesperado inet inevitably inexact inexistent
  infatti infer inferiors inflate influenced infodrom infolgedessen infopages informa información informacje informacji
  informatie informatik informations informazioni informação informações informed informo informs informó inframanager
  infringement inférieure ingesteld ings inherently inheritable inheriting inhibit inhibited inhibits inhoud inicia
  inicial inicializar iniciar inicio initiale initialise initialised initialiser initialisieren initialisiert
  initializer initializers initiated initiates initramfs inizia iniziale injected inline inlineconfig inlined inlines
  inlining inmemory inmiddels inna inne innerhalb inny innych inode inodes inoltre inotify inplace inproc inria insane
  insbesondere insensitively insertions insieme insight insignificant insn insofar insque inst instala instalación
  instalada instalado instalados instalar instalação installable installatie installeerd installeren installieren
  installiert installierten installsystemd installé instanceconfigs instancegroups instanceid instancelocations instant
  instantiating instantiation instellen instellingen instr instructed instrumentation insérer intanto integral
  integrations inteiro intellectual intends intensive intenta intentais intentamos intentan intentar intentas
  intentional intento inter interdit interests interference interferes interfering interleaved intermediary intermixed
  intern international internationalized interne interner internes interno intero interop interoperable interp
  interpolation interposition interpreters interpretiert interprocess interruptible interruption intersection intervalo
  intervening intl intmax intorno intptr intr intrinsic intrinsics intro introuvable ints inttypes intuitive intussen
  inutile invalidated invalidation invalide invalides invariant invece invented invention inversion invert invertida
  investigate investigated investigating inviare invitationonly invoer invoker inválida inválido inválidos inward
  inzake início ioctl ioctls ioperm iopl iovec ipaddress iproute iptables irgend irgendwie irix irrevocable isalnum
  isalpha isascii isatty isblank iscntrl isdigit isgraph isinf isnan isnt isprint ispunct isso isspace ista iste
  istnieje isto iswprint isxdigit italic itens iter iterator iterators itll itre iveis ivel jahr jahre jahren jakaś
  jakby jaki jakichś jakie jakiś jakiż jakkolwiek jako jakoś jamais jammy janela januar january janvier jars java
  javascript jbicha jcristau jdassen jede jedem jeden jeder jedermann jedermanns jedes jedna jednak jednakże jedno
  jednym jedoch jedynie jego jemand jemandem jemanden jemu jene jenem jenen jener jenes jeremyhu jest jestem jeszcze
  jeton jetzt jeudi jeweiligen jeweils jezelf jeśli jeżeli jhcloos jijzelf joining joins josefsson joshtriplett jour
  journalctl journald journaux jours jouw jouwe jpeg jquery json jueves juist juli jullie july jumbo jumping jumps june
  juni junto jurisdiction jurisdictions jusqu jusque juste justify kann kannst kapot kaputt karlsruhe katalog katalogu
  kaum każdego każdy keepalive kein keine keinem keinen keiner keines keithp keller kerberos kettenis keyboards keycode
  keyed keyfile keygen keyid keymap keymaps keyname keypad keyrings keyserver keyservers keytype keyvalue kfreebsd kibi
  kiedy kierunku kilka kilku kills kilobyte kilobytes kimś klaar klein kleine kleinen kleiner kleines kleurmodus kludge
  kmsg kmskey kmskeyring kmslocation kmsproject knew knowing kodiert komen komisch kommen kommt kompatibel kompiliert
  komplett komprimieren komprimiert komprimierte komt komunikat konden konfiguriert koniec konnte konnten konvertiert
  kopieren kopiert koppeling korrekt korte kończy kqueue krachtens krijgen ktokolwiek ktoś która które którego której
  który których którym którzy kube kubeconfig kubectl kubernetesengine kunnen kunt kurz kurze kzak können könnt könnte
  könnten kürzlich laas laatst laatste labs lacked lacp laden lado lager laggy laisser lake lakes lambda lancement
  lancer lancé langages lange langinfo langsam langue langues laptop laquelle larga largefile largeur largo largura
  lasciato lassen lately laten latin lato latterly laufen laufenden launcher launching launchpad lautet lavoro laws
  layouts lcov ldap ldconfig ldexp ldflags ldpbr leader leakage leap learning lecteur lectura lecture lecz lediglich
  leeg leer leere leeren leftovers lege legge leggere legitimate legitimately legt leicht leick leide leider leitura
  lejos lelarge lent lento lequel lesen lesquelles lesquels lesser lest letra letras letti letto lettre lettres lettura
  letzte letzten letzter leur leurs lexicographic lezen lgpl lhes liability liable libasan libatomic libbacktrace
  libblkid libc libcap libcrypt libcrypto libcurl libdir libdl libdpkg libedit libelf libero libexec libexecdir libffi
  libgcc libgccjit libgcrypt libgfortran libglib libgnat libgo libgomp libgpg libiberty libiconv libidn libintl libitm
  liblzma libm libmount libnss libobjc libphobos libpng libpthread libpython libre libreria librt libsanitizer
  libselinux libssl libstdc libstdcxx libsystemd libtasn libtirpc libtool libtoolize libtsan libunwind libutil libuuid
  libx libxcb libxml libz libzstd licence licensed liczba lido lieber liefert liegen liegt lien liens lies liest lieu
  liever lifecycle lifesciences lifted ligado ligação ligações lightweight ligne lignes lijken lijkt lijst liked
  likelihood limite limiter limites limpar linaro linea linefeed lineno linha linhas linia linii linkers lintian lire
  lisible lista listado listados listar listas liste listelm listens lister listes listet listinfo listy livello livre
  liés llamada llegó lleva llevar llvm loadable loadbalancing locais localement locali localisation locality localiza
  localizado localizar localization localização localssd localstatedir localtime locatie locaux logarithm logfile
  logfilter loghttp logiciel logind logins logique logo logos lokaal lokal lokale lokalen lone longa longas longe
  longitud longjmp longo longrunning longs longstanding longtemps longue longues longueur lontano loongarch loongson
  loopback loopt loro lors lorsque loup love lowlevel lpthread lseek lstat ltmain ltoptions ltsugar ltversion luck ludo
  luego lues lugar luim lundi lunedì lunes lunghezza lungo luogo lustre lvalue lynx lyon lysator lzma lässt läuft
  límite límites línea líneas löschen maak maakt maakte maakten maandag maar mabi macche macchina mach machen
  machinetype machinetypes macht machte macos macosx madvise magari maggior maggiore maggiori magnitude magst mahn
  mailbox mailman mailmap mails mailto mainboard mainline maint maintenancewindowday maintenant maintenue maintscript
  maior maioria maiorias mais maiúsculas majeure majuscules mają makedepend makefile makefiles makeinfo maken
  makeshlibs male malfunction malgrado malgre malgré malissimo malloc mamy managedidentities managedkafka
  managedmicrosoftad managedserviceforapachekafka managedzone managingpolicies manca mancante manche manchem manchen
  mancher manches mandated mandir mandriva manera mangle mani manier manifestó manière mann manpage manpages manquant
  manquante manquants manque manter manuale manualmente manuell manuellement manufacturer mappen mapper marca marcado
  march mardi marketing markiert marquer marqueur marshal martedì martes masking masque massima materialized materials
  mathematical matin mattina mattst matériel mauvais mauvaise maven maxglyphmemory maximal maximale maxlen maxsize
  maxunreffonts maxwait maynt mayor mayúsculas mañana mało mbox mbrtowc mbstowcs mcpu mdoc meaningless meantime
  meanwhile measurements medesimo mediante medio meer meerdere meest meestal megabyte meglio mehr mehrere mehreren
  mehrfach meilleure mein meine meinem meinen meiner meines meio meisten mejor melden melhor memalign membre membres
  membro memcache memchr memcmp memcpy meme memes memfd memleak memmove memoria memorystore memset memsize memória
  mencionó meno menor menos mensagem mensagens mensaje mensajes mensch menschen mentre menudo menus merchantability
  merci mercoledì mercredi mere merkwürdig mesa meses mesi mesma mesmas mesmo mesmos messaggi messaggio messed mesure
  metacharacters metal metastore meter metodo mettre meus mevr meyering mezelf mezzo mias miał mich micro microsecond
  microsoft miei mien mienne miennes miens mientras mieux mightnt migriert mijn mijnent mijner mijzelf mila miliardi
  milioni mill mille million millisecond mime mimic mimo mince mincpuplatform minder mindestens mine mingw minha minhas
  mini minimale minimi minimizes minix minstens minuscules minúsculas mios mipsel mirrored misaligned misbehaving misc
  mise mises mishandling mislukt misma mismas mismo mismos misrepresented misschien missen misspelled misspelling
  mitigation mits mittag mittel mittels mittwoch mixture miércoles między mkdir mkdtemp mkfifo mkfs mkinstalldirs mknod
  mkstemp mkswap mktemp mktime mlengine mlock mman mmap mnemonic mnie mocht mochte mochten mock modalità modeline
  modello modelo modem modifi modifiable modifica modificado modificar modificare modificato modificação modifiche
  modifie modifié modifiées modo modprobe mods modulus modus modèle moest moesten moet moeten mogelijk mogelijke mogen
  mogą moim moindres moins moja moje molta molti moltissimo molto momenteel momento monday mondo mono monochrome
  monotonic monotonically montag montage montagem monteiro montre montrer moreover morgen moria morning moshier
  mostlyclean mostra mostrar motherboard motif motifs motion mots mountpoint mouse mover moyen moyennant mozilla może
  możliwe można mprotect mqueue mremap mrsam msdos msgfmt msghdr msgid msgs msie msvc msys mtime mtrace mtune mucha
  muchas mucho muchos mudar muestra muitas muito muitos multi multiarch multibyte multicloud multiclustermanagement
  multicolumn multilib multilibs multipart multiples multiplexing multipli multiplier multiplying multiregion
  multithreaded multithreading munge munmap musi musl muss musst musste mussten mustnt mutable mutated mutation mutex
  mutexes mußt myaddress myaddressgroup myapp mybackup mybucket mycluster myconfig myconn mydatabase mydatabaseid
  mydeployment mydisk mydomain myfile mygateway mygroup myhub myiamaccount myimage myinstance myinstanceid myjob mykey
  mylocation mynamespace mynetwork mynodepool myoperation myorg mypolicy myprivatecloud myproj myproject myqueue myrepo
  myrepository myreservation myresourcepolicy myrouter mysecret myservice mysubscription mytable mytag mytopic mytpu
  mytrigger myworkflowtemplate myworkforcepool myworkloadidentitypool myzone máquina máscara máxima máximo mémoire
  métadonnées méthode método même mêmes mías míos möchte möchten mögen möglich mögliche möglichen möglicherweise mögt
  múltiplas múltiples múltiplos müssen müsst müßt naam naar nach nachdem nachfolgend nachher nacht nada nadat nadie
  nahm naive należy namelen namelijk namen namens nameserver namespaced namespaces nami nano nanosecond nanosleep
  naquela naquelas naquele naqueles narrowing nasi nasz nasza nasze naszego naszych national natomiast naturel
  naturelle naturelles natychmiast natürlich navigation nawet nazw nazwa nazwy nazwą nazwę nbytes ncurses neanmoins
  nearbyint neben necesario necesita necess necessaire necessairement necessaria necessario necessita necessitating
  necessária necessário needlessly neednt neem negate negatives negativo negen negeren negl negli negotiate negotiated
  neighboring nein nell nella nelle nello nemen nemmeno nenhum nenhuma neppure nergens ness nessa nessas nesse nesses
  nessun nessuna nessuno nest nesta nestas neste nestes netapp netbsd netdb netdev netinet netlink netmask nets
  netscape netstat nettle nettoyage networkconnectivity networkd networkfirewallpolicies networkmanagement
  networksecurity networkservices networktier neue neuen neuer neues neuesten neuf neugestartet neulich neun neunte
  neunten neunter neuntes neustart neutral neuvième neverf neverless newlib newline newlines newlocale newname nfrench
  ngerman ngettext nglyph nglyphs nicely nich nicht nichts niech niego niej niemals niemand niemandem niemanden niemu
  niente niet niets nieuw nieuwe nigdy niks nimi nine ninety ninguna ningunas ninguno ningunos ningún nios niveau
  niveaux nivel nlink nmav noasync noble noch noche nocheck nochtans nodegroups nodepool nodepools nodig nodisabled
  nodoc noenablelogging nogal nogen noinst noite nokia nombre nombres nombreuses nombreux nome nomes nomi nommé nommée
  nommés noms nonblocking nondefault nondimeno nonempty nonetheless nonfatal noninteractive nonlocal nonlocking
  nonmatching nonnegative nonnull nonostante nonportable nonreentrant nonsense nonsia nonstandard nontrivial nonusable
  nooit noon noone noop nopager noproc noprog noreply norequireapproval noreturn norm normaal normale normalement
  normalen normalerweise normalmente normaux north northamericanortheast nosotras nosotros nossa nossas nosso nossos
  nostra nostre nostri nostro notamment notations noter noticeable notifies notre notwendig notwithstanding noudeb nous
  nouveau nouveaux nouvel nouvelle nouvelles nova novamente novanta novas nove novel novell november novo novos nowe
  nowhere noyau nplurals nptl nroff nsec nseq nspawn nsswitch ntfs ntop nuestra nuestras nuestro nuestros nueva nuevas
  nuevo nuevos nuke nulla nulle nullptr nulls nulo numa numas numeri numerically numerico numerische numero nummer
  numérico numérique numériques numéro numéros nunca nuns nuova nuovi nuovo nuttig nutzen nvidia nvidiateslat nvptx
  nwnk nächste nächsten néanmoins nécessaire nécessaires nécessite négative nível nôtre nôtres nötig número números
  nützlich oauth oauthclients oben obigen objc objcopy objdir objdump objective objet objeto objets obligation
  obligatoire oblique obok obra obrigada obrigado obrigatórios observe obsol obsolescent obsoleta obsoleto obsolète
  obsolètes obtains obtener obtenir obtenu obter obtido obwohl occasional occupied occupies occupy occured ocho ochten
  ocsp october odczytu oder offen offending offload offloading ofschoon ofwel oggetto oggi oglich oglichen ogni ognuna
  ognuno ohne oitava oitavo oito okay około oktober oldenburg oldstable oliva ollé oltre omdat omega omgevingsvariabele
  omhoog omis omise omisión omission omlaag omstreeks omtrent omver onbekend onbekende ondanks onde ondemand onder
  onderdeel onderling ondersteund ondersteunde ondersteuning ondersteunt ondertussen oneline oneshot ongeldig ongeldige
  ongeveer onnen onnte onnten onsite onszelf ontbreekt ontem ontleden onvoldoende onwards onze onzeker onzième ooit
  opcionais opcional opciones opción opcja opcje opcji opcją opcję opdracht openat openbsd opendir openen opengroup
  openpgp openpty opensource openssl opensslasn opensslca opensslciphers opensslcmp opensslcms opensslcrl openssldgst
  openssldhparam openssldsa openssldsaparam opensslec opensslecparam opensslenc opensslengine opensslerrstr
  opensslgendsa opensslgenpkey opensslgenrsa opensslinfo opensslkdf opensslmac opensslnseq opensslocsp opensslpasswd
  opensslpkcs opensslpkey opensslpkeyparam opensslpkeyutl opensslprime opensslrand opensslrehash opensslreq opensslrsa
  opensslrsautl openssls opensslsess opensslsmime opensslspeed opensslspkac opensslsrp opensslstoreutl opensslts
  opensslverify opensslversion opensslx opera operación operador operated operação operações opgegeven opgenomen
  opgeslagen opgeven ophalen opis opnieuw oppure oprio opslaan optarg optie opties optimisation optimised optimistic
  optimizer optimum optionale optionnel optionnels opzij opzionale opzione opzioni opção opções opération opérations
  oracledatabase oraz ordem orden ordinal ordinarily ordine ordnung ordre organize orgpolicies orgpolicy orientation
  oriented orig origem origen originale originated originates originele origins orio orios orphaned osconfig ossia
  otigen otigt otra otras otro otros ottanta ottenere otto otworzyć oude oughtnt ouias ours oust ouste outcomes
  outermost outfile outil outils outlined outproc outputfile outputonly outra outras outre outro outros ouvert ouverte
  ouverts ouvrir overal overeen overeenkomen overeenkomst overeenkomt overeind overflowing overhaul overheads overige
  overigens overlaps overlay overload overloaded overlooked overnight overread overriden overschrijven oversight owing
  owszem paar pacchetti pacchetto packagers packing pacote pacotes padded padrão padrões pads paese paged pagesize
  pagina pagine pain paint painting paire paired pairwise pais pakietu pakket pakketnaam pakketten palabra palavra
  palavras palette pamięci pamoverview pana panel pani panic panix panne paquet paquete paquetes paquets para
  paragraphe parameterized parametri parametro paramètre paramètres paranoid parar parce parecchi parecchie parecchio
  parece paren parens parenthesized parfois parity parle parlent parler parmi parms parole parsable parsechangelog
  parseme partagé partagée partant parte parted partendo partes participate particuli particulier particulière
  particulièrement partie parties parting partir partitioned partner parámetro parámetros parâmetro parâmetros pasada
  pasado passado passage passe passen passende passenden passer passiert passphrase passphrases passt passthrough
  passwd passé pasta pastas pasted pasting patchlevel patent patents pathological pathtofile patroon patrón paucas
  payloads paìs pbkdf pcpa pcre pcreateerror pdstandard peccato pedantic pedido pedidos peek peerings pegar peggio pela
  pelas pelo pelos penalty pendant pense pentium peor pequeno perante percentages perche perchè perché percio perciò
  percorso perdre perf perfil perfino perimeter perimeters perl perm permessi permet permettant permettent permettra
  permettre permis permises permisos permissible permissive permissões permite permiten permitida permitidas permitido
  permitidos permitir permitting permutation pero perpetual perrno perror persino persistence personality persone
  personne personnel personnes persons perspective pertain pertaining pertence perto però pesar pesquisa pesquisar
  pessoas petición petit petite petites petits peut peuvent peux pfft pfut pgsql phases phil phobos phone phony phrases
  phrasing phys physically physik physique picks pidfd pids piedi pieno piglia pile pinentry ping pinned pipermail pire
  pitt piuttosto pixbuf pixmap pixmaps pièce pkcs pkey pkeyparam pkeyutl pkgconf pkgconfig plaats plaatsen placer placé
  plage plainly planes planner plano planté plataforma plateforme plausible plein plik pliki pliku plików plist plouf
  plug pluggable plupart plural plusieurs plut plutôt plötzlich pmap pmaplist pmid pobox poca pocas pochissimo pochu
  poco pocos początku podanego podano podanych podać podczas pode podeis podem podemos poder poderá podia podria
  podriais podriamos podrian podrias podrá podrán podría podrían podręcznika pods poiche pointeur pois pole polecenia
  polecenie poleceń policycontroller policyname politique polkit polled pollution poly polymtl pomimo pomocy ponad
  poner ponieważ ponownie ponteiro ponto pontos popen popped pops populates popup porque porquê porta portably portal
  portanto portchannel porters portmap portp posible posición positif positioned positioning positionn positionné posix
  posizione posição poss possa possedere possessif possessifs possibile possibilidades possibles possivelmente posso
  possono possui possède possíveis possível posted posterior posteriore postfix posting postinst posto postrm posts
  posture potentiellement potrebbe pouah pouca pouco poucos pour pourcentage pourquoi pourra pourraient pourrais
  pourrait pouvait pouvez pouvoir povo powercycle poweroff powerpc powerpcspe powers powinien powinna powinni powinno
  powiodło poza pragma pragmas pratique prawie prctl pread prealable prebuilt prec precedente precedenti precedes
  precies precious precisa precisam precisar precisement precompiled preconfigured predefini predefinida predefinido
  predefinidos predefinita predefiniti predefinito predefinição predeterminada predeterminado predicates predominantly
  preemptible preexisting preferably preferibilmente prefetch prefijo prefixo preformatted preinst preload prematuro
  premi premier premise premises première premièrement prend prendre prep prepackaged prepares prepended prepending
  preprocessed preprocessing preprocessors prerequisite prerm pres presa presentation presente presentes presenting
  presently presents presses presumed prev prevention previamente price prima primaire primeira primeiras primeiro
  primeiros primer primera primero primeros primes primo principale principalmente printers printf prio prioridade
  priorit prioriteit prioritize priorité pris prise prises prism pristine priv privacy privateca privatecloud
  privateclouds privately privilegedaccessmanager privilèges privs probabilmente probable probablement probante
  proberen probes probing probl problema problemas problemen problemi problemlos problème problèmes procedant proceeds
  proces proceso processamento processar processeur processo processos processus procfs prochain prochaine proche
  procname procnum procps procpsng procura procurar productsearch produire produit produite produzir prof profil
  profiled profiler profondeur prog progname prognum programa programas programma programmable programmatic programme
  programmers programmes programmi programu progreso progression progressive progresso progs progvers prohibit
  prohibited prohibits projectid projectlevel prologue promeiro promesso prominent promotion promptly pronto prop
  propertiesfile propia propias propio propios proporciona proportional propos propq propquery propre propriedade
  propriedades proprio propriétaire propriétés props proszę prot protecting protections protector protects proto
  protobuf protocole protocolo protonmail proud provavelmente prove proven providerkeymgmt providerpath provient
  provisions proximo proxyheader pruned pruning przecież przed przede przedtem przez przy près précédemment précédent
  précédente préfixe présent présente présents própria próprias próprio próprios próxima próximas próximo próximos
  prüfen psabi pselect psitt psql pthread pthreads pton ptrace ptrdiff pubkey publication publicdomain publicity
  publisher pubsub pubsublite puderam pudo pueda puede pueden puedo puerto pues puis puisque puissance punt puntero
  punti punto puntos punycode purged purtroppo putc putchar putenv putty pwrite pydoc pypi página páginas périphérique
  périphériques pôde põem qdisc qsort quad quadratic quais quaisquer qual qualche qualcosa qualcuna qualcuno quale
  quali qualify qualité qualquer qualsiasi qualunque quand quando quant quanta quante quanti quantidade quantities
  quantity quantité quanto quantunque quarante quarta quarto quasi quatorze quatre quatrième quatrièmement quatro
  quattro quedó quel quelconque quella quelle quelles quelli quello quelque quelques quels quem quer quereis querem
  queremas queremos queres quero quest questa queste questi questionable questo questão queueing quicker quiconque
  quien quienes quiere quieter quietly quieto quindi quinta quinto quinze quirk quirks quitte quitter quiza quizas
  quizá quizás quién quiénes quoi quoique quot quáis raccourci racine rack racks racy raddr radians radix rafaelff
  raising raison raisons raiz randomization randomness rango rank ranlib rapid rapide rapidly rapport rapporteren raras
  rarement rares rasterizer rates rationnelle ratios razie raíz rbacrolebindings rdfds readahead readdir readelf
  readily readiness readline readlink readme readonly readv readwrite realizado realizar realize realized realizó
  realloc reallocarray reallocating reallocation realmente realpath realtime rearranged rearrangement reasoning rebase
  rebased rebooted rebootet rebooting rebuilds recaptcha recaptchaenterprise receipt receiver recente recentemente
  recentes reception recherche rechercher recherches recht rechte rechten rechter rechtes rechts rechtstreeks recipe
  recipes recipient recipients recode recognise recognizing recommandé recommending recompiled recompiling
  reconfiguration reconfigure reconfigured reconhecida reconhecido reconnu reconnue reconocido recordsets recosize
  recovering rectangle rectangles rects recuperare recurring recursing recurso recursos recv recvfrom recvmsg recvsize
  recvsz rede redefining redelijk reden redhat redirecting redirections redistribuer redistributed redistribution
  redistribuí redo redraw redémarré reeds reenable reentrant refactor refactored refactoring refcount refcounting
  referencia referential referência reflecting reflection reformat reformatted reformatting refreshed regarded regards
  regcomp regel regels regen regeneration regex regexes regexp regionalendpoints regionszones registeringacluster
  registerrpc registo registrazione registro registros regolare regras regs regularly reguliere reguläre regulären
  regulärer reimplemented reinit reinitialize reinitialized reinstall reintroduced relate relates relatif relatifs
  relativ relativa relativamente relativement relatives relativi relativo relaxed relação reliance relink reloc
  relocate relro remained remap remark remarks remarquable remembered remembering remembers reminder remnants remotes
  remoto remount removeiampolicybinding removelabels remover removido removidos remoção remplac remplace remplacement
  remplacer remplissage rend renders rendre renomear renommer renseignements renvoie renvoyé reopen reordered
  reorganized repaired repeatable repeats repente replymsg reportar reportbug reportedly reposition repositioned repr
  representable reproduced reproducibility reproducing représentation requer requerido requestid requiere requiert
  requireapproval requis requise requête requêtes reread rerun research reseller resemble resends reservationaffinity
  reserves reserviert residency resident residing resilient resistant resizes resolução resolv resolvable resort
  resourcebundles resourceformat resourcemanager resourcemanagertags resourcepolicies resourcetype resp respecting
  respectivement respecto responded responds responsable resposta ressource ressources restant restaurar restaurer
  reste restent restituito resto restoreplan restreint restrictif restructure restructuring resultado resultados
  resultant resultproc resumed resumes resuming resumption resync retard rete retirer retorno retour retourne
  retransmitting retval reuses reveal revealed revents reverses reversing reviewed reviews revise revoici revoilà
  rewind reworded reworked rewrites rewrote reçu ricerca richiede richiesta richiesto richtig riconosciuto riecco rien
  riferimento riga righe rightmost rimosso rimozione rimuovere rint ripristinare ripristino riscv riser risks risky
  rispetto risque risultato riuscita riuscito rlimit rmdir rmsg rmtcall rodata roff roku roll rolled rond rondom rooms
  rooted rotate rotated rotating roto rotto rough royalty rpath rpcgen rpch rpcinfo rpmbuild rsautl rsync rtems
  rudimentary rund runnable runtest runtime runtimeconfig runtimes ruta rutgers rvalue rvalues rwth rápido règle règles
  réaliser réalisée récent récente récupération récupérer réel référence références réglage répertoire répertoires
  réponse réseau réservé résolution résultat résultats résumé rétrocompatibilité również saasruntime saasservicemgmt
  sabato sabe sabeis sabem sabemos saben saber sabes sache sacrebleu sagt sagte sair sait sale salida salir salsa salt
  salvo sama samba samedi samen samplecluster sampleproject samstag samsung sandboxing sandmann sanitizer sans sapristi
  sara sarai saranno sarebbe sarebbero sarei saremmo saremo sareste saresti sarete sarge sarà sarò satisfies satt
  saturday sauber sauf saut sauvegarde savannah savings savoir saída sbin sbrk scalability scalable scales scanf
  scatter scdaemon schaefer schaltet sched schemaqualified schicken schlecht schließen schließt schlug schluss schnell
  schon schreiben schreibt schrijven schule schwab scientific scola sconosciuta sconosciuto scoping scopo scorso
  scratches screens scritto scrittura scrive scrivere scroll scrolled scsi seal sealing seamos sean seas secciones
  sección seccomp sechs sechste sechsten sechster sechstes seconda seconde seconden secondes secondi secondly secondo
  secp secretmanager secs sect sectie secuencia securely securitycenter securitycommandcenter securitypolicies
  securitypolicy securityposture securityprofiles secção sedert seeded seeding seekable seeking seemed seeming segfault
  segfaulting segfaults segmento segnale segue seguente seguenti seguido seguinte seguintes seguir seguito segun
  segunda segundo segundos segurança seguridad seguro segv según sehen sehr seid seien sein seine seinem seinen seiner
  seines seis seit seitdem seither seize seja sejam sejamos selbst seleccionado selecionado selecionar selectable
  selections selective selectors selezione selfhosted selftests selinux sell selon seltsam selves semaphore semaphores
  semblable semblaient semble semblent sembra sembrare sembrato sembrava sembri semelhante semi semplice sempre senden
  sendet sendfile sendmail sendmsg sendo sendreply sendsize sendsz sendto sens sensitivity sentences sentido senza
  separada separadas separado separador separados separates separati sept september septième sequenza sequência sera
  serai seraient serais serait seras serei serem seremos serez seria serializing seriam seriez serions seriously serons
  seront sert serverside serveur serveurs serviceable serviceaccount serviceaccounts servicecontrol serviced
  servicedirectory serviceextensions servicename servidor servir serviço será serán serás serão seré seréis sería
  seríais seríamos serían serías sesión sess sessione sessão setaffinity setattr setcontext sete setenv setgid
  setgroups setiampolicy setitimer setjmp setlocale setmode setpriority setresuid setreuid setrlimit setscheduler
  setsid setsockopt settable sette settime setuid setuptools setvbuf setwidth setzen setzt seul seule seulement seules
  seuls seus seven seventy sexta sexto sezione seáis señal señaló sgml shadows shadowutils shant shapes shareable shed
  shelf shellcheck shes shieldedintegritymonitoring shieldedsecureboot shields shim ship shlib shlibdeps shlibs
  shortcomings shortcuts shortened shortest shot shouldn shouldnt showns shrinking shuffle siamo siano siate sibling
  siblings sich sicher sichere sicure sicurezza sido sieben siebente siebenten siebenter siebentes siehe siempre sien
  siendo sienne siennes siens siete sigaction sigaltstack sigh siginfo sigmask signaled signaler signaling signedness
  signer significa signifie signifies signify signo signum signé sigpending sigprocmask sigqueue sigs sigset sigsuspend
  sigue siguiente siguientes sigwaitinfo silences silencieusement silencieux simbolico simbólica simbólico similaire
  similaires similarity simplement simples simplicity simplifying simulated simulation sinais sinal sincere sincos sind
  sinds sindsdien sine singly singolo singular sinh sink sinks sinnvoll sino sinon sintassi sintaxe sintaxis sistema
  sistemas sixième sixteen sixty sizeof sizing skeleton skew skąd slant slave slechts sleeping sleutel sloppy slowdown
  slowest slowly slows sluggish sluiten smarter smartphone smashing smcv smime smith smooth smoother snel snprintf
  sobie sobre sobrepor sobą sock sockaddr socketpair socklen sockp socks sofern sofort sogar soient soir sois soit
  soixante sola solamente solang solar solaris solas solche solchem solchen solcher solches soletenancy solid solito
  soll sollen sollst sollt sollte sollten solo solos soltanto solves someday somente somethan sometime somme sommes
  sommige somos soname sonames sondern sonntag sono sonst sont sophisticated soportada soportado soporte sopra
  soprattutto sorgente sortby sorte sortie sorties sotto souhaitez sound sounds sourceforge sourcemanager sourceware
  sourcing sous souvent soversion soweit sowie sowohl soyez soyons soyos spaceseparated spam spanning spans sparc spare
  spark spatie spaties spazi spazio spcreateerror speak speaking speaks speciale specializations specifica specificare
  specificata specificate specificati specificato specifics specifiek specifieke specifique specifiques speculatif
  speculation speculative speech speeding speedups speichern spellings spento sperrno sperror spesso spezielle
  speziellen spezifiziert sphinx spin spirit spkac splice spoedig spoke sposób sprintf später spécial spéciale spéciaux
  spécification spécifie spécifier spécifique spécifiques spécifié spécifiée spécifiées spécifiés sqladmin sqlite
  sqlservice sqrt squeeze srand srcdir srcx srcy sscanf ssen sser sshd ssig ssize sslcertificates sslich staan staat
  stabs stacked stacking stackoverflow stacktrace stacktype staged stai stampa stampare stamps standaard
  standaardinvoer standaarduitvoer standalone standardm standardmäßig standardowe standardowego standing stando stanno
  stanza stanzas star starai staranno starebbe starebbero starei staremmo staremo stareste staresti starete stark
  starten startet startseite starttime starà starò stata stateful stateless statfs stati stating statistiche
  statistiques stato statt stattdessen statuses statut statvfs statx stava stavamo stavano stavate stavi stavo stdarg
  stdatomic stdbool stdc stddef stdint stdio stdlib steal stealing steeds stefanor stehen steht stellen stellt stemmo
  stepping stessa stesse stessero stessi stessimo stesso steste stesti stette stettero stetti sthibault stia stiamo
  stiano stiate stick stile stimmt stock stockage stockées stoeckmann stolen stone stoppen storagepools storeutl story
  stpcpy strace strcasecmp strcat strchr strcmp strcpy strdup strerror stress strftime strictement stride stringa
  striped strips strlcpy strlen strncasecmp strncmp strncpy strndup strpbrk strptime strstr strtod strtok strtol
  strtoul struct structs stty stylesheet ständig suas subclass subclasses subcommand subcommands subdir subdirectories
  subdirectory subdirs subdivi subexpression subexpressions subito subjects sublicense submodule submodules subnetworks
  subnormal suboptimal subordinate subreddit subroutine subroutines subscribers subscript subscripts subsets subshell
  subst substantially substitui substituir substitutes substituting substring substrings subsumed subsystems subtiles
  subtract subtracted subtracting subtraction subtree subtrees subtype subversion subwindow successivamente successivo
  successo successor successors succès sucesso suche suchen sucht sudden suddenly suffer suffice suffices suffisamment
  suffisant suffisante suffisso suffit suffixe suficiente sufixo suggesting sugl sugli suid suis suit suitability
  suitably suited suivant suivante suivantes suivants suivent suivi suivie suivis suivre sujet sull sulla sulle sullo
  suma summaries summarize summarized sums sunday sunos suoi superblock superclass superficial superh superior
  superiore superpose supersede supersedes superset superuser superutilisateur suporta suportada suportadas suportado
  suportados suporte suppl supplemental supplémentaire supplémentaires supporta supportata supportate supportati
  supportato supporte supporto supporté supportée suppose suppressing suppressions supprim supprime supprimer supprimé
  supprimés suprime supuesto supérieur supérieure surplus surprised surround surtout suse suspending suspends
  suspicious suya suyas suyo suyos svcerr svcfd svcraw svctcp svcudp svenjoac swaps switchport swoje symbole symboles
  symbolique symboliques symbolische symbolischen symbolischer symlink symlinked symlinking symlinks symptom syms
  synced synchronizing syncing synonymous synonyms syntactic syntactically syntaxe syntaxis synthesized syscall
  syscalls sysconf sysconfdir sysconfig sysctl sysdeps sysfs sysmacros sysroot syst systeem systematic systemctl
  systemerr systemgenerated systemu systemweite systemwide système systèmes sysv sysvinit sábado sécurité sélection
  sélectionner sélectionné sélectionnée sélectionnés séparateur séparer séparée séparées séparés séquence séquences
  sétima sétimo sólo tabela tabella tabla tableau tablet tabulations tage tagen tagging tagpattern tagtemplates taille
  tailles taint tainted tais taka taki takich takie także tale tali talvez talvolta tamanho tamanhos tamaño tamb tambem
  tambien también também tamelijk tampoco tampon tampons tandis tant tanta tantas tanto tape tapes tarball tarballs
  tard tarde tardive tarfile targetpools taskqueue tatsächlich taxonomies taxonomy tcsetattr teach teardown tech
  techniques technology tegen tegenover tego teil teken tekenreeks tekens tekst telle tellement telles telnet tels
  temos tempfile tempo temporaire temporairement temporaires temporal temporaneo temporário temporäre temporären
  temprano temps temu tenant tendes tendremos tendrá tendrán tendrás tendré tendréis tendría tendríais tendríamos
  tendrían tendrías tends tened teneis tenemos tener tenga tengamos tengan tengas tengo tengáis tenha tenham tenhamos
  tenho tenida tenidas tenido tenidos teniendo tenir tens tensorboard tensorboards tenta tentar tentaram tentative
  tentativo tente tentei tenzij tenéis tenía teníais teníamos tenían tenías terabyte teraz terceira terceiro tercera
  terei teremos teria teriam termcap termes termina terminada terminado terminale terminar terminations terminato
  terminators termine terminer terminfo terminology terminou terminé terminée terminó termios ternary terug terwijl
  terzo terá terão teríamos testcase testcases testdataset testdb testinstance testlake testo testpipeline testproject
  testrelease testsuite testuser testzone teus teve texi texinfo textdomain texte texto textwidth thank thans thanx
  thatll thats thatve thead theirs themes thence thereafter thered therein therell thereof therere theres thereto
  thereupon thereve thewrittenword theyd theyll theyre theyve thick thinko thirdparty thirty thorough thoroughly thou
  thoughh thoughts thousand threadsafe thresholds throug thru thumb thunk thursday thyrsus tickets ticks tidy tiempo
  tien tiende tiene tienen tienes tienne tiennes tiens tiff tight tighten tightly tijd tijdelijk tijdens tile till
  timespec timeval timezone timezones timings tinha tinham tion tipi tipo tipos tiret tirets titolo titre tive tivemos
  tiver tivera tiveram tiverem tivermos tivesse tivessem tiveste tivestes tivéramos tivéssemos tjaalton tmac tmpdir
  tmpfile tmpfiles tmpfs tmpl tmux tobie tobą toch toda todas todavia todavía todo todos toegang toegestaan toegevoegd
  toen toenmaals toenmalig toepassing toevoegen toggled toggles tokenize tolerance tolerant tolerate tolower tomorrow
  tonen tonight toolchain toolchains toolkit toplevel tornar totale totals totdat toteż toto totobą touchant touchpad
  toujours toupper tous tout toute toutefois toutes tpus tput tpuvm traag trabaja trabajais trabajamos trabajan
  trabajar trabajas trabajo trabalhar trabalho trac traceback traced tracetoken trackmemusage trade trademark
  trademarks tradeoff traditionally tradu traduc traduction traduites traduz traduzidas traduzione tradução train trait
  traitement traiter traits traitées trampoline tranne trans transactional transforming transitioned transitive
  translationproject translator translators transparency transporte trapped trapping traps tras trash trata travail
  travers traversed traverses traversing través treize trenta trente tres treze trial tricks trier triggerconfig
  trillion trimmed trimming triple triples triplet triplets triplo tritt trixie troca troff trois troisième
  troisièmement troll trop troppi troppo trotzdem trouv trouve trouver trouvé trouvée trouvées trouvés trova trovare
  trovata trovato trunc truncado truncates truth trybie trzeba très três tset tsoin tsouin ttyname ttys tuas tube tudo
  tuesday tune tuned tunnels tuoi tussen tutaj tutta tuttavia tutte tutti tutto tuve tuviera tuvierais tuvieran
  tuvieras tuvieron tuviese tuvieseis tuviesen tuvieses tuvimos tuviste tuvisteis tuviéramos tuviésemos tuvo tuya tuyas
  tuyo tuyos twas tweaking twee tweede twelve twenty twinsun twoi twoim twoja twoje twym twój tych tylko typeahead
  typedef typedefs typeface typename typeof typischerweise typu tytso tzset tâche tête têtes tínhamos uber uberpr
  ubersetzt ubicación ubsan ucla udeb udebs udev udevd ufen ugbar ugbaren ugen uguali uhren uhrt uids uint uintmax
  uintptr uitgebreide uitgeschakeld uitgevoerd uitgezonderd uitvoer uitvoeren ulimit ulong ulteriore ulteriori ultigen
  ultimate ultimo ultra ultérieure umas umask umbenannt umbenennen umero umgehen umgewandelt umgezogen umlaut umount
  unabhängig unallocated unaltered uname unary unas unauthenticated unavoidable unaware unbalanced unbekannt unbekannte
  unbekannter unbekanntes unblock unbound unbounded unbuffered unclean uncomment uncommitted uncompress uncompressed
  unconstrained undef undefine undelete underflows undergo underline underneath understandable undesired undetected
  undoes undoing undone unencrypted unerwartete unerwarteter unerwartetes unes unescape unescaped unfortunate ungetc
  ungültig ungültige ungültiger ungültiges unhealthythreshold unhelpful unicamp unicast unico unicode unidade
  uniformement uniformly uninit uninitialised uninitialized uninstalling unintentional unintentionally unions uniq
  uniquement uniqueness uniques unisa unistd unittest universally unix unlinked unload unloaded unloading unlocking
  unlocks unmaintained unmapped unmatched unmount unmounted unofficial unordered unos unpacking unpaired unportable
  unprintable unqualified unquote unread unrecognised unrecoverable unref unreferenced unregister unreleased
  unrestricted unrolling unse unsem unsen unser unsere unserer unses unsetenv unsets unshare unsorted unsuccessful
  unsuitable unten unter unterdrücken unterdrückt unterminated unterscheiden unterscheidet unterschiedlich unterst
  unterstützen unterstützt unterstützte unterstützten unto untrusted unversioned unwind unwinding unwrap unwrapped
  unwritable unzip uomo updatelabels uplink uploader uploaders upstreamed uptodate upward upwards urandom uris urlmaps
  urls usada usadas usado usados usais usam usamos usan usando usar usare usarse usas usata usate usati usato uscan
  uscentral uscita useast usec usefully usefulness uselocale useradd usercontrolled userdefined userinfo usermanaged
  useroutputenabled userprovided userspace usleep usselte ussen ustawić usted ustedes usuario usuarios usuário uswest
  utente utenti util utile utiles utilice utilis utilisable utilisant utilisateur utilisateurs utilisation utilise
  utilisent utiliser utilisez utilisé utilisée utilisées utilisés utiliza utilizado utilizador utilizadores utilizando
  utilizar utilizing utilizzare utilizzato utillinux utils utime utimes utmp utmpx utzlich utzt utzten utzung uucp uuid
  uzyskać użycia użycie użytkownik użytkownika używa używane używany używać użyć vaak vaakwat vacía vacío vais valable
  valables vale valeur valeurs valgrind valida validateonly validator valide valides validi valido valor valore valores
  valori valuable valued vamos vanaf vandaan vanuit vanwege vanzandt vapier varargs vardi vari varia variabele
  variabile variadic varias varie vario varios variáveis variável vasprintf vault vaut vaya vazia vazias vazio vazios
  vecchia vecchio veces vectorizer vedere veel veeleer veertig veja veld velden veloce vendredi venerdì venga vengono
  vens venv veraltet veraltete veralteten veranlasst verarbeitet verb verbeux verbinden verbum verbunden verdad verdade
  verdadeiro verdadera verdadero verder vereist vereiste vereisten verf verfügbar verfügbaren vergangenen vergleichen
  verglichen verhalten verhindern verhindert verifica verificación verificar verificare verificação verity verkrijgen
  verlassen verloren vermeiden vermeld vermijden verouderd verplicht verranno verrou verrouillage verrouiller verrà
  vers versa verscheidene verschiedene verschiedenen verschillende verschl verschoben versie versienummer versies
  versione versiones versioni versión versnum verso versuchen versucht versão versões vertaling verursacht vervangen
  vervolgens verwacht verwaltet verwandt verweigert verwenden verwendende verwendenden verwendet verwendete verwendeten
  verwerken verwerkt verwijderd verwijderen verworfen verändern verändert veuillez veut vezes vfork vfprintf vger
  viagem vicino vide videotron vides vieilles viel viele vielem vielen vielleicht viene vier vierde viernes vierte
  vierten vierter viertes vieux viewable viewport vifs viii vijf vijfde vijftig vimrc vinden vindo vingt vinte violate
  violated violates violating virgule virgules virtualenv virtualization virtually visited visto visualizzare visuals
  vita vivat vive vives vmmigration vmware voce voci você vocês voegen voeren voici voie voient voilà voir voire
  volgend volgende volgens volgorde volgt vollbio volledig volledige vollständig vollständige volontaire vols volta
  volte vont voor vooraf vooral vooraleer vooralsnog voorbij voordat voordezen voordien voorheen voorkomen voorop
  voorts vooruit vorangestellt voreingestellte vorgegebenen vorgenommen vorhanden vorhandene vorhandenen vorher
  vorherigen vorhin vorkommen vorlon vorm vosotras vosotros vossa vossas vosso vossos vostra vostre vostri vostro votre
  voulez vous vprintf vrai vraiment vrij vrijdag vrije vrijschrift vroeg vroff vsnapshot vsnprintf vsprintf vtable
  vuestra vuestras vuestro vuestros vuota vuoto válida válido válidos várias vários vérification vérifications vérifie
  vérifier véritable vírgula vírgulas vôtre vôtres waar waarbij waarde waarden waardoor waarin waarom waarop
  waarschijnlijk waarschuwing waarvan waarvoor wahr wahrscheinlich waited waiter waitid waitpid waived wake wakeup
  walters wami wann wanneer wanting waren warmboot warned warranties warst wart warten wartet wartości wartość warum
  wasi wasm wasn wasnt wasted wasz wasza wasze watched wavefront wchar wctype wcwidth weakauth weaker webcam webhook
  weblate webpage wechseln weder wederom wednesday według weekday weekend weekly weer weergegeven weergeven wegen
  wegens weggelaten weights weil weinig weit weiter weitere weiteren weiterer weiteres weitergeleitet wejścia welche
  welchem welchen welcher welches weldra welk welke wellknown wells wenig wenige weniger weniges wenigstens wenn werd
  werde werden werder werdet weren werent werken werror wersja wersji weshalb wessen weve wezen wget whatis whatll
  whats whatsoever whatve wheels whence whereafter wherein wheres whereupon whilst whim white whitelist whitespace
  whitespaces whither whod whoever wholl whomever whos widgets wieder wiederholt wiele wielu wiens wier wieso wifi
  wijzelf wijzigen wijzigingen wiki wikipedia wild wilden willen willing willst wilt windres wine winsock wint wipe
  wird wirklich wirkt wirst wisc wise wishing wissen withdrawn witruimte więc więcej wlan wobei wochenende wodurch
  woensdag woher wohin wohl wohnung woken wollen wollt wollte wollten wonder wont worden wordt workbench workerpools
  workflowtemplates workforcepool workforcepools workloadidentitypool workloadidentitypools worktree worldwide worry
  worthwhile wouldn wouldnt wprintf writeable writev wszyscy wszystkich wszystkie wszystkim wszystko wtedy wtmp wurde
  wurden wyjścia wyjście wymaga wyrażenie wählen während währenddem währenddessen wäre würde würden właśnie wśród xargs
  xattr xauth xdrproc xdrs xffff xfree xftcore xftextent xftglyphs xftrender xgettext xhtml xiii xlfd xlib xlsclients
  xmalloc xmlto xnox xorg xproto xprt xref xserver xsltproc xtensa xterm xtrans xutils xxxx yacc yahoo yaml yellow
  yesterday yielding youd youll young younger youngest youre yours yourselves youve yselkowitz yucom zakończenie
  zamiast zapewne zaterdag zawartość zawiera zawsze zehn zehnte zehnten zehnter zehntes zeigen zeigt zeit zeker zelf
  zelfde zelfs zeroing zetten zeven zeznowu zich zichzelf zijn zijne zijzelf zipfile zippel zlib zmiennej znak znaki
  znaków znaleziono znaleźć znowu znów zoals zodat zodra zoeken zombie zondag zonder zostanie zostać został została
  zostało zouden zowat zowel zstd zuerst zugegriffen zugehörige zugeordnet zugewiesen zugleich zugreifen zuletzt zulk
  zulke zullen zult zulässig zunächst zurück zusammen zusätzlich zusätzliche zusätzlichen zuvor zwanzig zwar zwei
  zweimal zweite zweiten zweiter zweites zwischen zwölf zéro área árvore ähnlich älter ändern échec échoue échoué
  échouée écraser écrire écrit écrite écrites écrits écriture écritures écrivant éditer éditeur édition également
  élément éléments émettre émis épuisée équivalent éramos ésas ésos ésta éstas éste éstos étaient étais était étant
  état éteint éteinte étendu étendue étendus étiez étions étée étées étés éventuellement éviter êtes être índice
  órdenes öffnen última últimas último últimos única único útil über überein übergeben überhaupt überprüfen überprüft
  überschreiben überschrieben überschritten überspringen übersprungen üblicherweise übrig übrigens żaden żadna żadne
  żadnych żeby
`

// Of no use to most texts.
let all: ReadonlySet<string> | undefined

/** Whether a word, in lower case, is one of those. */
export const isOrdinaryWord = (word: string): boolean => (all ??= new Set(bytesOf(words).trim().split(/\s+/))).has(word)
