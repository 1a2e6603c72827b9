# Which words pmpc would take at the cursor; for bash, zsh and fish alike. Plain POSIX awk.
#
#   awk PROGRAM FILE TABLE LISTS QUOTE SKIP WORD...
#
# FILE holds the commands, TABLE is their text where there is no such file; LISTS is the folder of what the workspace's clusters have.
# WORD... are those behind `pmpc`, up to the cursor, without quotes; the last is the one to be completed.
# gawk 5.2 dies of an element that nothing was put into, where it is handed to a function: `""` behind it makes it a text.
# Prints a line for each: the word, a tab, and what it is. The last line says what else may stand there: words, files or folders.
# QUOTE is for bash, which takes a word as it would be typed: \ outside of quotes, ' or " within. SKIP characters of it are typed and stay.
# With - for zsh, what it is is as it is listed, behind the word.
BEGIN {
  OFS = "\t"
  quote = ARGV[4]
  skip = ARGV[5] + 0
  readTable(ARGV[1], ARGV[2])
  lists = ARGV[3]
  readClusters()
  typed = ARGV[ARGC - 1]
  for (at = 6; at < ARGC - 1; at++) take(ARGV[at])
  last = "words"
  complete()
  print last
}

function readTable(file, text,   line, count, lines, at) {
  while ((getline line < file) > 0) {
    takeRow(line)
    count++
  }
  if (count) return
  count = split(text, lines, "\n")
  for (at = 1; at <= count; at++) takeRow(lines[at])
}

# A row of the table: a kind with the kinds that it means, the fields of one, a plugin, a topic, a command, or an argument or flag of the command before.
function takeRow(row,   cells, count, at, name) {
  count = split(row, cells, "\t")
  name = cells[2]
  if (cells[1] == "kind") {
    for (at = 3; at <= count; at++) isOf[name, cells[at]] = 1
    if (name == cells[3] && !(("(single)", name) in isOf)) kinds[++kindCount] = name
  } else if (cells[1] == "field") {
    for (at = 3; at <= count; at++) fields[++fieldCount] = name "\t" cells[at]
  } else if (cells[1] == "plugin") {
    plugins[++pluginCount] = name
  } else if (cells[1] == "topic") {
    about[name] = cells[3]
  } else if (cells[1] == "command") {
    current = name
    known[name] = 1
    if (cells[4] != "") return
    if (cells[3] != "") about[name] = cells[3]
    shown[++shownCount] = name
    for (at = index(name, " "); at > 0; at = nextBlank(name, at)) known[substr(name, 1, at - 1)] = 1
  } else if (cells[1] == "arg") {
    args[current, ++argCount[current]] = row
  } else if (cells[1] == "more") {
    more[current] = 1
  } else if (cells[1] == "flag") {
    flags[current, ++flagCount[current]] = row
    rowOf[current, name] = row
    if (cells[3] != "") rowOf[current, cells[3]] = row
  }
}

function nextBlank(text, at,   further) {
  further = index(substr(text, at + 1), " ")
  return further ? at + further : 0
}

# A word before the cursor.
function take(word,   longer, equals, cells) {
  if (pending != "") {
    split(pending, cells, "\t")
    if (cells[6] == "cluster") choose(word)
    pending = ""
  } else if (word == "--" && !ended) {
    ended = 1
  } else if (!ended && word ~ /^-./) {
    equals = index(word, "=")
    if (word ~ /^--/ && equals) {
      split(rowOf[name, substr(word, 1, equals - 1)], cells, "\t")
      if (cells[6] == "cluster") choose(substr(word, equals + 1))
      word = substr(word, 1, equals - 1)
    } else if (split(rowOf[name, word], cells, "\t") >= 6) {
      pending = rowOf[name, word]
    }
    given[cells[2]] = 1
  } else {
    longer = word
    gsub(":", " ", longer)
    if (name != "") longer = name " " longer
    if (!argument && longer in known) name = longer
    else words[++argument] = word
  }
}

# A cluster that --cluster names.
function choose(cluster) {
  chosen[cluster] = 1
  chosenCount++
}

function complete(   equals, flag, at) {
  equals = index(typed, "=")
  if (pending != "") value(pending, 6, "", typed)
  else if (!ended && typed ~ /^--/ && equals) {
    flag = substr(typed, 1, equals - 1)
    value(rowOf[name, flag] "", 6, flag "=", substr(typed, equals + 1))
  } else if (!ended && typed ~ /^-/) {
    offerFlags()
  } else {
    if (!argument) offerCommands(name, typed)
    at = argument + 1
    if (at > argCount[name] && more[name]) at = argCount[name]
    if ((name, at) in args) value(args[name, at], 2, "", typed)
  }
}

function offerFlags(   at, cells, count) {
  for (at = 1; at <= flagCount[name]; at++) {
    count = split(flags[name, at], cells, "\t")
    if (cells[5] != "" || !(cells[2] in given)) offer(cells[2], typed, "", cells[4] "")
  }
}

# The next words of the commands below a topic.
function offerCommands(topic, prefix,   at, word, rest) {
  for (at = 1; at <= shownCount; at++) {
    rest = shown[at]
    if (topic != "") {
      if (substr(rest, 1, length(topic) + 1) != topic " ") continue
      rest = substr(rest, length(topic) + 2)
    }
    word = rest
    sub(/ .*/, "", word)
    offer(word, prefix, "", about[topic == "" ? word : topic " " word] "")
  }
}

# What an argument or the value of a flag may be: the cell of its row says so, those behind it are words of its own.
function value(row, cell, lead, prefix,   cells, count, at, what) {
  count = split(row, cells, "\t")
  what = cells[cell]
  for (at = cell + 1; at <= count; at++) offer(cells[at], prefix, lead, "")
  if (what == "command") {
    for (at = 1; at <= argument; at++) what = at == 1 ? words[1] : what " " words[at]
    offerCommands(argument ? what : "", prefix)
  } else if (what == "cluster") offerClusters(prefix, lead, "")
  else if (what == "object") offerObjects(prefix, lead)
  else if (what == "open") offerOpen(prefix, lead)
  else if (what == "id") offerIds(words[1], prefix, lead, "", "both", words[1])
  else if (what == "ids") offerIds(words[1], prefix, lead, "", "both")
  else if (what == "field") offerFields(words[1], prefix, lead)
  else if (what == "name") offerIds("guests", prefix, lead, "", "names")
  else if (what == "plugin") {
    for (at = 1; at <= pluginCount; at++) offer(plugins[at], prefix, lead, "")
    last = "files"
  } else if (what == "state") {
    offerClusters(prefix, lead, "")
    last = "files"
  } else if (what == "file" || what == "folder") last = what "s"
  else if (what != "" && what != "-") offerIds(what, prefix, lead, "", "ids")
}

# The columns of the kinds that a word means.
function offerFields(word, prefix, lead,   at, cells) {
  for (at = 1; at <= fieldCount; at++) {
    split(fields[at], cells, "\t")
    if ((word, cells[1]) in isOf) offer(cells[2], prefix, lead, "")
  }
}

function readClusters(   line) {
  while ((getline line < (lists "/clusters")) > 0) clusters[++clusterCount] = line
}

function isCluster(word,   at) {
  for (at = 1; at <= clusterCount; at++) if (clusters[at] == word) return 1
  return 0
}

function offerClusters(prefix, lead, tail,   at) {
  for (at = 1; at <= clusterCount; at++) offer(clusters[at] tail, prefix, lead, "")
}

# The lists of one sort of the clusters that are meant: the one that the word begins with, those of --cluster, or all.
function listsOf(sort, one,   at, isMeant) {
  fileCount = 0
  for (at = 1; at <= clusterCount; at++) {
    isMeant = one != "" ? clusters[at] == one : !chosenCount || clusters[at] in chosen
    if (isMeant) {
      files[++fileCount] = lists "/" clusters[at] "." sort
      meantClusters[fileCount] = clusters[at]
    }
  }
}

# CLUSTER/ at the beginning of the word: takes it off `rest`, and adds it to `base`.
function takeCluster(word,   slash) {
  slash = index(word, "/")
  base = ""
  rest = word
  if (slash < 2 || !isCluster(substr(word, 1, slash - 1))) return ""
  base = substr(word, 1, slash)
  rest = substr(word, slash + 1)
  return substr(word, 1, slash - 1)
}

# vm/100, home/vm/100, 100, web01, local: a part at a time.
function offerObjects(prefix, lead,   cluster, slash, kind, at) {
  cluster = takeCluster(prefix)
  lead = lead base
  slash = index(rest, "/")
  if (slash) {
    kind = substr(rest, 1, slash - 1)
    offerIds(kind, substr(rest, slash + 1), lead kind "/", cluster, "both", kind)
    return
  }
  for (at = 1; at <= kindCount; at++) offer(kinds[at] "/", rest, lead, "")
  if (cluster == "" && clusterCount > 1 && !chosenCount) offerClusters(rest, lead, "/")
  offerIds("guests", rest, lead, cluster, rest ~ /^[0-9]/ ? "both" : "names", "any")
  offerIds("(named)", rest, lead, cluster, "ids", "any")
}

# How many objects each text means, among those of a kind or `any`; a VM and a container with one id in one cluster are one.
function countMeant(among, prefix, cluster,   at, line, cells, mark, object) {
  split("", meant)
  split("", counted)
  listsOf("objects", cluster)
  mark = "\t" prefix
  for (at = 1; at <= fileCount; at++) {
    while ((getline line < files[at]) > 0) {
      if (!index(line, mark)) continue
      split(line, cells, "\t")
      if (!isAmong(cells[1] "", among)) continue
      object = (("guests", cells[1]) in isOf ? "guests" : cells[1]) "/" cells[2] "/" at
      countObject(cells[2] "", object)
      if (cells[3] != "") countObject(cells[3] "", object)
    }
    close(files[at])
  }
}

function countObject(text, object) {
  if ((text, object) in counted) return
  counted[text, object] = 1
  meant[text]++
}

function isAmong(kind, among) {
  if (among == "any") return (("guests", kind) in isOf) || (("(named)", kind) in isOf)
  return kind == among || ((among, kind) in isOf)
}

# What the lists have under the word for a kind, or as a tag and the like: ids and names, only names, or only ids.
# Of ten thousand lines few are wanted: what no line of them can do without is looked for before a line is taken apart.
# Where only one object may be meant, what means several `among` these is left out: their cluster has to be typed first.
function offerIds(word, prefix, lead, cluster, which, among,   at, line, cells, size, mark) {
  split("", meant)
  if (among != "") countMeant(among, prefix, cluster)
  listsOf("objects", cluster)
  size = length(prefix)
  mark = "\t" prefix
  for (at = 1; at <= fileCount; at++) {
    while ((getline line < files[at]) > 0) {
      if (!index(line, mark)) continue
      split(line, cells, "\t")
      if (cells[1] != word && !((word, cells[1]) in isOf)) continue
      if (which != "names" && substr(cells[2], 1, size) == prefix && meant[cells[2]] < 2) offer(cells[2], prefix, lead, cells[3] "")
      if (which != "ids" && cells[3] != "" && substr(cells[3], 1, size) == prefix && meant[cells[3]] < 2)
        offer(cells[3], prefix, lead, cells[1] "/" cells[2])
    }
    close(files[at])
  }
}

# What is open: vm/100, vm/100:config.memory, web01; where nothing is, the word may be the path of a manifest.
# An object that several clusters have is offered with its cluster in front.
function offerOpen(prefix, lead,   cluster, at, line, cells, isOpen, clustersOf, object, front) {
  cluster = takeCluster(prefix)
  lead = lead base
  listsOf("open", cluster)
  if (fileCount > 1) countClusters(clustersOf)
  for (at = 1; at <= fileCount; at++)
    while ((getline line < files[at]) > 0) {
      split(line, cells, "\t")
      isOpen[cells[1]] = 1
      object = cells[1]
      sub(/:.*/, "", object)
      front = clustersOf[object] > 1 ? meantClusters[at] "/" : ""
      offer(front cells[1], rest, lead, cells[2] "")
    }
  if (cluster == "" && !chosenCount && clusterCount > 1) offerClusters(rest, lead, "/")
  if (rest != "" && rest !~ /[\/:]/) offerNamesOf(isOpen, rest, lead, cluster)
  if (!offered) last = "files"
}

# How many of the clusters that are meant have an object, or had it: then it is open. The files are those of what is open, as before.
function countClusters(clustersOf,   at, line, cells, has) {
  for (at = 1; at <= fileCount; at++) {
    while ((getline line < files[at]) > 0) {
      sub(/[:\t].*/, "", line)
      if (!((line, at) in has)) clustersOf[line]++
      has[line, at] = 1
    }
    close(files[at])
  }
  listsOf("objects", "")
  for (at = 1; at <= fileCount; at++) {
    while ((getline line < files[at]) > 0) {
      split(line, cells, "\t")
      line = cells[1] "/" cells[2]
      if (!((line, at) in has)) clustersOf[line]++
      has[line, at] = 1
    }
    close(files[at])
  }
  listsOf("open", "")
}

function offerNamesOf(isOpen, prefix, lead, cluster,   at, line, cells, object) {
  countMeant("any", prefix, cluster)
  for (at = 1; at <= fileCount; at++)
    while ((getline line < files[at]) > 0) {
      split(line, cells, "\t")
      object = cells[1] "/" cells[2]
      if (cells[3] != "" && object in isOpen && meant[cells[3]] < 2) offer(cells[3], prefix, lead, object)
    }
}

function offer(word, prefix, lead, text) {
  if (substr(word, 1, length(prefix)) != prefix || (word in seen)) return
  seen[word] = 1
  offered++
  word = lead word
  if (quote == "") print word, text
  else if (quote == "-") printf (text == "" ? "%s\t%s\n" : "%s\t%-22s -- %s\n"), word, word, text
  else if (quote != "\"" || word !~ /!/) print quoted(substr(word, skip + 1))
}

# All characters are printable ASCII: behind a backslash each is nothing but itself.
function quoted(word) {
  if (quote == "\\") {
    gsub(/[^A-Za-z0-9_.,:\/@%+=-]/, "\\\\&", word)
    return word
  }
  if (quote == "\"") gsub(/["$`\\]/, "\\\\&", word)
  else gsub(/'/, "'\\''", word)
  # readline takes such a quote at either end of a word for the one that begins or ends it all, and then puts none there.
  if (substr(word, 1, 1) == quote) word = quote word
  return substr(word, length(word)) == quote ? word quote : word
}
