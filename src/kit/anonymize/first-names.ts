import {bytesOf} from './bytes.js'

/** Names, in lower case, as texts have them: split at blanks. */
const names = (text: string): ReadonlySet<string> => new Set(bytesOf(text).trim().split(/\s+/))

/** Names by which people are called, and which are words of some language, too: with another word in capitals beside it, one is a person. */
export const firstNames = names(`
  aadi aarne abak abani abbie abbondanza abebe abel abiola abril acace acanthe achille adaeze adam adame adamo adan
  adar addo adea adebayo adel adella aditi adja adnan adrian afia agnos agostina agrippa agustin agustina ahlem aidan
  aiden aimé aimée aino aisha ajan ajana ajay ajita akash akira alaban aladino alan alana alano albano albert alberto
  albin alda aldo alea alec alek aleksei alena alessandro alex alexander alexandra aleya alfonsino alfredo ali alice
  alicia alico alida alika alina alis alisa alison alistar alivia alizé allegra allen allie almine almira almiro
  almudena alois alonso altea alvar alvera alvin alvina amadeo amady amanda amande amando amant amar amara amari amato
  amatore ambre ambroisie ambrosiano amel amelia americo amicie amina amir amira amit amone amore amparo amra amy
  améthyste ana anang ananya anastasia anatolia anca anci anda anders anderson andi andra andrada andre andrea andrei
  andres andri andriana andrina andy anemona ange angeles angelica angelina angelino angus angélique anica anik anil
  anila anina anish anita anja ankit ann ann-kathrin anna annalise anne annegret anni annibal annibale annie anny
  anora ansel ansgard antero antino anton antone antonella antoni antonina antun anuar anya anémone aoife aparna
  aphélie apsara aquilin aquilino araldo aras aratone arcadio archange archie arda ardella arden ardito aren arian
  ariana arianna aric arie ariel arif arina arion arisa aristarco arlene arlo arman armando armin armine arminio arne
  aron arsen arta artem arto arttu aruk arun arvel arvind aryan asad asel asella asha asija asil asila asli asma assa
  assia assomption assunta assunto astérie asuela atanas atanasia atena athalie aube aubin augusto aure aurel aurelia
  aurica auro aurore ausilio aveline axel ayan ayas ayden aydin ayhan ayman ayumi ayşe azalée azer azzurra bagas bahia
  balaban baldo balta balthasar banna bao baptiste barbara barbu barica baris barney barry bart bartosz basar basilio
  bastien baya beat beata begoña belen ben benedetta benedetto benedict beniamina beniamino benigna benigno benito
  benjamin bennet benone benoît benvenuta benvenuto berengario bernarda bernardo berran berre bert berta bertha beth
  bette betty bhavna bianca bibi bill billie billy blair blaise blanca bob bobby bojan bonnie borja boyan bozena brad
  brahim brandi brandon brant brent bridie brigitte brisa britt brock bronwyn bruce bruna bruno buchi bénigne béryl
  caio calina camilla camélia candido capucine carina carine carl carla carles carlo carlos carlota carmen carol
  carola carolina carsten casimir casimira caspar catalina catrin catrina cebe celestino celia cerys cesare chanda
  chandra chang charleen charles charley charlie charlotte chatura cheikh chen chester chiara chidi chioma chira
  christ christel christian christie christof christoph christy chrétien chuck ciara ciaran cierra claire clara
  clarence clarisa clarisse claudia claudio clement clementina clementine clinton clive cloe clémence clément
  clémentine codin cody colby colin colomba colombe colombo concepcion conrad constance consuela consuelo corey cosmin
  courtney craig cristian cristiana cristiano cristina curt curtis céleste célestin césar daan dacio dadi daichi daisy
  dale dalia dalton damiana damil damin damocle damon dan danica daniel daniela daniele danny dante daphne daphné
  darcy darian darin darla david davon davor dean deepak deirdre delfina delfino delia delizia demarco demi dena denis
  dennis deon derrick desiderato deste dewitt diana diane diede diederik diego dieter dino dionisia dirk dmitry
  dolores dominick dominique donald donata donato donna dorica doris draga dragos duc dujo désiré dörte earl edda eddy
  ediz edmond edson efrain egon egor eike eino ekaterina ekkehard elaina eldon elena elfriede elia elie eligio elija
  elina eline elisa elise elisea eliseo elissa elizabeth elke ella ellen ellie ellis elmo elodie elogio elon elta
  elton elva elvin elzbieta eman emiliana emiliano emma emmy emory enea enes enio enise enrique enzo eoin erardo erast
  erel eremia eren erhard eric erica erich erick erico erika erin erke erma erman ermes erna ernie ernst erten ervin
  esa esben eskil espen essie esta esteban estela estell estelle estera estrella ethan ethel etil ettore eubert
  eufrasia eugen eugenia eustache eva eva-maria evgeny ewa fabricio faisal fatemeh fatma federica federico felicia
  feliciano felicitas felina felipe feng fergus fermo fidèle finja finn fletcher florence florentin florentina florin
  floyd folake fortunato fortuné fortunée foulques fran francesca francesco francia francisca francisco francisque
  franjo frank franklin franz frauke freida freja fridolin fritz funda félicité féline gabriel gaelle gaetano gareth
  gary gastone gaurav gebhard geert geminiano generoso gennady georgette georgiana geraint germano gernot gero giacomo
  giada gibran gigi gilbert giles gilles gina gioconda giocondo gioia giorgio giovani giovanni giri gisbert giuda
  giulia giuliana giuseppe giusta giusto glauco glen gloria goffredo gordana gordiano grace graham grant grazyna
  grigory grâce guadalupe guang guido guillaume guillemette gunda gunnel gunter gus guy gwenaelle gwenaël gwyneth gül
  günter günther haldun halil halvor hamza hana hania hanna hanne-mari hannelore hanno hao harri harry harsh hartmut
  haruka haruto hatice hazel heather hector hedi hedwig heidi heidi-maria heike heiko heiner helen helena helge hella
  helle hellen helmer henning henry herbert herman hernan herve hester hettie hideki hilaire hilde hina hinata hinnerk
  hiroshi hjalmar holger honoré horst hortense hossein huan hubertus hui hyun héctor ian iana ianna iara iban ibrahim
  ichiro idell igor ilario ilda ilian iliana ilka ilker ilkka imani imen immacolata immacolato ina incoronata ineke
  ines inga inge ingeburg inger ingmar ingo ingrida inja inka inmaculada ionel ionut iorio irena irene iriana irma
  irmgard isabel isabela isabella isabelle isidro isla isolde itzel iulia ivan ivano ivek ivica ivonne iwona izia izzy
  iñigo jaap jack jacky jaco jacobus jacopo jada jaden jake jalen jalon jamar james jamila jan jan-willem jane janet
  jarl jaroslaw jarred jasen jasmin jasmine jasper jazmin jean jeanette jeannette jeff jenny jere jeremias jeroen
  jerry jesse jessica jessie jesus ji-woo jian jiang jill jim jimmie jimmy jin-woo jing joanna joao jobst jochem
  jochen jodi joe joey johanna-maria johannes john johnnie johnny jolie jolin jolina jordan jordana jorg jorga jorge
  jorn josefina joseph josh jost jouni joy juan juana jules juli julia juliana julien juliet julio jurgen jussi jutta
  jürgen kaare kai-uwe kaisa kaito kajsa kamila kang kari karl karl-heinz karlheinz karola karsten kate katja-maria
  katrin kavita kazuki keaton kelly ken kent kenta kerry kerstin khaled khalil kim kimmo kirill kirsi kitty knud
  konstanze kuno kurt kyle käthe lachlan ladina lambert lana lance lars lasse laura laura-maria laureen laurentino
  lavada lazaro lea leah leia lena lenia lenn leo leon leona leoni leonora leontina leopoldina leopoldino lester
  leszek leticia letizia levente lexie li lian liang liara liberatore liberto libère lidia lidio liene liesel
  lieselotte ligia lilio lin lina linda linh lino lionel liron lisa lise livia liviana liz liza lizzy logan loic lois
  lolita loreen lorenzo lorian loriana loris lorrain lorraine lott lotta lotte lou loua louie louis lourdes luana luca
  lucas lucia lucian lucio ludie luis luisa luise luisella luka lukasz luke lurdes lutz léonard mable macaria maciej
  madalena madeleine madge madison mads mae magdalena maggie magnus maja makoto malati malea malgorzata malia malik
  malte manami manish manon manuel manuela manuele marc marcel marcella marcello marcia marciano marco marcos marcus
  maren marena mareta margarita marge margherita margo marguerite mari maria mariah mariana mariano marie marie-claire
  marijke marina marine mario marion mariusz marjolaine mark marko-antti marli marlis marlo marta martin martina
  martino mary masato massimo matar mateo mathias matilda matis matt matthias matti maud maura mauro mavis max maxim
  maxime maximo maxwell maya maïa mechthild meera meg megan mei mei-ling meinhard melchior melia melina meline melody
  mercedes merle merlin mette michael michele micheline michelle mikael-juhani mike mikhail mila milena miles miley
  milla millie milo min-jae min-jun ming miranda mirko miron mirona miroslaw mitch miyu moises moisés mollie molly
  mona monja montserrat monty morag morgan moris morris mory moses moïse murphy murray myrtle mélodie nabi naci
  nadezhda nadim nadir nadja naja nancy naoki naomi narcisse nasser nat natale natalina nate naura nazli neal ned
  neele nell nella nelle nelli nellie nelson nena nestor ngozi nguyen niamh nick nico nicoletta nicolo nidia niene
  nikhil nikolaus nils nimas ninfa nisha nitin nkechi noah noema nomsa nore noriko norma norman novan noël nunzio néné
  oana obinna obrad obren octaviana odell odile odin okey oksana olav olimpiada olin oliver olivera olivia olivier
  olle ollie olympe omad omero onesto onorino onorio oran orfeo oriana orla orlando orlo oronzo orsino ortrud oscar
  otavio otha ottmar otto ottone outi owain paavo padraig paivi palatino palladio palémon pamela panait panfilo paola
  paolo pascal pascale pasquale paterne patrice patricia patricio patrick patrizia patsy patty paul paula paule
  paulette paulien paulina paulo pava pavlo pawel pearl pedro peggy peng penny perica pericle pernille pete peter
  petra phoebe pien pierre pietro pim pinar pirmin pius polly pompeo ponzio pooja pranav preben priamo primerose
  priyanka proteo przemyslaw pépin péter qiang qing quasimodo quinten raden radoslaw rafal rafi raghav ragnar raimo
  raimondo rainer raj rajan rajesh ralph ramiro ramon ramona randi randy ranko rasmus rauf ravi ray rayan rayen razvan
  rebeca reed regina regis reijo reina reiner reinier remi remo remondo renate renato rendy rene rené renée resi reva
  rex reza rhea rhys riana rich richard rick rickey ricky riikka rija rik rika riko riley rimma risto rita robbe
  robert robin robinson rocco rocio rod rodrigo rodrigue roel roger rolando rolf romain roman romana romane romeo ron
  ronald ronnie rory rosa rosalia rosario roscoe rose rosemary rosi rosie roswitha rowan rozina rozo ruby rui rune
  russel ruth ruud ryan ryota régis rüdiger saara sabato sabina sabine sabino saeed safir sally salma salman salomon
  salvador salvatore sam samanta sami sami-petteri samia sammy samuel sander sandy sangeeta sanja santiago santino
  saoirse sara sarai sarla satine satoshi saturnin saturnino saul savanna scolastica sean sebastian sebastiano seden
  segun seija selvaggia senn seo-yeon seppe serafina serge serhat serkan severine shan sharon shawn sheila shelly sher
  sherry shinji shruti sibylle sidonia sidonio sidra siegbert siegfried sieglinde sigmar signe sigrun silvano silvio
  simo simon simona simone siobhan siriano sirpa sitara siv slava slawomir sneha solange soledad solene sonal sonny
  soo-jin sostene sostrato spencer speranza stana stanca stanislaw stefan stefanie steffi stein stella stephane
  stephen steve steven stewart stian sudi susana susano suzon svein sven-erik swantje swati sylvain sylvestre sylvia
  séraphin sérine tabea tad tadeusz takashi takeshi takumi tamara tamia tamina tammy tanja tanvi tapio taras tari
  tariq tarja tarso tatsuya taurin ted teemu teja tejas teppo teresa teri terje tero terry tertuliano thabo thanh
  thekla therese thomas thorsten thuy tibor tiffany tija tilman tim timm timo timo-juhani timothy tina tinca tine
  tineke toby tolga tom tomas tommaso tommy tomoko tomé tony torbjorn tore tosca tove traian traudl traute travis
  trevor trine triston trond troy tuan tuba tullia tunar tunde turid tyler uberto udit udo ugo ulf uliana ulisse uliva
  ulla ulrike undine uranio urs urszula uschi ute uwe valentina valentine valentino valeriana vanessa vanna varun
  vasco vasily velina veneranda venerando venusto vera verdie vernie veronica veronique vesa vesa-matti victoire
  victor victoria victorien vidar vikram ville vinod viola violette virginie vitali vitaly vitor vittoriano vivek
  vivian volker volkmar volodymyr véronique wade waldemar walker waltraud wayne wei wendelin wenke wenzel werner wies
  wieslaw will william willie wim winfried witold wojciech wolfram xiang xiao xin yan yana yang yaro yaroslav yasir
  yaya yegor yilmaz ying ylan ylvie yngve yoko yong young-ho yue yuki yuni yuto zacharias zaida zander zaraza zarina
  zbigniew zhanna zhen zoe zoilo zygmunt álvaro älva åke åsa élise épiphane ömer
`)

/** Names that are no word of English, German, French, Spanish or Italian: in capitals, one is a person by itself. */
export const onlyNames = names(`
  aadidev aadinath aaditya aadrika aagam aagney aagneya aaliyah aalok aaltje aamod aanand aanandaswarup aanandinii
  aanjaneya aanuoluwapo aaratrika aarav aaron aarya aaryan aarón aasa aasha aashritha aatmaj aatmaja aatreya
  aayushmaan aayushman abadon abagail abakan abakay abay abayomi abbigail abbondanzio abbondio abbos abby abdallah
  abdel abdelkader abdellah abderrahmane abdiel abdon abdone abdonie abdou abdoul abdoulaye abdourahmane abdramane
  abdul abdulahad abdulazim abdulaziz abdulboriy abdulhafiz abdulhakim abdulhay abdulholiq abduljabbor abduljalil
  abdulkarim abdulla abdullah abdullatif abdulmalik abdulqahhor abdulqodir abdulvahhob abdulvali abdulvohid
  abdurrahiym abdurrahmon abdurrauf abdurrazzoq abdussamad abebi abeiku abelard abelardo abelin abeline abena abendam
  abeni abenzio abhaidev abhaya abhirath abhisyanta abibatou abibo abidin abigaelle abigale abigayle abigaël abigaëlle
  abigaïl abigél abimbola abiodun abiona abisola abisoye abluç abner abosede abou aboubacar aboubakar abraham abrahamo
  abrahám abramio abramo absalon absolon absolón abyasa abélard abşar acacie acacio acar acario acaryatanaya accursio
  achaire achalesvara acharyanandana acharyasuta achil achiles achim achintya achraf achyut acilia acilio aciscolo
  acrisio aculina acun adah adalan adalard adalardo adalbald adalbaude adalbert adalberta adalberto adalbéron
  adalfredo adalgisa adalgiso adaline adalric adalrico adalsinde adaugo adaş adberilgen addie addison addolorata
  adebankole adebiyi adebola adebowale adeboye adebukola adedaramola adedayo adedeji adedoyin adegoke adegrin adegrine
  adekitan adekola adekunle adela adelaida adelaide adelajda adelardo adelasia adelaïde adelbert adelberto adelchi
  adele adeleke adelfo adelgardo adelia adelie adelin adelina adeline adeliya adell adelle adelmo adelphe adeltrude
  adelya adem adenet adenike adeniyi adeodato adeola adeolu adeoti adepeju aderopo adesewa adeshina adesoji adesua
  adetayo adetoke adetoun adeyi adheesh adhiarja adhiraj adhrit adhémar adiarja adib adiba adigun adika adikara
  adikavi adil adile adina adinata adinath aditeya aditya adityanandan adityanandana adnân adolf adolfa adolfo
  adolfína adolph adolphe adolphie adolphus adone adrain adraman adrastée adrehilde adria adriaan adriana adrianna
  adriano adriel adrien adriena adrienne adrijana adrione adripathi adrián adriána adunni advaya adwitiya adwoa adán
  adèle adél adéla adélaïde adélie adéodat afanasi afanasie afaq affan afitap afolarin afonso afruza afton afua afzuna
  afşar afşin agabio agafia agamennone agapet agapito agasti agastya agatha agathange agathe agathon agaton agazio
  agenore agesilao agilbert agilberte aglae aglaia aglaja aglaé agnan agnane agneflète agnes agnesa agnese agneta
  agneya agnieszka agnimitra agniprava agnivesh agnès agostino agrata agripina agripino agrippin agrippine agrypina
  agus agustín agáta agâh ahalya ahenk ahilya ahmad ahmed ahmet ahror ahsen aiace aicha aidano aileen aimee aimone
  ainārs aishani aissatou aisyah aiyana ajala ajani ajeet ajeng ajiman ajimat ajimin ajiono ajit ajla ajlin ajna ajoke
  akalp akande akanmu akanni akarsana akata akaş akbatur akbay akbaş akboğa akbudak akbulak akbuğra akbörü akdemir
  akdoğan akeem akif akifa akinkunmi akinlabi akinwale akkun akkunlu akkurt akkuş akmal akofa akorfa akosua akram
  akroor aksel akshainie akshaj akshat akshata akshayakeerti akshita aksil aksungur aktan aktekin aktimur akua akumaa
  akunna akvelīna akwasi akwesi akça akçakoca akçora alabörü aladağ alade aladoğan alain alaina alaine alakurt
  alamanno alambana alamu alanis alanna alara alarico alassane alayna alayunt alayuntlu alaïs alban albane albena
  alberico alberta alberte albertha albertina albertine albertino albertýna albertīne alboino albrecht albrico
  albérade albéric albín albína alceo alceste alcestiso alcibiade alcide alcidie alcime alcina alcine alcyone
  aldegonde aldemir alden aldobrando aldonce aldoğan aldric aleandro aleardo aleaume alejandra alejandrin alejandro
  aleksa aleksandar aleksander aleksandra aleksandro aleksej aleksi alekso aleksy alemka alene alenia alenka aleodor
  aleramo alesea alessa alessandra alessia alessio aleth aletha alevtina alexa alexandr alexandre alexandrea
  alexandria alexandrina alexandro alexandros alexandru alexane alexanne alexe alexei alexej alexie alexis alexys
  alexzander aleyna aleš aleška alfio alfons alfonsa alfonso alfonz alfonzo alford alfred alfreda alfréd alfréda
  alfrēds algiso algu alic alican alicja aliette alighiero alima aliona aliou alioune alisha alisher alissa alissia
  alistair alix alixe aliza alize alizee aliénor alişan alişir aljoša alka alkabölük alkaevli allan allene alliaume
  allison almerigo almila almire aloisie aloisio alojz alojza alojzije alok alonzo aloys aloyse aloïs aloïse aloīzs
  alpagut alparsbeğ alparslan alpata alpay alpaya alpaykağan alpdirek alpdoğan alperen alpertunga alpgerey alphan
  alphonse alphonsine alphonso alphée alpike alpilig alpinien alpkara alpkutlu alpkülük alptegin alptunga alpturan
  alptutuk alptuğrul alpuluğ alpurungu alpurungututuk alpyörük alsu altan altankan altankağan altay altemur althée
  altuga alvah alvaro alvena alverta alverède alviero alvis alvise alvīne alwar alya alyah alyce alycia alysa alysha
  alyson alyssa alyssia alysson alícia alíz alžbeta alžběta amabela amadea amadeus amahle amalia amaliane amalie
  amalija amalio amalric amalthée amand amandin amani amanzio amaranaath amarande amaranthe amaresh amarnath amath
  amauri amaury amaya amaç amaël ambrine ambrogio ambroise ambrose ambroży ambrož ambróz amdy amea amedeo amedeu
  amelie ameline amelio amely amelya amerigo ameth ameyatma amiel amilcare aminat aminata aminte amintore aminu amish
  amita amiya amleto ammâr amodini amogh amoke amope ampelio amrak amritambu amul amya amza amália amálie amát amáta
  amédée amélia améliane amélie amélien amālija ana-maria anaadi anabel anabela anabelle anacleto anae anael anaelle
  anagh anahi anahita anaida anais anala anamaria anamarija anamika anand ananda anandamayi ananta anasooya anass
  anastacio anastase anastasie anastasija anastasije anastazija anastazio anastazja anastáz anastázia anastázie
  anasuya anatol anatole anatoli anatolie anatolii anatázie anatólie anaël anaëlle anaïs ancelin anceline ancica andaç
  andelin andelko andelo andjelina andoche andras andreane andreanne andreas andreea andrej andreja andreo andrew
  andrian andrija andrijana andrin andris andrzej andrás andré andréa andréas andrée andrés andéol anděl anděla
  andělín andělína andżelika andžejs andžs anej anesa aneta anette anežka angadrême angela angelika angeline angelique
  angelita anggabaya anggun anghel anghelina angie angilbe angilberte angilran angoustan angèle angélina anibal anicet
  aniceto anicette anicée aniello anika anilaabh anilabh anissa aniya aniyah anjali anjaneya anjela anjelica
  anjolaoluwa anjushree anjushri ankal ann-christin ann-marie annabel annabell annabella annabelle annagrazia annalena
  annamae annamaria annamarie annapurna annaëlle anne-laure anne-marie anne-sophie anneke anneli annelie annemarie
  annemijn annette annika annikki annonciade anom anouar anouck anouk anrijs ansaldo ansbert ansberte anselm anselma
  anselme anselmo ansgar ansgary anshula ansley ansovino anstrudie antal antea antek antelmo anthelme anthelmette
  anthony antide antigone antim antimo antioco antoaneta antoine antoinette antonela antonello antonetta antonette
  antonia antonie antonietta antonija antonin antonine antonio antoniu antono antony antonín antti antwan antwon
  antónia antónio antônio anuja anunay anuraag anurag anusuya anvar anwesha ançuk anči ančica anđela anđelika anđelina
  anĝelo anšlavs apak apatarkan apolena apollina apollinaire apollinare apollinary apolline apollonia appia appoline
  aprançur april apuleio aqil arabela arabella arabelle araboğa araceli aracely arademir aral aram aranka arbay arbuz
  arcadi arcadie arcadii archambaud archan archibald archimede archippo arcibaldo ardith arduino arely aresio areta
  argelia argimiro argono argu argun ariadna arialdo ariane ariberto aricie ariela ariele arielle arij arijit arike
  arindam arinola ariosto ariste aristeo aristid aristide aristione aristofane aristotele arjun arkadiusz arkady arkád
  arkādijs arleta arlette arlie armance armand armande armandine armani armağan armel armeline armelle armida armide
  armīns arnaldo arnaud arnaude arnaç arnesh arnold arnolda arnoldo arnould arnošt arnoštka arnulfo arolde arona
  aronne arpat arpád arrigo arsal arsenie arsenije arseniusz arsinoé arsipatra arslan arslanargun arslanbörü
  arslansungur arslantegin arslanyabgu arslon arsène arsènie artanto artawan arthaud arthur arthurine arthus arthème
  artiom artuk artukaç artur arturo artus artut artuš artémis artūrs aruna arunthavanathan arved arvid arvilla arvīds
  arwa arwen arya aryanna arystarch arzen arçuk arşun asadulloh asake asartegin ascanio ascelin asceline asdrubale
  ashlee ashleigh ashlesh ashley ashly ashlynn ashmi ashok ashton ashtyn asilbek asimodeo asirwada asirwanda asiya
  asja aslesha aslijan asliya asmaa asmadi asman asmianto asmita asmuni asolat assetou assil assya astarté asterio
  astianatte astou astrid astrida astrée astrīda asuğ aswani asya atakan atakağan atalan atalay ataleo atanasio
  atanazy atanázie atanáš atasagun atasu ataç atberilgen athanase athanasie athenaïs athina athéna athénaïs atila
  atilla atinuke atmaca atmaja atmanand atmananda atreyee atreyi attila attilano attilio atunçu atâullah aubertine
  auberto aubree aubrey aubry aude audebert audeline audie audouin audra audran audreanne audrey augustin augustina
  augustine augustus augustín augustýn augustýna aulia aureliana aureliano aurelie aurelien aurelio aureliu aurelián
  aurelle aurian auriane aurică auron aurèle aurélia aurélie aurélien aurélienne aurēlija ausilia ausiliatrice austen
  austin austyn auxane auxence avadhesh avantika avar avaz averardo avery aviel avigaëlle avluç avni avoye avram avşar
  awero awesi axeline axelle axenia axinte ayaan ayana ayanda ayaz ayaş aybalta ayban aybars aybeğ aydan aydarkağan
  aydemir aydoğan aydoğdu aydoğmuş ayebatari ayem aygül aygün ayinde ayinke ayize aykal aykan aykağan aykurt aykut
  ayla aylan ayleen aylin ayline ayluç ayluçtarkan ayma aymane aymard aymardine aymen aymeric aymon aymonde aynur
  ayodeji ayodele ayoka ayomide ayomikun ayotude ayoub ayren ayruk aysar ayse aytak aytaç aytekin aytuğ ayushmati
  ayvaz azak azamat azban azeglio azelia azeline azelio azgan azganaz aziz aziza azizhan azmi azra azubuike azélie
  açela açelya açuk aïcha aïda aïdan aïna aïsha aïssa aïssata aïssatou aćim ağabay ağakağan ağalak ağça aīda aļģirds
  aļģis aşan aşanboğa aşantudun aşantuğrul aştaloğul aşuk aŭgustino aŭguĉjo baaba baala baalaaditya baalagopaal
  babacan babacar babasola babatunji babawale babeta babette babila babur badabul badis badr badruk badur bafana
  bafode bagiya bagus bagya baha bahar bahodir bahri bahriddin bahrom bahtiyar bahula bahuraksa bahuwarna bahuwirya
  baidehi baijayanti bajragin bakary bakağul bakda bakhtiyor bakiadi bakianto bakidin bakijan bakiman bakiono bakti
  baktiadi baktianto baktiono bakula balaaditya balachandra baladitya balagopal balagovind balaka balakatay balamani
  balamantri balangga balapati baldassarre balderico baldomero baldovino baldu baldwin balgopal balidin balijan baltar
  baltazar baltur balázs balçar bambang banara banawa banawi bandhu bandhul bangizwe bangu banji bankim bankimchandra
  bankole banu barak baraktöre baran barbarigo barbeğ barbol barbora barboğa barbro barbulsun barchinoy bardomiano
  bargan barkdoğdu barkdoğmuş barkdurdu barkdurmuş barlas barmaklak barnaba barnabe barnabás barnabáš barnabé barno
  barrett barsaba barsbeğ barsboğa barsgan barsimeo barskan barsurungu barthelemy bartholome barthélemy bartimée
  bartolo bartolomea bartolomej bartolomeo bartolomeu bartoloměj bartu barça barçadoğdu barçadoğmuş barçadurdu
  barçadurmuş barçan barçatoyun basademir basanti basanyalavaç basarab basat basile basileo basilisse basma bassiano
  bassilla bastiaan bastian bastiano bastuğrul basu basut bathilde batilda batrak battal battista batu batuhan batuk
  batur baturalp baudouin bayankağan bayançar bayat baybars baybiçen baybora bayboğa baybüre baydar baydemir baydur
  baykal baykara baykoca baykuzu baylee baymünke bayna baynal baypüre bayrak bayram bayraç bayruk baysungur baytara
  baytaş bayunçur bayur bayurku bayutmuş bayuttu bazil bazyli baçara baçman baççayman bağa bağaalp bağan bağatarkan
  bağatengrikağan bağatur bağaturgerey bağaturipi bağatursepi bağaturçigşi bağaşatulu bağdagül bağtaş baņuta başak
  başbuğ başgan başkurt baştar baŭcido beatrice beatrico beatrix beatriz beatrycze beatus beaulah becky bedir bedirhan
  bediz bedran bedreddin bedri bedřich bedřiška begi begil begine begitutuk beglen begni begoyim behiç behlül behram
  behrem behruz behzat behçet bekbekeç beker bekeç bekeçarslan bekeçarslantegin bekeçtegin bekir beklemiş bekmurod
  bektaş bektür belek belemir belgüc belimir belina belinda bellino belma belo beltir beltramo beltun belçim belçir
  bence bendegúz benedek benedicte benedikt benedikta benedita benedykt benett bengi bengt bengü beniamin benice benja
  benjamim benjamín benjámin benli benlidemir bennett bennie benno benoit bente benthe bentley benton benyamin benício
  bera berardo berat berceste berdibeğ berend berendey berenice berenico berenika berginsenge bergü berinay berislav
  berit berkan berkay berke berkin berkiş berkyaruk bermek bernadetta bernadette bernadine bernard bernd berneice
  bernhard bernice bernie berniece bernita beronico bertalan berti bertille bertilo berto bertold bertolda bertoldo
  bertolfo bertram bertrand berva berçin besentegin besim besra bessie betania betemir bethany betina betsy bettie
  bettina bettye beulah beuve beverly beya beyizçi beyrek beyrem beáta beçeapa beçkem beāte beğarslan beğbars
  beğbilgeçikşin beğboğa beğdemir beğdilli beğdurmuş beğkulu beğtaş beğtegin beğtüzün beğçur beňadik beşer beşir
  bhaanumati bhaasvan bhaaswar bhadra bhadrak bhadraksh bhadran bhagavaan bhagirathi bhagvan bhagwanti bhagwati
  bhamini bhanumati bharadwaj bharat bhardwaj bhargava bhargavi bhasvan bhaswar bhaumik bhavani bhaves bheeshma
  bhekimuzi bhekizizwe bhekumbuso bhilangana bhima bhisham bhishma bhoj bhoopat bhoopati bhooshan bhooshit bhramar
  bhudev bhudeva bhupati bhupen bhushan bhushit bhuvanesh bhuvaneshwar biagio bianka bibek bibiana bibianna bibiano
  bibiána bigna bijay bikash bilal bilel bilgebayunçur bilgebeğ bilgekan bilgekağan bilgekutluk bilgekülüçur
  bilgetardu bilgetaçam bilgetegin bilgetonyukuk bilgez bilgeçikşin bilgin bilgiç bilig biligköngülsengün bilik
  biljana bilol bilva bilwa bilâl binafsha binbeği bindir bindo bineta binta bintou birane birgit birgita birgitta
  birgitte birino birjesh birol bisenija biserka bishal bishnu bivoj biçek bjarne bjorn björn bjørn blagica blagoje
  blahomil blahomila blahomír blahomíra blahoslav blahoslava blake blandine blanduzia blanka blažej blažena boaz boban
  bobana bobbi bobbie bobur bodhan bogdan bogdana boglárka bogoljub bohdan bohdana bohuchval bohumil bohumila bohumír
  bohumíra bohun bohuna bohuslav bohuslava bohuš bohuše bohémond bojana bojislava bolatito boldaz boldizsár bolemír
  boleslav boleslava bolmuş bolsun bolun boluwatife bonagiunta bonaldo bonaventura bonavita boncuk bonginkosi bongul
  bongulboğa bonifacio bonifác boran borbála borek boris borislav borislava borivoje borjan borka borko borlukçu
  bornak bortolo borys borçul boróka bosiljka botir botond bouba boubacar bouchard bouchra boyankulu boyd boylabağa
  boylabağatarkan boylakutlutarkan bozan bozbörü bozdoğan bozkurt bozkuş bozok boğa boğaç boğaçuk boļeslavs bořek
  bořislav bořislava bořivoj boško boža božena božetěch božetěcha božica božidar božidara božislav braden bradford
  bradley bradly brady braeden brahmaanand brahmabrata brahmanandam brahmdev brajan brajendra brajesh bram brancaleone
  brando brandt brandyn branimir branimira branimír branimíra branislav branislava branka brankica branko brannon
  branson bratislav bratislava braulio braxton brayan breana breanna breanne brenda brendan brenden brendon brenn
  brenna brennan brennon breno bret brett bria briac brian briana brianne bridget bridgette brielle brieuc brigida
  brigita brigito brigitta brijesh brionna brita britney britt-marie brittany broderick brody bronislav bronislava
  brooke brooklyn broņislavs brunehaut brunehilde brunhilda brunilde bryan bryana bryant bryce brycen brygida bryon
  brájen bucur budak budağ buddhana budhil budimir budimír budislav budivoj budunlu buford buhle bukak bukaktutuk
  bukola bulah bulak bulan bulaçapan buldur bulgak bulmaz bulmuş buluk bulut buluç buluğ buluş bunmi bunsuz burak
  burdette burguçan burhan burhon burkay burnice burslan burulday burulgu burunduk burçak busayo busisiwe butak butuk
  buyan buyandemir buyankara buyançuk buyat buyraç buyruk buyruç buzaç buzaçtutuk buçan buçur buğday buğra
  buğrakarakağan buşulgan byron bystrík bálint bárbara bâki béatrice béla bénédicte béranger bérangère bérard bérénice
  bíborka bögde böge bögü bökde böke bölen bönek bönge börteçine börü börübars börüsengün büdüs büdüstudun bügdüz
  bügdüzemen büge bügü bükdüz büke bükebuyraç bükebuyruç bükey büktegin büküşboğa bülent bümen bünyamin bünül büre
  bürgüt bürkek bürküt bürlük büğübilge bārbala bănel běla błażej břetislav břetislava caden caetana cafer cagak cahid
  cahya cahyadi cahyanto cahyo cahyono caino caitlin caitlyn caius caket cakrabirawa cakrabuana cakrajiya cakrawala
  cakrawangsa calanico caleb calebe caleigh calista calixte callie callisto callum calogera calogero calpurnia calvin
  camden cameron camil camila camilia camille camillien camillo camren camron camryn camylle camélien canalp candace
  candelario candice candra candrakanta canel cangül cankan cannur cansel cansu cantemir cantidio canziano caraka
  caribert carissa carlee carleton carley carli carlie carlijn carloman carlotta carlton carmela carmella carmelo
  carminho carmo carolanne carole carolin caroline carolyn carolyne caronte carponio carrie carroll carson carub cary
  casandra casey casian casiana casilda casimer casimiro casper cassandre cassiano cassidy cassie cassien cassio
  cassiopea cassiopee castille cataleya catalin catarina caterina catharina catharine catherine cathrine cathryn cathy
  catinca catrinel catullo catur caturangga cauã cavid cawisadi cawisono cawuk cayadi cayla cazimir ceasar cecco
  cecelia cecep cecil cecile cecilia cecilie cecilio cecylia cecyliusz cecília cecílie cedric cedrick cedrik cedrin
  celal celasun celestin celestýn celestýna celian celie celil celina celine celinia celso celâleddin cemal cemali
  cemani cemeti cemil cemplunk cengkal cengkir cenk cerasela ceren cesario cevahir cevat ceyda ceyhun ceyla ceylan
  ceylin ceylinaz cezar cezara cezary cezmi chaanakya chaaruchandra chadd chadrick chahine chahinez chaim chaitan
  chakor chakradhar chakravartee chakravarti chakrika chanakya chandak chandan chandani chandi chandini chandira
  chandni chandraayan chandrabhaga chandrabhan chandradev chandrakala chandraketu chandrakin chandramani chandramauli
  chandramohan chandran chandranath chandrani chandraprabha chandraswaroopa chandravati chanel chanelle chantal chapal
  chapala charak charl charlaine charlemagne charlene charli charline charlize charlotta charly charlène charuchandra
  charumati charuvrat charvi chasity chaten chatur chaturaanan chaturbhuj chauncey chayenne chayma chaz chaï chaïma
  cheick cheick-oumar cheikhou chekhouna chelsea chelsey chelsie cherechi cherif cherubino cheryl chesley chet chetan
  chetanaanand cheyanne cheyenne chiaffredo chiamaka chidaakaash chidaatma chidambar chidambaram chidananda childebert
  chilpéric chimamanda chinedu chinmayanand chinmayananda chinyere chiranjeev chiranjeeve chiril chirill chirine
  chisom chitraksh chitrali chitramala chitrangada chizoba chloe chloé chrabroš chraniboj chranibor chranislav
  chranislava chris christa christelle christer christiaan christiana christiane christiano christin christina
  christine christodule christoffer christop christophe christopher chrudoš chrysole chrysostome chukwu chval chyna
  ciaobella cici cihad cihan cihangir cihanşah cilvenaz cindy cino cinthia cinzia ciprian cipriana cipriano cirano
  ciriaco cirilla cirillo cirino ciro citlalli civan claas clarabelle clare clarenzio clarissa clark claud claude
  claudie claudien claudine claudiu claus clavdia clayton clea cleandro clelia clelie clemence clemens clemenzia
  clemmie cleo cleofe cleonico cleophee cleora cleta cletus cleveland clifford clifton climaco clinio clio clodomiro
  clodoveo clorinda clotaire clothilde clotilde cloyd cloé clyde cléa cléandre clélie cléo cléophée cléry coby codrin
  codrina coen cointa coleman colette coline collien collin colmanno colmazio colombano colten colton columbus
  concepción concetta conchita concordio connor conor consolata constanta constantia constantin constantina constança
  constatin coralia coralie coraline corbiniano cordelia cordell cordia cordie corene coreno corentin corentine corina
  corine corinna corinne coriolano cornelia cornelio cornelis corneliu cornelius cornell corrado corrine cortez
  cortney corvin cosima cosimo cosma cosmina costache costantino costanzo costel costin coty coumba coşkun coşkuner
  crawford cremenzio creola crescenzia crescenzio crespignano crispino cristaldo cristea cristin cristián cristobal
  cristofor cristoforo cristopher cristóbal crocefissa cronida crystel csaba csanád csenge csongor ctibor ctibora
  ctirad ctirada ctislav ctislava cullen cumhur cunegonda cuniberto cuzia cvijan cvijetin cydney cynthia cyntie
  cyprien cyprián cyra cyrian cyriaque cyrielle cyril cyrila cyrille cyrine cyrus cyryl cândar cécile cédric célestine
  célia célian célien céline césaire cézar côme cübeyr cüneyt călin cătălin cătălina d'angelo daantje dabiživ dacian
  daciana daciano dacin dadap daevi daevika dafina dafne dagel dagmar dagmara dagmāra dagoberto daiana daija dainuvīte
  daisha daiwik dajana dakota daksha dakshayani daley dalibor dalibora daliborka dalida dalie dalila dalima daliman
  dalimil dalimila dalimin dalimír dalimíra daliono dallin dalmazio damaris damaso damayanti dameon damian damiano
  damien damife damilare damilola damion damir damián damiána damjan damjanka damla damodara damola damu dana danae
  danang dandak dandapaani dandre dane dangelo dani dania danial daniella danielle danielo daniil danijel danijela
  danika danil danila danilo danique daniswara daniël danjuma danka danko dannie danu danuja danuta danuše dany danyka
  danyl daouda daphnee daphney darasimi darby darek daren dariana dariati darie darien darija darijan darimin darina
  darine darinka dario darion darius dariusz darja darko darleen darlene darmaji darman darmana darmanto darnell daron
  darrel darrell darren darrick darrin darrion darron darryl darshwana darsirah dartono daruna daryani daryl dasa
  dashawn dasia dave davey davida davide davin davina davino davion davonte davorin davriya davron davud dawid dawson
  dayaamay dayaananda dayaanidhi dayamayee dayana dayane dayna dayne dayton dağhan deangelo deanna debbie debora
  deborah debra decebal declan dedric dedrick deeksha deenabandhu deepali deepan deepankar deependra deepesh deepika
  deeptanshu deeptendu deeptiman deeptimay deeptimayee deeptimoy deeptimoyee deevakar defne deion dejah dejana dejon
  dejuan delaney delbert delie delilah delinda delmer delores delpha delphia delphine demarcus demario demba demet
  demeter demetra demetria demetrio demetris demetrius demetriusz demilade demiralp demirhan democrito demond
  demostene deneval denisa denise denisz deniz denizalp denny deodata deodato deondre deontae deonte dereck derek
  derick derin deron derviş derya desanka desdemona deshaun deshawn desimir desiree desmond despina dessie destan
  destany destinee destiney devadatt devagya devajyoti devak devan devangana devani devante devasree devdan devesh
  deveshwar devika devonte devran devvrat devyn dewayne dewey dewi dexx dezider dhaanyalakshmi dhana dhanadeepa
  dhanalakshmi dhananjay dhanapati dhanesh dhanpati dhanu dhanvin dhara dharani dharitri dharmaketu dhatri dhruv
  dhyanesh dhyaneshwar diah dian dianna dianne dianora diar diara diarra dicle diclehan dida didem didier didina dieke
  dieudonné dieudonnée dieynaba digambar digambara digdaya dijana dikmen diksha dilafruz dilan dilara dilaver dilay
  dilbar dilberay dildora dildâr dilek diler dilfuza dilhan dillan dillon dilmurod dilnoza dilorom dilrabo dilruba
  dimaz dimitri dimitrii dimitrij dimitrije dimitrina dinakar dinda dinesh dinis dinkar dinu dinç dinçer diocleziano
  diodata diodoro diogene diogo diomede dion dione dionigi dionisio dionizy dionýz dionýzos dior dipa dipali dipankar
  dipendra dipesh diptendu direnç diri dirja ditte-marie ditya divaakar divakar diviš diviška divjot divya diyor
  diyora dizik diána diāna djayden djeneba djenna djibril dluhoš dmitri dmitrii dobrava dobrila dobromil dobromila
  dobromír dobromíra dobroslav dobroslava dochia doda dodato doina doinita dolunay domagoj domenic domenick domenico
  domenik domezio dominic dominik dominika domitille domiziano domnica donalda donaldo donat donatella donatello
  donavon donka donnell donnie donát donáta dorana dorcas doreen dorel dorian doriana doriane doriano dorin dorina
  dorine dorinel dorit dorián dorka dorli dorota dorotea doroteja doroteo dorothea dorothy dorothée dorottya dorris
  dortha dorthe dorthy doru doubrava doubravka doug dounia douwe dovud doyinsola doyle doğan doğanay doğaner doğu
  dragana dragica draginja dragiša dragoje dragojlo dragoljub dragomir dragoslav dragutin drahomil drahomila drahomír
  drahomíra drahoslav drahoslava drahotín drahotína drahoň drahoš drahutin drahuše drajat draupadi draža dražen dren
  drina driss dron drona druina držimir držislav duane duanne dubravka dubravko duccio ducu dudley duduzile duilio
  duje dulari dulina dumisani dumitra dumitrana dumitrita dumitru duncan dunja durdona durga durgeshwari durmuş
  durodola duru dururbunsuz durward dustin duuk duygu dušan dušana dušanka dušica duška duško dwaipayan dwaipayana
  dwayne dwight dyah dylan dylano dyna dzirkstīte dzīle dániel dávid dáša dâver débora dóra döndü dündar dünya dürdane
  dürriye dāgs dārta dāvids dāvis děpold dětmar dětřich earlene earline earnestine easton ebba eberardo ebiere ebin
  ebiowei ebren ebru ebunoluwa ebuzer ecaterina ecclesio ecehan ecem ecevit ecmel ecrin ecvet eddie edelberga edgar
  edgard edgardo edgaro edgars edhem edilberto edison edith editta edmondo edmund edmée edna edoardo edouard eduard
  eduarda eduardo eduards edvard edvarda edvige edvin edvín edvīns edward edwardo edwin edwina edyta edyth edythe
  edīte edžus eefje eekalabya eero eeva effie efim efimia efisio efken eflah efraim efrem efren efrosinia efsun
  eftalya eftimia eftimie egemen egeo egidio eginardo egisto egizia egle egmont egona egīls eileen einar einārs eirik
  eižens ekaaksh ekadant ekaksh ekalavya ekaling ekaparnika ekdant ekeç ekim ekin ekmel ekow ekrem ekundayo eladio
  elaide elaine elakshi elanur elbek elbert eldor eldora eldred eldridge elea eleanor eleanora eleanore eleazar
  elektra eleni elenor elenora eleonora eleonore eleonoro eleonóra elettra eleuterio elfrieda elfrída elfrīda elgin
  eliabeth eliah eliahou elian eliana eliane eliano elias eliasz eliel eliette eliezer elif elifio elijah elimena elin
  elinor elinore eliodoro elion eliona elior eliot eliott elisabet elisabeta elisabeth elisabetta elisaveta elisha
  elita eliza elizabet elizabeto elizaveta elize elizej elizeus elizo eliáš eliška elka elkin ellada ellen-margrethe
  elliot elliott ellsworth elmar elmas elmer elmira elmore elmurod elmārs elmīra elna elnora elnur eloan eloane elodia
  elody eloi eloisa eloise elona elone elora elouan elouise eloy eloá eloïse elpidio elroy elsa elsbeth elsie elti
  eluh elvera elvezio elvia elvie elvina elvino elvira elvire elvis elvíra elvīra elwin elwira elwyn elya elyanora
  elyas elyes elyne elynn elyor elyse elyssa elyès elza elçin elène eléa eléanore eléonore elías elísio elīna elīza
  elżbieta emanoil emanuel emanuela emanuele emanuelly emanuil embuh emced emeka emel emelia emelie emeline emely
  emerich emerson emese emidio emie emiel emil emile emili emilia emilian emilie emilien emilija emilijan emilio
  emilián emily emine emirhan emmalee emmanuel emmanuelle emmelie emmely emmerico emmett emmi emmie emmitt empirio
  empluk emrah emre emrullah emília emílie emīlija emīls enakshi endah enderun endra endrigo enecone engelbert
  enguerrand enid enimia eniola ennio enoch enola enora enrica enrico ensar ensio enteng enyo ephraim ephraïm eracla
  eraclide eraldo eralp erasmo eray erazim erazmus erberk erberto ercan ercolano ercole ercüment erdal erdem erdeni
  erdenikatun erdeniözük erdinç erenia erentüz ergene ergenekatun ergin ergün ergüner erhan eriberto ericka erik erine
  erinç erkki erkâm erkân erling ermanno ermelinda ermen ermenegarda ermenegilda ermenegildo ermete ermilo erminia
  erminio ermīns ernest ernesta ernestina ernestine ernestino ernesto ernestīne erneĉjo erol eron ersilia ersin ertan
  ertenözük ertuğrul ervín ervína ervīns erwan erwann erwin eryn erçin erşan esat esaù esenbike esha eshana eshita
  esin esma esmee esmeray esmira esmée esra estefania estefanía estel estella esterina estevan esther estiawan estiono
  esuperio esupofo eszter etela eterie ethann ethelyn ethem etienne ettie euclide eudes eudochia eudokia eudoksja
  eudora eudoxe eudoxie eufebio eufemia eufemio eufronio eufrosina eufrozina eufrozína eugene eugenie eugenio eugeniu
  eugeniusz eugène eugénia eugénie eula eulah eulalia eulalie eulálie euna eunice eunika euphrasie euridice eurydice
  eusebia eusebie eusebio eusebiu eusebius euseo eustorgio eustosio eustracjusz eusèbe eusébie eutalia eutalio evald
  evaldo evalyn evan evandro evangelina evangeline evanghelina evann evans evarist evaristo evasio evdochia evdokija
  evelien eveliina evelin evelina eveline evelino evelyn evelyne evelína evelīna everardo everett everette evgheni
  evghenia evghenii evidio evodio evran evremondo evren evşen evžen evženie ewald ewan ewatomi ewelina ewell ewen
  ewenn eyal eyiz eylül eymen eyram eytan eythan eyüp eyşan ezechiel ezechiele ezekiel ezequiel ezio ezra ezrak eğrim
  eşref fabia fabian fabiana fabiano fabie fabien fabienne fabijan fabio fabiola fabián fabiána fabiënne fabrice
  fabrizio fabrícia fabrício fadekemi faderera fadime fahrettin fahri fahriddin fahriye fahrünissa faiq faizah falba
  falk famiano famke fanni fannie fantin fantine fanyana farah farangiz fardau farhunnisa farida faris farouk farruh
  faruk farès fasih fathonah fatih fatim fatima fatimata fatimo fatin fatou fatouma fatoumata fatoş faust faustin
  faustina faustine faustino faustýn faustýna favian faye fayen fayenne faysal fayzbek fazilat fazilet fazio fazliddin
  fazullah febe febi febriana febrina feda fedai fedde fedor fedro fehime fehintola fehmi felicie felicien felicián
  feliks felipa felix felton felícia felície femke femm fenja fenna fenne feodor feodora feodosia ferah feramuz
  feramuş feray ferda ferdi ferdinand ferdinanda ferdinando ferdynanda ferenc ferhan ferhat feride feridun feriel
  feriha ferit ferman fermiano fermin fernanda fernando ferruccio ferruh feruza feryel festo fevronia fevzi feyyaz
  feyza feyzullah fiammetta fibikemi fidan fidel fidelie fidelius fidenziano fidenzio fieke fiene fiep fiete figen
  fiifi fikayomi fikret fikri fikriye filemon filibert filiberto filip filipa filipe filipp filippa filippo filiz
  filofteia filomen filomeno filoména filotije fily finlay finley finnja finnley fiodor fiona fionn fiordaliso
  fiorella fiorenza fiorenziano fiorenzo firas firdavs firdevs firmin fitrat fitri fitria fitriani flaminia flavia
  flaviana flaviano flavie flavien flavio flaviu flavius flavián fleano floare floarea flodoard floortje florencia
  florencio florencja florent florentýn florentýna florestan florian floriana floriane floriano florica floridia
  florie florina florine floris florián floy flurin flurina flynn flóra fode folashade folco folu forrest fortunát
  fotih fotima foucauld francette francine francis francisc francisko franciszek franciszka franck francois franka
  frankie františek františka franziska françois françoise fred freda freddie freddy frederic frederica frederick
  frederico frederik frederike frederiko frederique fredrick fredrik fredy freeda freek frenkie freya frida frido
  fridolín fridrich frieda friederike friedrich frontiniano frusina fruzsina fryderyk fráňa frédéric frédérique frída
  frīda fuat fulbert fulberto fulcran fuldem fulden fulgence fulgenzio fulvia fulvio fulya funani funmilade funmilayo
  furio furkan furkân furman furseo fuscolo fuzuli fynn fábio fâlih féba félicie félix füreyya füruzan füsun g'affor
  g'afur g'iyos g'ulom gabe gabi gabin gabino gabriela gabriele gabriella gabrielle gabrielo gabrijela gabriël gada
  gadang gading gaduh gael gaetan gaffar gagan gaglioffo gaia gail gaiman gaio gaja gajaadhar gajabahu gajadhar gajana
  gajbaahu galak galang galar galdino galeazzo galfryd galih galina galiono gallicano galuh galur gaman gamani gamanto
  gambira gamblang gamze ganak ganaka ganapati gandewa gandharv gandharva gandi gandolfo ganep ganesh ganesha gangesh
  gangsa gangsar ganjaran gantar garang gardner garett garfield garik garika garimberto garnett garnier garrett
  garrick garry garud gaspar gaspard gaspare gasti gaston gastono gati gatien gatik gatot gatra gatsha gaudenzia
  gaudenzio gaudino gauraang gaurang gauranga gautam gautama gautami gauthier gautier gautiero gavin gavino gavril
  gavrilo gavxar gawati gayatri gayle gazanfer gazi gaétan gaël gaëlle gaëtan gaïa gašpar gbadebo gbeminiyi gbemisola
  gbolahan gbowoade geanina gedeon gedeone geeta geetanjali gejza gelila gelin gelincik gellért gelsomina geltrude
  gelu genadij gencer genesia genesio genevieve geneviève gennaro genoveffa genoveva genta genziano geoffrey geoffroy
  georg george georgel georges georgeta georgia georgian georgianna georgije georgina georgo geovanni geovanny geovany
  gerald geralda geraldina geraldine gerard gerarda gerardina gerardo gerasim gerasimo gerazim gerazym gerberge
  gerbert gerda geremia gergely gergő gerhard gerharda gerino germán gerolamo geronzio gerrit gerry gerson gertrud
  gertruda gertrude gertrudo gertrúda gervais gervasio gesualdo gevheri ghaliyati ghanaanand ghanashyam ghani
  ghanshyam ghenadi ghenadie ghennadi gheorghe gheorghi gheorghii gheorghina gherardo gherghina gherman ghislain ghita
  giacinta giacinto giacobbe giadero giambattista gian gianbattista giancarlo giandomenico gianfranco gianina gianluca
  gianluigi gianmarco gianmaria gianmario gianna gianni gianpaolo gianpiero gianpietro gianuario giasone gicu gică
  gideon giel gifty gigliola gijs gilang gilberta gilberto gilda gildo giliola gillian gillo gineto ginevra ginewra
  gino gioacchina gioacchino giobbe gioberto gioele gion giona gionata giordano giorgia giorgian giorgiana giosuele
  giosuè giotto giovanna giovanny giove gioventino giovenzio girardo girart giray girija girik girika girindra
  giriraaj giriraj girish girja girolamo gisela gisella gislebert gisselle gisèle gitanjali gitte giuditta giuliano
  giulio giulitta giuseppa giuseppina giustiniano gizela gizem gladyce gladys gleb glenda glenn glenna glennie
  gligorije gobinda godeberta godfrey godiva gojko golda golia golub gomberto gonca gondebaud gondulfo gonerio
  gonsalwy gonthier gontran gonzaga gonzague gonzalo gonçalo gopaal gopal gopee gopi gorakhanatha gorakhnath goran
  gorana goranka gorazd gordan gordon goswamee goswami gothard gottardo gottfried gotum goundo gouranga goutam govinda
  graciela graciliano gracián graciána gracja gradimir grady granville grayce grayson graziana graziano graziella
  gražina greg gregg gregoire gregor gregoria gregorian gregorio gregory greta gretchen greyson grga grgo grgur
  grigore grigori grigorije grimaldo griselda grizelda grover grozdana grzegorz grácie grégoire gréta gualberto
  gualtiero gudakesa gudakesha gudrun gudrīte guenda guendalina guenièvre guerrino guglielmo guiberto guilhem
  guilhemine guilherme guillermina guillermo guiscardo guiseppe gulbaxor gulchexra guljamol guljaxon gulnora gulnoza
  guloy gulsora gulzira gulzoda gumesindo gundelinda gunilla gunnar gunārs gurdev gustav gustava gustave gustavine
  gustavino gustavo gustáv guus guusje guérin gvendolina gvendolína gvozden gwen gwenaëlle gwendoline gwendolyn gwido
  györgy gábor gédéon gérald gérard géraud géza gökalp gökben gökbörü gökmen göknur gökçe gökçegöl gökçen gökçiçek
  gökşin gönenç göngör gönül göran görkem görün gözde gúbio güher gülay gülbahar gülben güldem gülden güldeste gülegen
  gülemen gülen güler gülgün gülhan gülnaz gülpembe gülriz gülsen gülsüm gültekin gülçin gülümser gülşen gümüş günay
  gündoğdu gündoğmuş güner güneş güngör güniz günnur günsel günseli günyaruk günçiçek gürbüz gürcan gürdal gürhan
  gürkan gürol gürsel güven güvenalp güvercin güzey gűnter habbab habib habiba haby hacib hadi hadja hadley hadriel
  hadrien hafi hafid hafsa hafshah hagen hailee hailey hailie hairyanto hajar hakan hakem haleigh haley halie halim
  halima halina halit hallie haluk hamdi hamdullah hami hamid hamidou hamima hamish hamit hammâd hamsini hanae hanaé
  handan hande hanefi hanga hani hanifa hannabel hannah hanne hannele hannes hannu hans hans-peter hans-rudolf
  hans-ulrich hansjörg hanspeter hansruedi hansueli hanuš haralamb haralambie harald hardana hardouin harimurti
  harinakshi harinarayan harita harja harjasa harjaya harjo harley harmon harold haroun harouna haroune harriet
  harrison harsana harsanto harsaya hartaka hartana harun harvey hasan hasano haseki hasibi hasim hasin hasna hassan
  hassane hassie hatem hatip hatouma hattie hattâb hauke havel havla hawa hayali hayat hayati haydar hayden haylee
  hayley haylie hazar hazle haïm haşim haşmet haštal heber heda hedda hedvig hedviga hedvigo hedvika heema heidrun
  heikki heinrich heinz heitor hektoro helene helga helie helin helmut heloise heloísa heloïse helèna helène helēna
  henderson hendra hendri hendrik hendrika hennes henri henrich henrick henrie henrieta henrieto henrietta henriette
  henrik henrike henrique henryk henryka heracleea herberta herluin hermann hermenegildo hermina herminia herminio
  hermiono hermína hermīne hernán hershel herta hertha heru hervé heryanto hesti heřman hicabi hicham hidaya hidde
  hieronim hikmat hikmet hilal hilario hilarion hilarius hilary hilbert hilda hildebert hildegard hillard hillary
  hillel hilma hilmi hilola himadri himani himawan himmet hincmar hipolit hipolito hippolyte hiram hiranmay hiranmaya
  hiranya hişam hlengiwe hobart hojimurod hollie hollis homero homér honorine honorius horace horacio horacy horea
  horia hortensie hortenzia hortenzie horymír horymíra horác hosea hosiyat hostimil hostimila hostimír hostimíra
  hostislav hostislava hostivít houda houston hovard howard howell hoyt hrvoj hrvoje hrvojka hubert huberto hudson
  hugh hugo hugues huguette hulda hulki hulusi humaira humay humberto hunor hurram hurshida hurşit husein husida
  husnida husniya husnora hussein huub huzeyfe hvalimir hvězdoslav hvězdoslava hyacint hyacinta hyman hynek hypolit
  háta hâdi hâlis hâtem håkan håkon hédelin hédi hélie hélier hélio héloïse hélène hüccet hüdayi hüdâvendigâr hülya
  hüma hümayun hümeyra hüner hürkan hüsameddin hüsamettin hüseyin hüsnü hüsrev iacob iacopo iacopone iacov iago iancu
  ianina ianira ianis ianos iaroslav iaroslava iasmina ibidapo ibironke ibodulloh iboja ibou ibrahima ibrani ibrohim
  ibukunoluwa ibun icaro icie icilio idella idir idowu idris idriss idrissa ieremia ifeanyichukwu ifeoluwa ifeoma
  iffar ifora ifunanya iginia iginio igino ignacio ignacy ignatius ignazio ignjat ignác ignácie ignát ignáta igori
  ihsan ihtiyor ikenna ikeoluwa iker ikhidie ikhsan ikin ikrom ilai ilana ilaria ilarie ilarion ilay ilayda ildebrando
  ildefonso ildegarda ildegonda ildika ileana ilene ilenia ilgmārs ilhan iliane ilias ilie ilies ilija ilinca ilinka
  iljana ilko illidio ilmari ilmārs ilona ilsa ilse ilyan ilyana ilyane ilyas ilyass ilyes ilyess ilyos ilyès ilza
  ilzo imad imelda imene imke immanuel imogen imogene imoleoluwa imran imrane imre imrich imron imène inanç inara
  inaya indah indira indra indriķis indro inesa inessa inez ingeborg ingeborga ingmārs ingrid ingrīda ingūna inioluwa
  inkeri innocenty innocenzo inocenc insa intan inyoni inza inès inés inéz inês inës ināra inārs ioan ioana ioanina
  iolanda ionela ionelia ionică ionne iosefina iosif ippocrate ippolito iraida irawati irem iremide irenej ireneo
  ireneus ireneusz ireno ireti iretioluwa irfan iridenta irina irinel irmak irmeli irmina irnanto iroda irsad irvin
  irving irwan irwin iryna irène irēna isaac isabeau isabell isabelly isac isacco isadora isadore isai isaia isaiah
  isaias isak isaure ischirione isee iseoluwa iseult ishaq ishola iside isidor isidora isidore isidoro isioma isisa
  islom ismael ismaele ismail ismaël ismaïl ismaïla ismoil ismérie isobel isolda isom isotta isra israa israel israël
  issac issam issiaka istván itunuoluwa iulian iuliana iuliu iuri iurie iurii iustin iustina iustinian ivah ivana
  ivanka ivanna ivanoe ivančica ivar iven iveta ivetta ivna ivona ivone ivor iván iwan iyabode iyad iyadunni
  iyanuoluwa iyed iyinoluwa izaak izabela izabella izaiah izaiáš izajasz izako izidor izidora izmael izolda izoldo
  izydor izák iľja iŝmaelo i̇brahim i̇clal i̇dil i̇dris i̇ffet i̇hsan i̇hvan i̇kbal i̇keme i̇kiçitoyun i̇krime i̇layda
  i̇lbey i̇lbilge i̇ldike i̇lgegü i̇lham i̇lhami i̇lhan i̇lkay i̇lkben i̇lke i̇lker i̇lknur i̇lksen i̇lkyaz i̇lqar
  i̇lyas i̇mge i̇mran i̇mrem i̇nci i̇nç i̇pek i̇rem i̇rfan i̇rinç i̇rinçköl i̇rtiş i̇smail i̇smet i̇til i̇xtiyar i̇zel
  i̇zzet i̇zzettin jaakko jabal jabari jabulile jace jacek jacey jackeline jackie jacklyn jackson jaclyn jacob jacoba
  jacobo jacqueline jacquelyn jacques jacynthe jadesola jadon jadran jadrana jadranka jadranko jadro jadwiga jadyn
  jaeden jael jaelynn jaeman jagadish jagadisha jagapati jagaraga jagathi jagdeep jagdish jagica jagmeet jahnu jaida
  jaiden jailey jailyn jaiman jaime jaimini jaimy jairo jaivey jaka jakayla jakelino jakob jakobino jakobo jakov jakub
  jakuba jakubina jakubka jaleel jalil jalol jalou jalyn jamaal jamal jamalia jamarcus jamel jameson jamey jamie jamil
  jamir jamiro jamison jammie jamol jamshid jana janae janaína janek janelle janessa janeta janica janice janick janie
  janin janina janine janis janiya janjo janka janko janna jannah janne jannek jannes janni jannie jannik jannis jano
  janosch janusz jany janīna japhet jaquan jaquelin jaqueline jared jaren jari jarmil jarmila jarne jarno jarod
  jarolím jarolíma jaromil jaromír jaromíra jaron jaroslav jaroslava jarrell jarrett jarrod jarvis jarwa jarwadi jarwi
  jasenko jasin jasmani jasmijn jasmina jasmína jasmīna jasna jasněna jason jasoň jassem jassim jasur jaswadi jati
  jatmiko jaunita jautrīte javi javier javlon javohir javon javonte jawad jaxon jaxx jaya jayadi jayce jayda jayde
  jayden jaydon jayeng jaylan jaylano jaylen jaylin jaylinn jaylon jayme jayne jayson jayvano jazlyn jazmyn jazmyne
  jazzlyn jazzlynn jean-baptiste jean-claude jean-daniel jean-jacques jean-louis jean-luc jean-marc jean-marie
  jean-paul jean-pierre jeana jeanie jeanne jeannel jeannie jeannot jedediah jedidiah jefferey jeffery jeffrey jeffry
  jefri jefta jehanne jela jelena jelica jelisaveta jelita jelka jella jelle jelmer jelte jena jenel jenifer jenna
  jennah jennie jennifer jennings jennyfer jenovéfa jens jensen jente jeppe jerad jerald jeramie jeramy jerel jeremi
  jeremiah jeremiasz jeremie jeremiáš jeremy jerguš jermain jermaine jermey jerod jerome jeromy jeroným jerrell jerrod
  jerrold jerzy jerónimo jerôme jesika jesper jessika jesslyn jesslynn jessy jessyca jesús jett jettie jevgeņijs jevon
  jevrosima jewell jezdimir ješa jibril jidde jihane jiljí jillian jimena jimi jimram jinane jinawi jindra jindřich
  jindřiška jinte jinthe jitender jitendra jitka jiřina jiří joachim joah joakim joakimo joan joana joanie joann
  joanne joannie joanny joany joaquim joaquin joaquín joas jocelyn jocelyne jodie jody joel joelina joeline joelle
  joep joesph johan johana johanino johann johanna johanne johano johanĉjo johathan johnathan johnathon johnpaul joko
  jolana jolanda jolanta jolayemi joleen jolien jolijn joline jona jonah jonas jonatan jonatano jonathan jonathon
  jonna jono jonte jonáš joojo joost jordane jordi jordon jordy jordyn jorin joris jorrit jort joscha joschua jose
  josef josefa josefien josefin josefine josefína josep josephin josephine josette joshua joshuah josiah josiane
  josianne josie josip josipa joso josse josselin josua josue josuo josué josy josé joséphine joud jourdain jovan
  jovana jovani jovanka jovanny jovany jovin joyce jozef jozefa jozefino jozefo jozefína jozue joão joël joëlle joĉjo
  joŝiko joško jošt joža jože juanita juda judah judd jude judicaël judita judith judito judson judyta judīte jugoslav
  juha juhani juho jukka jula julan jule julian juliane julianne julide julie julieta julieto juliette juliino
  julijana julika julina julita julius juliusz julián juliána juliëtte jumadi jumagul jumari juna junayd june junius
  junon juraj juri jurre jurģis jusra justeno justin justina justine juston justus justyn justyna justína justýn
  justýna justīne jusuf juul juwan juwon jyoti jyotis jyotsana jáchym jános jázmin jérémie jérémy jérôme jéssica józef
  józefina józsef jörg jörgen jørgen júlia júlio július jürg jānis jāzeps jēkabs jūlija jūlijs jūsma kaan kaarina kaat
  kabil kacey kaci kacie kacper kacung kadem kaden kader kadiatou kadidia kadidiatou kadin kadir kadrican kadriye kady
  kaela kaelyn kagiso kahina kaia kailash kailee kailey kailyn kairav kaitlin kaitlyn kaja kajen kajetán kalea kaleb
  kaleigh kalender kalervo kalevi kaley kalidou kalim kalinda kalinik kalistrat kalle kallie kalpana kalyani kamal
  kamalesh kamaria kambali kamber kamel kamelya kameron kamidin kamil kamile kamilla kamille kamla kamlesh kamol
  kamola kamoliddin kamran kamren kamron kamryn kamuran kanak kanchan kanda kani kania kanishka kannan kannen kanti
  kapgar karaca karahan karak karam karamba karamoko karan karaça kardi kareem karel karelle karen kariane karianne
  karim karima karimah kariman karin karina karine karja karl-emil karl-johan karla karlee karley karli karlie karlijn
  karlo karlotta karmela karmen karmeno karna karol karolann karoliina karolina karoline karolino karolo karolína
  karsa karsana karson karta karthik kartik kartika karunanidhi karya karīna kasandra kasey kashyap kashyapi kasim
  kasiran kasiyah kasián kasper kassandra kassim kastor kasusra katariina katarina katarzyna katarína katelin katell
  katelyn katelynn katerino kateřina katharina katherine katheryn kathleen kathlyn kathrin kathrine kathryn kathryne
  kathy katia katica katie katija katina katja katlyn katlynn kato katrina katrine katryn katrīna kattie katun katy
  kavon kawaca kawaya kawtar kaya kayaalp kaycee kayden kayla kaylah kaylee kayleigh kayley kayli kayliah kaylie
  kaylin kayna kaynak kayode kayra kayun kayça kazanç kazimierz kazimír kazimíra kazkatun kaïna kaïs kağan kašpar
  keagan keano keanu keara keegan keeley keely keenan keerti kees kehinde keira keisha keith keji kekik keklik keleş
  kellen kelley kelli kellie kelsi kelsie kelton kelya kelyan kemal kemalettin kemba kemi kemâl kenan kenari kendall
  kende kendra kendrick kenes kenji kenna kennedi kennedy kenneth kennith kenny kensi kenton kenya kenyatta kenyon
  kenza kenzi kenzie kenzo kenzy keon kepez keramet kerami kerem keremşah keren kerim keshaun keshawn kesme ketsia
  keven kevin kevon kevser keyan keyken keyla keyon keyshawn kezia kezlik keşşaf kgabu khadidiatou khadidja khadija
  khadim khady khalid khanyisile khem khethiwe khoudia khulekani kian kiana kiandra kianna kiano kiara kiarra kiel
  kiera kieran kika kikelomo kilian kilián killian kilyan kimberley kimberly kimi kimo kincső kinga kiné kiran kiraz
  kirilo kirsten kirstin kirti kiyan kjeld kjell klaas klanjo klara klarencjusz klaro klaudia klaudie klaudius
  klaudiusz klaudián klaus klaŭdino klaŭdo klea klemens klement klementina klementino klementyna klementýna kleopatra
  kleopatro kliment klitemnestro klotildo klotylda klára kléber klāra klāvs knuto kobe koby kody koen kofi kojo koko
  kolawole kolby kole koleta koloman kolombín kolombína kolumbán kolumbín kolumbína komil komila komron konrad konrád
  konrāds konstance konstancie konstancja konstantin konstanty konstantyn konstantýn konstantīns konsuela konzuela
  konštantín kopano koralia koray korbin korbinian kordula korede korey korina korinna korkut kornel korneli kornelia
  kornelius korneliusz kornél kornélia kornélie kory kosma kosmas kosta kraig krasava krasomil krasomila krasoslav
  kreuzo krešimir krijn krimhildo krishna krishnadas krishnadasa krista kristen kristi kristian kristie kristiina
  kristijan kristin kristina kristine kristino kristián kristiāna kristiāns kristofer kristoffer kristopher kristy
  kristína kristóf kristýna kristīne krisztián krisztofer krišjānis krišs krištof krsto kruno krunoslav krystal
  krystel krystian krystina krystyna kryšpín kryštof krzysztof ksantipo ksawera ksawery ksenia ksenija ksenofont kubad
  kubat kubilay kubra kubura kuddusi kujoe kumar kumru kumuda kumush kuncara kunhuta kunthara kurnia kurtis kusuma
  kutbettin kuzey kuzman kvetoslava kvido květa květoslav květoslava květoň květoš květuše kwabena kwadwo kwaku kwame
  kwamena kwasi kweku kwesi kwintyn kyan kyano kyara kyla kylee kyleigh kyler kylian kyliann kyllian kyllikki kyra
  kâmil kéba kévin köksal kübra kürşad kārlis křesomysl křišťan laal labuh ladarius ladislao ladislau ladislav
  ladislava ladji laetitia lafayette lahna laia laila laisha lajos laksana lakshman lakshmi lakshmidhar lakshminath
  laksita lale lalie lalita lamar lamberto lamih lamont lanang lancelot lancilotto landolfo landry laney lanfranco
  langgeng lanjar lantar laras larina larisa larissa laron larry larue larysa lascăr lasmanto lasmono lassana laswi
  laszlo latif latifa latife latika latofat latoya laurane laureline lauren laurenc laurence laurencie laurencja
  laurencjusz laurens laurent laurentia laurentiu laurenty laurentyna laurenz lauretta lauri laurian lauriane
  laurianne lauriano laurie laurin laurine laury lauryn laurène lautone lavanya lavern laverna laverne lavina lavinia
  lavinio lavon lavonne lavínia lavīze lawrence lawrencia lawson laxman laxmi layana layanah layla laylo layne laziz
  lazzaro lazăr laëtitia laŭrenco laŭro leana leander leandr leandra leandre leandro leane leann leanna leanne leano
  leart leatha ledion leela leelou leena leendert legawa lehna leif leigh leilani lejla lelah leland lelia lembah
  lemide lempi lemuel lenja lenka lenna lennard lennart lenne lennert lenni lennie lennon lennox lenny lenora lenore
  leny lenya leo-paul leodegar leokádie leola leonard leonardo leonel leonhard leonia leonid leonida leonidas leonie
  leonilda leonio leonis leono leonor leonore leontin leontine leontýn leontýna leontīne leonzio leonīda leonīds
  leopold leopolda leopoldine leopoldo leopoldýna leora leoš leposava lerato leroy lerzan lesana lesley leslie lesly
  lessie lestari leta letha leticie letitia letterio letícia leufroy levana levent levio levke levoslav lewin lexi
  lexus leya leyan leyla leyna leïla leïna lešek liah liam libbie libby liberio libor libora liboria liborio liboslav
  liboslava libuša libuše liběna lică lida lidania lidija lidmila lidya lieke lieuwe lieze liisa lili lili-rose lilia
  lilian liliana liliane lilianna lilie lilien lilith liliya liliána liliāna lilli lillian lilliana lillie lilly lilou
  lilwenn lily-rose lilya lilyan lincoln lindsay lindsey linett linne linnea linnie linnéa linoy linoï lintang linus
  linwood lioara lior liora lirone lisandro lisann lisanne lisbeth liselotte lisette lital litzy liuba liubov liubovi
  liudmila liusea livie livino livio liviu livius liya liyah liyam liyan liyana lizbeth lize lizeth lizz liétald liāna
  ljiljana ljuba ljubica ljubiša ljubomir ljudevit llewellyn lloyd loane lodovica lodovico loek loet lolade london
  longin lonie lonnie lonny lonzo loraine loredana lorelei lorella loren lorena lorenc lorene loreno lorenz lorenza
  loreta loretta lorik lorin lorine lorna lotar lothaire lothar lottie lou-ann lou-anne louan louane louann louay
  loubna louca louis-marie louisa louise louison louka loula louna lounis lourenço louvenia lovisa lovorka lowell
  lowie loyce loïc loïs loïse luan lubin lubomír lubomíra lubor luboslav luboslava luboš lucca luciana luciano lucica
  lucie lucien lucienne lucija lucijan lucile lucilla lucille lucinda lucious lucius lucián luciána lucja lucjan
  lucretia lucrezia lucy lucía ludano ludivine ludivoj ludiše ludmila ludolphe ludomír ludomíra ludoslav ludoslava
  ludovic ludovica ludovico ludovikino ludoviko ludvig ludvika ludvík ludvíka ludwig ludwik ludwika luděk luella luena
  luhung luigi luigia luiz luiza lujza lukas lukhona lukita lukman luko lukrecius lukrécie lukáš lula luluh lulut
  luminita lumír lumíra lungelo lungu lupe lura lurhur lurline lutfan lutfi lutfiya lutfulloh luther luthfi lutibor
  lutobor luuk luus luwar luwes luzie luís luísa luďka luīze lwandle lyan lyana lyda lydia lydie lykke lyla lyle lylia
  lylou lyna lynda lynette lynne lysanne lászló léana léandre léda léna léon léonie léonne léopold léopoldine lévi
  lívia lütfi lütfullah lýdia lýdie lāsma lăcrămioara lība līga līksma līna līva līvija līze lūcija maad maaike maan
  maarit maarten maartje maayane mabel mabelle mabruk macaire macario maccabeo macey maci macie mackenzie mactar macy
  madaline madalyn maddalena maddison maddox madelief madeline madelyn madelynn madhuri madie madilyn madina madisen
  madisyn madita madlaina madleen madlen mady madyson maegan mael maelle maelys maeva maeve mafalda maffeo magali
  magda magdaleno magdaléna maggiorino maguelone maguette mahamadou mahan mahault mahaut mahdi mahe mahendra maher
  mahesa mahesh maheswar mahfud mahir mahmoud mahmud mahmut mahrus mahulena mahzan mahzun mahé maia maica maida maija
  maike maila mailin mailo maimunah maiorico maira maitê maiya majda makan makara makary makayla makenna makenzie
  makhtar makinwa maksim maksimo makso maksud maksym maksymilian malachi malak malco malcolm malek malena malene
  malick malika malinda mališa mallaury mallie mallory malone malou maloxat malthe malti malvina malvino malvína
  malvīne malwina mamadou mamady mamert mamoudou mamour manah manassé mancio mandaakin mandakini mandla mandy manel
  manelle manetto manfred manfredo manfréd mangala mangalya manik manikya manil manilio manisha manjo manjusha manley
  manlio manoah manoj manole manona mansour mansur mansvet manu maphikelela maqsud maram marana marat marc-antoine
  marceau marcela marceli marcelin marcelina marceline marcelino marcell marcelle marcellus marcelo marcelína marcheta
  marcin marcu mardon mareike marek margana margaret margareta margarete margareto margarett margaretta margarette
  margarida margaréta margaux margie margit margita margot margret margrit margrith mariadi mariam mariama mariame
  marian mariane marianna marianne maribel maricarmen maricica marie-ange marie-lou marieke mariela mariella marielle
  mariem marieta marietta marija marijana marijn marika marilena marilie marilou marilu marilyn marilyne marilú
  marinela marinetta marinjo marinko marinus marioara mariola marisa marisol marissa marit marita maritza marius
  marián marième marja marjan marjane marjatta marjorie marjory markika markku marko markus markéta marla marlee
  marleen marlen marlena marlene marley marlie marlies marlon marlène marnie marolo marouane maroš marrit marsha
  marsito marsudi martaka martana martani marteno martha marthe martim martine martti marty martyna martín marut
  maruta marvin marwa marwan marwane marwata marwen marwin maryadi maryam maryann maryanto marylou maryna maryse
  marzia marzio marème maría marína marģers mashxura massamba massimiliano massinissa matei matej mateja mateus
  mateusz matheo matheus mathew mathieu mathijs mathilda mathilde mathis mathurin mathuys mathys mathéo matias matija
  matilde matko matouš matroniano mattea matteo mattheo matthew matthieu matthijs matthis mattia mattias mattis mattéo
  matylda matys matyáš matz matías matúš matěj matīss maude maudie maugis maureen maurice mauricette mauricio maurilio
  maurine maurits maurizio maurycy mavdud mavlon mavluda mawuena mawusi maxbuba maxellende maxence maxens maxfuza
  maxie maximilian maximiliano maximilien maximilián maximillia maximillian maxine maxmilián maxsuma mayane maybell
  maybelle mayeul mayla mayline maylis maymie maynard mayoor mayra maysa mayson mayssa mayte mazbut mazhar mazie
  maélis maël maëlie maëline maëlis maëlle maëly maëlyne maëlys maëva maïly maïlys maïmouna maïna maïssa maïssane
  maïwenn małgorzata maša mašinka mbalienhle mbaye mckayla mckenna mckenzie meagan meaghan medard medardo medea medine
  medoro meena meenakshi megane meggie meghan meghnad meghnath mehdi mehmet mehriban mehtap meik meike meire mekhi
  melani melania melanie melanio melany melchiade melchiorre melda melek melenija melezio melichar melih melike
  melikşah melinda melissa melita melitina mellie mellina melnic melodi meltem melusine melvil melvin melvina melvyn
  melyna melyssa melánia melánie memduh menahem menaka menardo mence mendel menelao menka menno mennone menodora meral
  meredith merete meriam meriem merih merijn meriç merjem merritt mert mertie merve mervin merwan meryam meryem meryl
  messalina mestan mesut metello metin metod metoděj metrofane mevlüt meyra meïssa mečislav mečislava mhambi micael
  micaela micah michaela michal michala michale michalina michaël michał micheal michel michela michelangelo michèle
  mickael mickaël mieke miguel mihael mihaela mihai mihail mihailo mihajlo mihnea mihriban mihály mija mijat mika
  mikael mikaela mikail mikayla mikaïl mikel mikkel mikki mikko miklós mikoláš mikołaj mikuláš milada miladin milana
  milanka milanko mildred mileta milford milhan milica milisav milivoj milić miljan miljana miljenko milka millicent
  milly milojica milomir milorad miloslav miloslava milota milou milouš milovan milovín miloň miloš milred milton
  milutin milutín miluše milán milík milíč mimma minakshi mindy minervina minervino minh minna minodora mioara miodrag
  miomir mirabela mirac miray miraziz miraç mircea mirco mireille mirek mirela mirella mireya miriam miriama miriamo
  mirja mirjam mirjana mirka mirkelam mirkó mirna mirocleto miromil miromila miroslav miroslava mirre mirta mirte
  mirthe mirtil miruna mirziyo misael misaele misbah mischa mislav missouri mitar mitchel mitchell mithat mitică
  mittie miya miĉjo miķelis miša miško mlad mladen mlađana mnata mnislav mnislava mobolaji moctar modibo modou modrīte
  modupe mody mofifoluwa mohamad mohamadou mohamed mohamed-ali mohamed-amine mohammad mohammed mohan mohana mohinder
  mohini mohir mojisola mojisoluwa mojmír mojżesz mojžíš momir momira monaldo monalisa monica monika moniko monique
  monroe monserrat monserrate monvīds moradeke morayo morenike morgana morgane moriah moric moritz morolake morten
  mortimer morton moseo moshe mosinmileoluwa mosunmola mosè motunrayo mouctar mouhamadou mouhamed mouhameth
  mouhammadou moustafa moustapha moxidil moxigul moxina moxinur moxira moyosore mozell mozelle moïra moïsette mořic
  mpho mpilo mpumelelo msizi mstislav mthunzi muammer muattar muaviye muaz muazzam mubina mudīte mufiz mugur mugurel
  muhamado muhammad muhammed muharrem muhsin muhtar muhterem muhteşem muhtor muhyiddin mujur mukadder mukaddes mukesh
  muktedi muktedir muktefi mukul mulya mulyanto mulyono mumpuni munif murat muriel muriela murilo murod mursinin
  mursita musawenkosi muslih mustafa mustafo mustapha mustika mustofa musulmon mutahhar muteber mutemed mutia muttalib
  muyassar muyiwa muzaffar muzaffer muziano myah myla mylan mylene myles mylo mylène myra myriam myrl myrna myron
  myrthe myrtice myrtie myrtil myrtis mája márcia mária mário márk márton mátyás máté médea médoune médéric mégane
  mélanie méline mélisande mélissa mélissandre mércia mérovée mína mónica móric müesser müfid müge müjdat müjde müjgan
  mükerrem mümtaz münevver münir müren müzdad müşir māra mārcis māris mārtiņš mārīte mădălin mădălina mălina mărioara
  măriuca mētra nabil nabila nabin nadalina nadejda nadežda nadia nadine nadzieja nadège naděžda nael naemi nafisa
  nafiz nagabhushanam nahel nahid nahil nahla naim najam najib najla najmiddin najwa nakia nalan nalar nalini namazio
  nand nandi nando naneta naomie naoufal naoufel napoleone naradi narayan narcis narcisa nardi narendra nargiza
  narimon narinder narji narseo narsete nasab nash nasiba nasim nasir nasriddin nasrullah nassim nastja natacha
  natalia natalie natalija natan natanael nataniel natasa natasha nataša nathalie nathan nathanael nathanaël nathanial
  nathaniel nathen natiq natka natália natálie naud naudet naveen navin nawal nawel nawfel naya nayel nayeli nayla
  nazan nazario nazariusz nazary nazif nazim nazmi nazrulloh nazzareno nazzaro naël naëlle naïa naïl naïla naïm naïma
  naïs naďa nađa ndleleni ndondoloza nebojša necat necati necdet nechifor necib necla necmettin neda nedeljko nedim
  nedjeljka nedjeljko nedra neela neeltje nefeli neha nehir neil neiva nejat nejla neklan nela nelda nele nelea neli
  nelia nelio nellea nels nelu nelya nemanja nenad neoma neonila neopolo neoterio nepomuk nerea nereo nergis nermine
  nesa nesim neslişah nesrin nesrine nestore neven nevena nevenka nevin nevio nevra nevzat neyla nezamysl neïla neşet
  nhlakanipho niame nicanor nicarete nicea niceforo niceto nicezio nichifor nicholas nicholaus nichole nicklas
  nicklaus nickolas nicla niclas nicoară nicodemo nicodim nicola nicolae nicolai nicolaie nicolas nicole nicoleen
  nicoleta nicolette nicoline nicolás nicolò nicon nicu niculina nicéphore nida niek niels niels-christian nienke
  nigar nigel nigora nihad nihal nihan nihat nika nikita nikki nikkie nikko niklas niklaus niklāvs niko nikodem
  nikodém nikodéma nikol nikola nikolai nikolao nikolas nikolasz nikoleta nikolina nikolĉjo niké nikša nila nilam
  nilde nilgün nilufar nimakoah nimit nimród nina nineli niniano ninioluwa nino ninthe niouma niraj niranjan nirbhay
  nisa nisan nischal nives niyaga niyazi niyilolawa nizamettin nizar nizom nizomiddin njegomirka nkanyezi nkosenye
  nkosingiphile nkosinhle nkosiyabo nnamdi noam noami noan noar noaĥo nodira noelia noelie noemi noemie noemy nofoto
  noha noham nohan noila nokuthula nola nolan nolann nolen nolhan nolwazi nomvula nonhlanhla nonjabulo nonkululeko
  noor noortje nora norah norbert norberta norberto norene norhane norica norina norris norval norwood nosir nosirjon
  nostriano noud nouha nour noura nourane nouri novak novi noviana nowi nozima nozipho noâm noémi noémie noëlla noëlle
  nqobile nrima nthabiseng ntokozo ntombizodwa nuccia nugraha numan nuno nunziata nural nuran nuray nurbek nurettin
  nurgül nurgün nuri nuria nuriddin nurlan nursel nurseli nurul nurullah nusrat nusratulloh nusret nuša nyah nyana
  nyasia nynke nyoman nándor nátán néhémie nélia nóra núbia núria nükhet něhoslav obid obie obioma oceane octav
  octavian octavio octaviu océane oddone odelia oderico odessa odeta odetta odette odidone odil odilia odilon odolen
  odon odorico odunayo ofelia ofelya ofélia ofélie ognjana ognjen ogooluwa ojaswini ojārs okan okiki oktavie oktavius
  oktavián oktay okto oktávie okşan oladara oladare oladimeji olaf olaide olajumoke olakunle olamide olanrewaju
  olansile olaoluwa olasunmbo olatunbosun olavi olayinka olbram olcay oldrich oldřich oldřiška oleg oleksandr olena
  olesea oleta olga olgica oliga olimpia olimpian olimpio olimpiu olinda olindo olivie oliviera oliviero oliviu olivér
  oliwia oliwier olof ololade olufeyisayo olufunke olufunmi olufunmilayo olumide olumorotimi olusola olutomiwa
  oluwafemi oluwagbemiga oluwakemi oluwamumibori oluwamuyiwa oluwasanmi oluwasegun oluwasemilore oluwaseun oluwaseyi
  oluwatimilehin oluwatobiloba oluwatofunmi oluwatosin oluwatoyosi oluwatumise oluwole oluwunmi olympia olympie olívia
  olīvija omar omari omawunmi ombeline ombline ombretta omobobola omobolanle omodunni omolabake omolara omolola
  omosalewa omotara omotayo omotola omotolani omotoun omowumi ondrej ondřej ondřejka onofrio onome onorina onoriode
  onufry onur oona oormila opan opemipo opeoluwa opeyemi ophelia ophelie ophélie opung oqil orazio orell orenzio
  oreofe orestes orhan oriande oriane orie orietta orif orion orland orlane ornella orpha orrin orsola orsolina
  ortansa ortensia ortensio orville orvokki orzu osbaldo osborne oskar oskari oskaro osman osmondo ostoja osunleke
  osvald osvaldo oswald oswaldo otabek otakar otakara otello othmane otho otilia otilie otmar otokar otomar ottaviano
  ottavio ottilia ottilie ottis otília otýlie otīlija oumar oumayra oumou oury ousmane oussama ovidio ovidiu ovidius
  oxana oybek oyenike oyga oyindamola oyindasola oynur oysha ozan ozana ozanne ozella ozod ozoda ozodbek ozren oğuz
  oğuzhan oļegs oļģerts oľga pablo paciano pacomio pacôme padam padmi paige paiman pakize palmazio palmira palmiro
  pamfil pammachio panagachie pancario pancrazio pandu pangeran pangestu pankracy pankrác pantaleo pantaleone pantelei
  paramartha paramita paraschiva parascovia paride parman parmenio parsival parvati paskal paskala paterniano pathé
  patricie patrik patriko patrizio patroclo patrycja patrycjusz patrycy patryk patrícia patrīcija paul-antoine
  paul-arthur paulica pauliina pauline paulína paulīne pauside pavel pavica pavla pavle pavlina pavlín pavlína pavol
  paweł paxton payidar payton paŭlino pearlie pearline peggie pekka pelaghia pelagia pelagie pelhřim pelin pelinsu
  pelumi pembe penelopa penelope pentti pepijn perceval percival percy perihan perikles perkasa pernilla perran
  perrine perseo persida pertev peruna perver pervin perzida petek petko petr petrana petrică petrija petro petronela
  petronila petronilla petronille petronio petronius petru petruše petteri petula peyami peyton pharell pheobe phila
  philani phileas phileine philemon philibert philine philip philipp philippa philippe phillip philomène philothée
  philou philémon phiwokwakhe phyllis piera pierangelo piergiorgio pierluigi piermarco piero pierre-alain
  pierre-alexandre pierre-antoine pierre-louis pierrick piersilvio pieter piotr pippo piraye pirjo pirkko platone
  platón pleun plinio plutarco polidoro polifemo polikarp polina polissena pollione polykarp polyxena pompilia
  pompiliu pomponio pontus ponziano poornima porfirio porfiriusz porfiry porzia porziano postumio poul praba prabawa
  prabin prabowo prabu prakash prakosa pramila pran pranata pranawa pranay prasad prasanna prascovia prasetya prasetyo
  prashant prassede prathamesh pratiwi pravdan pravdomil pravdomila pravomil pravomila pravoslav pravoslava prayag
  prayitna prayoga prayogo predrag preity prema presley preston prisca priscila priscilla priscille priska prita priya
  priyala procopio profira prokles prokop prokopa prokul proserpina protasio providenci prudenzia prudenzio prvoslav
  publio puji pulchérie puneet pupolo puput purna purnima purushottam purwa purwadi purwanto pushti pusicio puspita
  puti putri putu päivi pécine pélagie pénélope pétronille pārsla pāvils pătru pēteris přemysl přibyslav přibyslava
  qizilgul qobil qori qosim quartilla qudrat quentin quentine querano quincy quinn quintia quintiliano quintilio
  quintino quinton quinty quinziano quinzio quirin quirino quiteria quitterie quiéta rachael rachel rachela rachele
  rachelle rachid raci radan radana radegast radek radeke radenko radha radhost radika radim radimír radimíra radion
  radislav radislava radit raditya radivoj radivoje radiša radka radko radmil radmila radmilo radojka radolfo radomil
  radomila radomir radomír radomíra radosav radoslav radoslava radovan radovana radoš radslava radu radul radvan radúz
  raegan rafael rafaela rafaelo rafaël rafał rafet raffaele raffaella rafid rafila rafiq rageshwari rageswari raharja
  rahayu raheem rahel rahim rahime rahma rahman rahmat rahmawati rahmi rahsaan rahul rahşan raif raihan raimund
  rainald rainaldo rainelda rainhard rainold raisa rajab rajana rajendra rajina rajinder rajiv rajko rajmund rajna
  rajnold rajsa raju rakesh rakita raleigh ralf raluca ramaa ramata ramatoulaye ramazan ramesh rameshwar ramiz ramy
  ramziddin ramziya ramón randal randall randolf randolph ranek rangga raniero ranim ranjan ranjeet ranjit ranolfo
  ranya raoul raphael raphaelle raphaël raphaëlle rapulane raquel rashad rashawn rasheed rasheedah rashid rasifa rasim
  rastislav rastislava ratibor ratih ratimir ratmír ratna raul ravshan rawane raxmatulloh rayane raymond raymonde
  raymundo rayona rayxona rayyan raúl raĥelo raşit raško reagan reanna reba rebecca rebeka rebekah rebekka rebeko
  recep redmond reece refah refet refik regan reggie reghina reginald reginaldo regitze regnārs regolo regína regīna
  reha reilly reinhard reinhold rejan reksa relja remig remigio remilekun remington remus remy remzi renat renata
  renaud renee renette rengin renja renske renzo renát renáta renārs renāte respati respicio ressie restu resûl resül
  retha retno reuben reybaud reyhan reymundo reyna reynold rezzan reşat rhett rhianna rhiannon rhoda rhonda riaan
  ricardo ricario riccarda riccardo richarda richelmo richie richmond richárd rickard rickie ridwan rieke rifat rigard
  rigoberto riitta rike rikke rinaldo rini rino ristana ritesh ritva rivka riyad rizki rizvon ričards robaldo robb
  robbie roberta robertina roberto robi robina robiya robyn rochelle rocío rodan roderick roderik roderyk rodger
  rodiano rodica rodion rodney rodolfo rodoljub rodolphe rodrick rogelio rohan rohana rohit rokhaya rokia roksana
  roland rolande rolfo rollin romee romeu romilda romina romoaldo romola romolo romuald romualdo romul romulus romy
  roméo romāns ronaldo ronan ronja ronke ronny roosevelt rosa-maria rosalee rosalie rosalina rosalind rosalinda
  rosalyn rosamond rosamunda rosana rosanna roselin roseline roselyn rosemarie rosendo rosetta rosita roslyn rosman
  rosmunda rossana rossella rossie rostislav rostislava rotaru rotimi rovena rowena rowland roxana roxane roxanne
  roxelana royce rozalia rozalinda rozamunda rozana rozella rozita roziya rozvita rozália rozálie ruben rubiano rubie
  rubye rubén rudolf rudolfa rudolfina rudolfo rudolfína rudolph rudra rudy rudīte ruedi rufina rufino rufus ruggero
  ruhsar rukhmani rukmin rupert ruperto rupinder ruprecht ruslan ruslana rusman russell rustam ruthe ruthie ruxanda
  ruxandra ruža ružena ružica ryad ryann ryder rylan rylee ryleigh ryley ryszard ráchel régine réjean réjeanne réka
  rémi róbert róza róża röya rúben rükneddin rüya rüçhan rüştü răducu răzvan rūdis rūdolfs rūsiņš rūta růžena saad
  saadat saadi saar saba sabar sabazio sabele saboxat saboxon sabri sabrina sabrine sabryna sabína sabīne sachin sacid
  sada sadar sadberk sadettin sadie sadina sadio sadoqat sadri sadriddin sadullah sadye safa safae saffet saffiro
  saffo safia safiatou safina safira safiya safiétou safo safouan safouane safta safura sagar sahra saida saiful saige
  sakari sakina sakti sakura saladino salif salih salim salimah salimata salimatou saliou sallie saloh salomea
  salomena salomey salomone salomè salomé salomë salsabila salustio salwa salwator saly samandar samantha samed sameer
  samiah samih samim samina samir samira samiya sammie samona samson samsul samu samuela samuele samuelo samukelisiwe
  samuël samy sanaa sanda sandeep sandra sandrine sandro sandu sanele sanem sanford sanjay sanjin sanka sanna sanne
  sanobar sansone santina santosh sanya saodat saphira sarada sarah sarala saraswati sarbello sardor sarina sarisha
  sarita sarmīte saroja sarra sartika sarvar sarvin sarvinoz sascha sasha saskia saskie satish satu saturniano satya
  satyen saulcerīte savanah savaş saverio saveta savi savina savinien savino savion savva saxida saxona sayyora saèr
  saïd saúl saša scarlett scholastika scholastique schuyler scott scotty seamus sebas sebastiaan sebastiana sebastien
  sebastián sebastião sebestian seckou secondiano secondina sedat sedef sedrick sedrik seff sefora seghei segilola
  seher sekinat sekou selahattin selami selcan selda selen selena selene selim selin selina selma selmer selvi selyan
  selçuk selène semenica semih semion semiramide semplicio sempronio semra senay senesio senka senofonte sephora sepp
  seppo septi serafim serafima serafino serafín serafína seraina serap serapione serbülent seren serenus sergei sergej
  sergen sergey serghei sergi sergio sergiu sergiusz sermet serpil sertap sertaç servidio serviliano servác seth
  settar settimio setya seval sevara sevda severiano severin severina severino severín sevgi sevil sevim sevinç sevtap
  seweryn seydou seye seyfettin seyfi seyfullah seynabou seyyit seçil seçkin sfiso shahboz shahobiddin shahriyor
  shahzod shaina shaka shakila shakira shakti shakuntala shalewa shamsiddin shana shane shanel shanelle shani shania
  shanice shanie shaniya shankar shanna shannon shanon shantanu shany sharda shari sharmila shashi shashikala shaun
  shawna shayan shaylee shayma shayna shayne shaï shaïly shaïma shaïna sheela shekoni sheldon shelia shelley shemar
  sheri sheridan sherine sherly sherman sherri sherwood sheryl sherzod shilpa shirel shirine shirisha shirley
  shivakari shobhana shodiyor shresth shresthi shreya shreyashi shridevi shrishti shristi shubha shubhaprada
  shukrulloh shwet shyann shyanne shyrel siana siara sibel sibilla sibongile sibusiso sibyla siddarth siddhartha
  siddhran sidiq sidney sidoine sidon sidonie sidy sidónia siebe siem siep sifiso sigebert sigfrido sigfríd sigismond
  sigismondo sigmund sigrid sigurd sihem sijuade silas silja silje silke siloe silvana silverio silvester silvestr
  silvestro silvia silvian silviana silvie silvija silviu silvius silván silvána silvère simea simen simeon simeona
  simeone simge similoluwa simina simion simisola simonetta simonida simono simão siméon sinan sindisiwe sindre sinem
  sinenhlanhla sinesio sinfronio sinică sinikka siniša sinja sinkler sintia siphephelo siphiwe sipho sireno siricio
  sirine sirineu sirojiddin siré siska sisto sithembiso sixt sixtine sixtus siyanda sizakele sizani siënna sjoerd
  sjors skaidrīte skander skarlet skarleta skye skyla skylar slamet slavek slaven slaviboj slavibor slavica slavka
  slavko slavoboj slavoj slavoljub slavomil slavomila slavomír slavomíra slavěna slađana slobodan slobodanka sloka
  sláva slávek slávka smaranda smeralda smil smiljana smita sname snejana snežana snježana soan sobit soběslav
  soběslava socrate sodiq sofia sofiane sofie sofija sofinjo sofio sofronia sofronie sofía sohan sohane sohib sokhna
  sokrat solal soleh solenn soline solocone solomon solveig solveiga solène somnath somu sondre songül sonia sonja
  sonjo sonya soof sophia sophie soraia sorana soraya soren sorin sorina sosteneo soter sotira souleyman souleymane
  soumaya sowande soňa spano spartaco speranzio spiridon spirydion spytihněv spīdola srboljub sredoje srećko srna
  stacey stacy stancu stanford stanimír stanislao stanislas stanislav stanislava stanisław stanko stanley stanton
  staša stef stefana stefania stefanino stefano steffen stelian steliana steluta stepan stepanida stephaans stephan
  stephania stephanie stephany stephon sterre stevan stevie stig stijn stiliano stina stine stipan stiriaco stjepan
  stojan stojanka stojmír strahinja stribor stuart stáza stéphane stéphanie suat subash subhash subhashini subhasini
  subhi subodh subomi sucheta suci sudeva sue-marie suhrob sujata sukanya sulaymon sulton sumayyah sumeet sumitra
  sunay sune sunita sunniva sunčica suraj surano suresh sururi surya suryakant suryakanta suryakantam susan susanna
  susanne sushant susheel sushil sushma susie suus suyuna suzan suzana suzanne suze suzie suélen svatava svatoboj
  svatobor svatomír svatopluk svatoslav svatoslava svea sveatoslav svebor sven svend svenja sverre svetislav svetlana
  svetolik svetomir svetoslav svetozar svetozár sveva svitlana sviturno svätopluk světla světlana světluše swann
  swapnil swara swarnalata swassane sweta syahrini sybilla sybille syble sydnee sydney sydni sydnie sylvester sylviane
  sylvie sylwester sylwia synne syrine szabolcs szczepan szofi szofia szonja szymon szófia sába sámo sámuel sándor
  sára sáva sânziana sébastien ségolène sékou séléna sérgio séréna séverin séverine sílvia sönke sören søren süheyl
  süleyman tabita tabitha tabris taceddin tacjana taddeo tadeo tadeáš tadija tahir tahlia tahsin taib taide taisia
  taiwo talat talay talha talip talita talya tamino tammaro tammo tamás tamāra tancredi tancrède taner tanguy tania
  tanirika tanju tankred tansu tantri tanushree tanushri tanya tanyeli tapani tarcisio tarik tarkan tarquinia tarsilla
  tarun taryn tasdik tasha tasnim tasnime taswir tatiana tatjana tatum tatyana taufan taufik tavares taya tayfun
  tayler taylor tayyar taziana taziano tazio taïna taïs taťána teagan teea teguh teije tejumola tekin tekinalp tekla
  telchide telemaco telica tellervo temel temidayo temistocle temitope teobald teobaldo teodata teodolinda teodor
  teodora teodorik teodoro teodosia teodosio teodoto teodoz teodozie teofan teofil teofila teogene teohari teoman
  teona terenc terence terencius terencjusz terenzio tereza terezie terezo terrance terrell terrence terrill terézia
  terēze tesifonte tesnim tesnime tess tessie tetiana teudosia teun teunis tevfik tevhid tevin tezcan tezel tezer
  thabisa thad thaddeus thadie thalea thalia thamsanqa thando thanina thaïs thea thelma themba theo theobald theodor
  theodora theodore theodorik theodosie theofan theofil theofila theophane theophile theotime theresa theresia theron
  therèse theunis theuns thiago thibaud thibault thibaut thibert thibo thierno thierry thies thije thijmen thijn thijs
  thilo thirza thobeka thom thorben thore thorge thulani thulisile thurman théa théo théodora théodore théodose
  théophane théophile théophraste thérèse tiago tiana tianna tibaldo tibbe tiber tiberia tiberiu tiberius tibo
  tiburcius tiburzio tichomil tichomír tichon ticone tidiane tieme tiguida tihomir tiina tijana tijmen tijn tijs tilio
  tillman tillmann timbul timea timeo timmothy timmy timofei timoléon timotei timotej timoteo timoteus timothe
  timothee timothée timur timéo tiphaine tiril tirone tirta tirtayasa tirza titien titilayo titilope titin titouan
  titus tizian tiziana tiziano tjark tobia tobias tobiasz tobiloba tobin tobiáš todd todor tohir toki tokunbo tolomeo
  tolulope tolunay toluwalope toluwani toluwanimi tomasa tomaso tomasz tomiloba tomislav tomislava tomke tommie tomori
  tomás tomáš tomáška tonija tonko tonnin tonya tonči tončica torben torbjörn torey torkvát torquato torrance torrey
  torsten toska toyip tracey traci tracy trajan trasea travon tremaine tremayne trenton tressie treva trever trevion
  tricia trilochan trilochana trilok trilokanath trilokesh triloki trisha tristan tristano tristian tristin troels
  trofim trpimir trpko trudie trycia trystan trīne tsabita tsipora tuana tudor tudora tudosia tufan tugay tugiman
  tuhfe tulliano tullio tunahan tunay tunç tunçer tuomas turan turgay turgut turibio turold tushar tussio tutku tuula
  tuulikki tuur tuva tuğba tuğrul tuğtekin tvrtko twan twila tybalt tycho tygo tymeo tymon tymoteusz tyra tyree tyreek
  tyrel tyrell tyrese tyrique tyron tyrone tyshawn tyson táňa tülay tülin tümer türkan türkay türker türkeş tālis
  tālivaldis tālrīts tīna ubaldo ubaydulloh ubertino uchita uchqun udai ueli uffe ufuk ugolina ugolino uguccione uhra
  ujjawal ujjwal ukbe ulberto ulderico ulduz ulfa ulfo ulises ulpiano ulrich ulrico ulrik ulrika ulstano uluthando
  ulvi ulviye ulwazi ulya ulysse umang umar umay umaya umberto umid umidulloh umur umuralp umut undīne unggul unjani
  upendra upik upton uqbaloy urdino urfon uriah uriel uriele urmila ursicio ursino ursmaro ursula ursule ursulo uršula
  uršuľa usame usha usman usmon usyi utama utku uttam uygu uzayr uzbegim uzodimma uğur uģis vadim vagn vahdet vahid
  vahide vahâ vaidehi vaijayanthi vaijayanti vaishnavi vaishno vaishvi vala valburga valdemar valdemara valdemārs
  valentijn valentim valentin valentín valentína valentýn valentýna valentīna valentīns valera valeri valeria
  valeriano valerico valerie valerii valerija valerio valeriu valerián valfredo valfrido vallie valtena valter valtr
  valtteri valère valér valéria valérie valéry valērija valērijs vance vanesa vania vanja vanya varalakshmi varvara
  vasanti vasil vasile vasili vasilica vasilică vasilie vasilina vasilisa vasko vasliddin vasudev vasudeva vasudha
  vasundhara vatroslav vaughn vavrinec vavřinec veaceslav vecdi veceaslav veceslav vedang vedanga vedanshi vedasto
  vedat vedran vedrana veerle vefa vefik vehbi veikko veit velana velaphi velda veleslav veleslava velibor velimir
  velimira velimír velio velislav velislava vella velma velva venance venanzio vencel venceslao venceslas vendel
  vendelín vendelína vendula vendulka venerio veniamin venustiano venuše verda verdiana verecondo verena verenzio
  vergie vergiliu verginia veriana verica veridiana verla verlie vern verner vernon veronika veroniko verulo verónica
  veselinka vesile vesna vespasiano veysel veysi vezio vianney vibeke vicdan vicenta vicente vicki vickie vicky
  victorin vidak vidal vidhur vidhya vidiano vidone vidor vidur vidya vieroslava vieve viggo vigo vijay vijeko
  vijolīte viktor viktoria viktorie viktorin viktoro viktorín viktória vildan vilemína vilfredo vilhelm vilhelmino
  vilhelmo vilhelmīne viliam viliana vilibald viliberto villy vilma vilmar vilmos vilmārs vilém viléma vilĉjo vimal
  vimala viman vinay vincenc vincencie vincent vincenza vincenzo vinciane vindonio vinebaldo vinfrido vinicio vinka
  vinnie vinsen vinz violante violina viorel viorela viorelia viorica virgie virgil virgile virgilio virgiliu virginio
  virgínie virman virone virág visarion viscardo vishnu vishwamitra vissia vitalia vitalico vitalie vitalii vitalina
  vitold vittore vittorio vitus vitória vitālijs vivaldo viviana viviane vivianne viviano vivien vivienne vizbulīte
  višnja vjekoslav vjenceslav vlad vlada vladan vladana vladek vladilena vladimer vladimir vladimira vladimiro
  vladimír vladimíra vladislav vladislava vladivoj vladlen vladlena vlado vladěna vlaicu vlasta vlastimil vlastimila
  vlastimir vlastimír vlastimíra vlastislav vlastislava vlatka vlatko vodingo voicu vojen vojin vojislava vojmil
  vojmír vojmíra vojslav vojslava vojtech vojtěch vojtěška voldemārs volfango volfgang volkan voršila vosil vratislav
  vratislava vratko vreni vrinda vrund vsevolod vujadin vujica vukan vukašin vukica vukota vulmaro vulpiano vuslat
  vusumuzi vyas václav václava vânia víctor víta vítor vítoslav vítězslav vítězslava víťazoslav vēsma věduna věnceslav
  věnceslava věnek věnka věra věroslav věroslava věslava všeboj všebor všerad všeslav wacław wael wahyu waino wakiman
  walenty walentyn walentyna waleran waleria walerian walery walgierz walid wallace walter walton waluyo wandrille
  wanesa wani wannes waqila wardaya wardi warji warley warsa warsita warta washington wasis wassim watson wava wawan
  wawrzyniec waylon waël weldon wendell wendy weronika wesley wessel westley weston whitney wiara wibke widya wiebke
  wiem wiktor wiktoria wilber wilbert wilbur wilburn wiley wilford wilfred wilfredo wilfrid wilfried wilfryd wilhelm
  wilhelmina wilhelmine willa willard willem willi willis wilma wilmer wilson wilton wincenty winda winfield winifred
  winnifred winona winston wira wirda wirginia wisnu wissam wissem witalis wolfgang woodrow wout wouter wulan
  wulandari wuraola wyatt wyman władysław włodzimierz xalima xanana xander xaver xaverie xaverius xavi xavier xavière
  xenie ximena xochitl xzavier xénia xénophon yacine yacouba yadira yael yahya yahyo yakubu yaman yamileth yamina
  yance yango yani yanis yann yanni yannic yannick yannik yannis yaprak yara yarah yaren yaretzi yaron yasemin yasin
  yasmeen yasmin yasmina yasmine yasser yassin yassine yassir yavuz yazid yazmin yaël yaëlle yağmur yaşar yejide yekta
  yelda yeliz yener yenthe yesenia yessenia yessi yetkin yetunde yewande yeşim yfke yibanathi yinthe yiğit ylvi yoan
  yoann yoav yoel yogendra yogesh yoginder yohan yohann yolanda yolande yona yonca yono yoqub yorbek yoro yorqin yosef
  yoshiko yosra yossef yosun youcef youmna youna younes youness younès youp youri yousef yousra youssef youssou
  youssouf youssouph youssoupha yozida yoznur yoël ysaline ysee yseult ysée yulia yuliana yumi yuna yunita yunus yuri
  yusuf yvan yven yves yvette yvonne yüce yücel yüksel yümni zabedeo zabina zabir zaccaria zaccheo zach zachar
  zacharia zachariah zachariasz zacharie zachariáš zachary zachery zaché zackary zackery zadig zaenab zafer zahar
  zaharia zahide zahir zahra zainab zaira zakaria zakariya zakary zakarya zaki zakir zalindra zalán zama zamfir
  zamfira zamir zamira zane zanele zanita zanobi zaria zarije zaur zavida zayd zayn zayneb zayniddin zbislav zbyhněv
  zbyhněva zbyněk zbyslav zbyslava zbyňka zbyšek zbyška zdena zdenka zdenko zdeněk zderad zdeslav zdeslava zdeňka
  zdirad zdislav zdislava zdravko zdík zechariah zefiro zehra zeinab zejnep zekai zekeriyyâ zekiye zelaya zelda zelie
  zeliha zelinda zella zelma zeltīte zena zenaide zenebio zeno zenobia zenobie zenobio zenon zenone zenovia zente
  zenzele zerrin zetico zetta zeyd zeynab zeyneb zeynel zeynep ziad ziedīte zigfrīda zigfrīds zigmārs zigrīda zihnî
  zikmund zilola zina zinaida zinedine zinovia zita zithulele ziva ziver ziya ziyad ziyanda ziyo ziyâd zlata zlatan
  zlatica zlatka zlatko zlatomír zlatomíra zlatuše zobuhle zoey zofia zohid zohir zohra zoia zoie zoila zoja zokir
  zoltan zoltán zora zoran zorana zorina zorka zoroslav zoroslava zosim zosima zosimo zoyir zoéva zrinislav zrinko
  zselyke zsolt zsombor zsófia zubayr zula zulaikha zulfa zulfikar zuxra zuzana zuzanna zvezdana zvonimir zvonimír
  zvonimíra zvonko zyad záboj záviš zâfir zâhit zénó zéphirin zétény zübeyde zübeyr zühal zülal züleyha zülfikâr
  zümrüt zīle ábel ádám ákos ámos ángel ángela ármin áron árón áurea âmir ângelo çaba çabdar çabuş çalapkulu çağan
  çağatay çağdaş çağla çağlar çağlayan çağru çelen çelik çemen çemgen çetin çetinel çetiner çeykün çeşminaz çilay
  çilenti çiler çimen çise çisil çiçek çiçem çiğdem çişem çobulmak çocukbörü çokramayul çolman çolpan çölü édith
  édouard éleuthère élia éliane élias élie élisabeth élisée élodie éloïse élzéar éléna éléonore émeline émeric émile
  émilie émérance émérencie énora éric érica étienne évangéline évariste évelyne évrard ígor íris óscar önder öykü
  özcan özden özer özge özgür özhan özkan özlem özlen öznur ülfet ülgen ülker ülkü ümit ümmiye ümran ünal ünsel ünseli
  üzeyir ādams ādolfs ārija ārijs āris ĉarloto čarna časlav čedomir čeněk čestmír čestmíra čeňka čistoslav čistoslava
  đina đorđe đura đurađ đurda đurica ērika ēriks ēvalds ģederts ģertrūde ģirts ĥimeno īrisa ĵeromo ľubica ľubomír
  ľubomíra ľubor ľuboslav ľuboslava ľuboš ľudmila ľudomil ľudomila ľudovít łazarz łucja łukasz řehoř řehořka şaban
  şadan şahap şahin şahinalp şahsuvar şahsüvar şaiq şakir şamil şarani şayan şebnem şecaeddin şefik şehlevent şehrazat
  şelale şemsi şenay şener şengül şennur şenol şerafettin şeref şerif şermin şevket şevki şevval şeyban şeyda şeyma
  şihab şihabeddin şiir şinasi şule şâfi şükrü šalamoun šalomoun šarlota šavel šebastián šimon šimona štef štefan
  štefánia štěpán štěpána štěpánka šárka šťasta żaneta žakelina žakelína žaneta žanete žanis žanna žarko ždan ždana
  želibor želimír želimíra želislav želislava željka željko želmír želmíra ženija žigmund žitomír žitomíra žitoslav
  žitoslava živa živan živana žofia žofie žubīte
`)
